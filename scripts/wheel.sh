#!/usr/bin/env bash
# Builds the wheel of packages/python: the module for Python 3.9 and later, and the command line beside it, a program of its own.
#
#   scripts/wheel.sh release|dev     into target/wheels
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${1:?release or dev}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
maturin="$(scripts/setup.sh maturin)"
folder=$profile
[ "$profile" = dev ] && folder=debug

cargo build --locked --profile "$profile" --bin picklescope --target-dir "$target"
mkdir -p packages/python/picklescope.data/scripts
install -m 755 "$target/$folder/picklescope" packages/python/picklescope.data/scripts/picklescope
# What a linker keeps for a debugger is five times the program.
strip packages/python/picklescope.data/scripts/picklescope 2>/dev/null || true
rm -f "$target"/wheels/picklescope-*.whl
CARGO_TARGET_DIR="$target" "$maturin" build --locked --quiet --profile "$profile" \
  --manifest-path packages/python/Cargo.toml --out "$target/wheels"
ls -l "$target"/wheels/picklescope-*.whl
