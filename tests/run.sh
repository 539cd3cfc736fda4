#!/usr/bin/env bash
# All tests: format, lints, Rust, Python, examples, the report in a browser. Real cities are read from COMMONGROUND_DATA where it is set.
# Usage: bash tests/run.sh [everything]     everything: also the documentation, partitions on Apache Spark, briefings in LibreOffice,
#        and the plugin in a real QGIS
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
everything=
[ "${1:-}" = everything ] && everything="with-qgis with-java with-office"
ensure_system_packages with-python with-browser $everything
ensure_rust
use_shared_target_folder
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${COMMONGROUND_DATA:-}" ]; then
    echo "COMMONGROUND_DATA is not set: TESTS ON REAL CITIES ARE SKIPPED"
fi

stage "format"
cargo fmt --all --check

# One selection of packages, one profile and one compiler throughout, so that nothing is compiled twice; clippy looks on
# whenever the workspace is compiled.
stage "build and lint"
cargo clippy --version
RUSTC_WORKSPACE_WRAPPER=$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver)
export RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS="-Dwarnings"
cargo build --locked --release --workspace --all-targets

stage "Rust tests"
cargo test --locked --release --workspace --lib --bins --tests --benches -- --quiet
cargo test --locked --release --package commonground --package commonground-python --doc -- --quiet

stage "a crate that links the router alone, without reading files"
cargo build --locked --release --package links-the-library
"$CARGO_TARGET_DIR/release/links-the-library"

stage "Rust examples"
for example in examples/*.rs; do
    name=$(basename "$example" .rs)
    [ "$name" = make_millbrook ] && continue # its own test runs it
    echo "- $name"
    (cd "$work" && "$CARGO_TARGET_DIR/release/examples/$name" "$OLDPWD/data/millbrook" >"$work/$name.txt")
    tail -n 3 "$work/$name.txt"
done

stage "quickstart"
bash examples/quickstart.sh "$work/quickstart" >"$work/quickstart.txt"
tail -n 3 "$work/quickstart.txt"

stage "Python wheel"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "maturin>=1.9.4,<2"
# With the features of the tests, so that the library is not compiled again.
"$work/venv/bin/maturin" build --locked --release --manifest-path python/Cargo.toml --features commonground/default --out "$work/wheels" --quiet
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "$(ls "$work"/wheels/*.whl)[test]"

stage "Python examples"
for example in examples/*.py; do
    echo "- $(basename "$example")"
    (cd "$work" && "$work/venv/bin/python" "$OLDPWD/$example" "$OLDPWD/data/millbrook" >"$work/example.txt")
    tail -n 3 "$work/example.txt"
done

stage "Python tests"
export COMMONGROUND_PROGRAM="$CARGO_TARGET_DIR/release/commonground"
"$work/venv/bin/python" -m pytest -q tests/python

stage "the report in a browser"
"$work/venv/bin/python" -m pytest -q tests/browser

if [ -n "$everything" ]; then
    stage "the documentation"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$(ls "$work"/wheels/*.whl)[docs]"
    "$work/venv/bin/sphinx-build" -q -W --keep-going docs "$work/docs" 2>&1 | { grep -v "IPKernelApp" || true; }
    # A page of the reference that documents nothing builds without a warning.
    grep -q 'id="commonground.access.gravity"' "$work/docs/reference/generated/commonground.access.html"

    stage "partitions on Apache Spark"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$(ls "$work"/wheels/*.whl)[spark]"
    "$work/venv/bin/python" -m pytest -q tests/spark

    stage "briefings in LibreOffice"
    "$work/venv/bin/python" -m pytest -q tests/office

    stage "the plugin in QGIS"
    "$work/venv/bin/python" -m pytest -q tests/qgis
fi
stage ""
echo "all tests passed in $SECONDS s"
