# Shared by the scripts: what the build needs, and where compiled dependencies are kept.
# Source it from the repository's root.

# Stops, unless the commands that the build calls are there or may be installed.
ensure_system_packages() {
    local missing=()
    command -v cmake >/dev/null || missing+=(cmake)
    command -v make >/dev/null || missing+=(make)
    command -v c++ >/dev/null || missing+=(g++)
    command -v sqlite3 >/dev/null || missing+=(sqlite3)
    if [[ " $* " == *" with-browser "* ]] && [ ! -x "${COMMONGROUND_BROWSER:-/usr/bin/chromium}" ]; then
        missing+=(chromium fonts-dejavu-core)
    fi
    if [[ " $* " == *" with-qgis "* ]] && ! command -v qgis_process >/dev/null; then
        missing+=(qgis python3-qgis)
    fi
    if [[ " $* " == *" with-office "* ]]; then
        command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui libreoffice-impress-nogui)
        command -v pdftotext >/dev/null || missing+=(poppler-utils)
    fi
    if [[ " $* " == *" with-java "* ]] && ! command -v java >/dev/null; then
        missing+=(openjdk-17-jre-headless)
    fi
    if [[ " $* " == *" with-python "* ]]; then
        command -v python3 >/dev/null || missing+=(python3)
        python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    fi
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "missing system packages: ${missing[*]}" >&2
            echo "install them first, on Debian: sudo apt-get install ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "installing system packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

ensure_rust() {
    command -v cargo >/dev/null || PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    if ! command -v cargo >/dev/null; then
        echo "missing: the Rust toolchain (cargo). Install it with rustup, then run this again." >&2
        exit 1
    fi
}

# Third-party crates take minutes to compile: they are kept outside the clone and serve every clone.
use_shared_target_folder() {
    export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/commonground/target}"
    mkdir -p "$CARGO_TARGET_DIR"
}

# The wheel is loaded by Python, never linked to it: a bare machine has no library to link to.
export PYO3_BUILD_EXTENSION_MODULE=1

stage_began=$SECONDS
stage_name=""

# Ends the stage before with its time and begins another.
stage() {
    [ -z "$stage_name" ] || echo "--- $stage_name: $((SECONDS - stage_began)) s"
    stage_name=$1
    stage_began=$SECONDS
    [ -z "$stage_name" ] || printf '\n=== %s\n' "$stage_name"
}
