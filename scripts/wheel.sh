#!/usr/bin/env bash
# Builds the wheel of packages/python: the module for Python 3.9 and later, the command line beside it, a program of its own, and
# the page that `picklescope view` serves.
#
#   scripts/wheel.sh release|dev     into target/wheels; PAGE=none leaves the page out where it was not built
#   scripts/wheel.sh sdist           the source distribution instead, with the page
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${1:?release, dev or sdist}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
maturin="$(scripts/setup.sh maturin)"
folder=$profile
[ "$profile" = dev ] && folder=debug
data=packages/python/picklescope.data

rm -rf "$data"
mkdir -p "$data/scripts" "$data/data/share/picklescope/site"
if [ -f dist/index.html ]; then
  find dist -maxdepth 1 -type f ! -name '*.gz' ! -name '*.br' -exec install -m 644 -t "$data/data/share/picklescope/site" {} +
elif [ "$profile" != dev ] && [ "${PAGE:-}" != none ]; then
  echo "wheel: the page is missing; make dist builds it" >&2
  exit 1
else
  echo "wheel: without the page, so picklescope view needs --site; make dist builds it" >&2
fi

if [ "$profile" = sdist ]; then
  rm -f "$target"/wheels/picklescope-*.tar.gz
  "$maturin" sdist --manifest-path packages/python/Cargo.toml --out "$target/wheels"
  ls -l "$target"/wheels/picklescope-*.tar.gz
  exit 0
fi

cargo build --locked --profile "$profile" --bin picklescope --target-dir "$target"
install -m 755 "$target/$folder/picklescope" "$data/scripts/picklescope"
# What a linker keeps for a debugger is five times the program.
strip "$data/scripts/picklescope" 2>/dev/null || true
rm -f "$target"/wheels/picklescope-*.whl
CARGO_TARGET_DIR="$target" "$maturin" build --locked --quiet --profile "$profile" \
  --manifest-path packages/python/Cargo.toml --out "$target/wheels"
ls -l "$target"/wheels/picklescope-*.whl
