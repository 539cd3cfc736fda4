#!/usr/bin/env bash
# Scores the neighbourhoods of Monaco from the data that comes with the library.
# Usage: bash examples/quickstart.sh [FOLDER FOR THE RESULTS]
set -euo pipefail
out=$(realpath -m "${1:-out/monaco}")
cd "$(dirname "$0")/.."
. .ci/setup.sh
ensure_system_packages
ensure_rust
use_shared_target_folder
echo "building (about twelve minutes the first time, on two cores) ..."
cargo build --locked --release --workspace --bin commonground
"$CARGO_TARGET_DIR/release/commonground" assess data/monaco --out "$out"
echo
echo "The results are in $out:"
ls -1 "$out"
echo "Open neighbourhoods.geojson in QGIS, or read summary.md."
