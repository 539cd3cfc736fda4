#!/usr/bin/env bash
# commonground beside its peers on the same graph: `COMMONGROUND_DATA=... bash benches/peers/run.sh [GRAPH ...]`, where a graph
# is porto-alegre (the default), porto or florida.
# PEERS names fewer of them: igraph's tables need 8 GB on the largest graph.
# PYTHON is an interpreter that has commonground; each peer gets an environment of its own in PEERS_CACHE.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
cache=${PEERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/commonground/peers}
graphs=("${@:-porto-alegre}")
read -ra peers <<<"${PEERS:-scipy networkx igraph pandana routingkit_cch}"

if [ -z "${COMMONGROUND_DATA:-}" ]; then
    echo "COMMONGROUND_DATA is not set: there is no city to ask about" >&2
    exit 1
fi
if ! "$python" -c "import commonground"; then
    echo "$python has no commonground: build the wheel and install it, or name another interpreter in PYTHON" >&2
    exit 1
fi

mkdir -p "$cache"
installed=()
for peer in "${peers[@]}"; do
    environment=$cache/$peer
    [ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
    install=("$environment/bin/python" -m pip install --quiet --disable-pip-version-check)
    if "${install[@]}" numpy "$peer" 2>"$cache/$peer.log"; then
        installed+=("$peer=$environment/bin/python")
    else
        reason=$(grep -m 1 ERROR "$cache/$peer.log" || tail -n 1 "$cache/$peer.log")
        echo "$peer CANNOT BE INSTALLED and is left out: $reason" >&2
    fi
done
for graph in "${graphs[@]}"; do "$python" "$here/compare.py" "$cache" "$graph" "${installed[@]}"; done
