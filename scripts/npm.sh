#!/usr/bin/env bash
# Builds the npm package of packages/javascript: one WebAssembly module, its entries for Node and for browsers, its types.
#
#   scripts/npm.sh release|dev     into target/npm/picklescope-VERSION.tgz
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${1:?release or dev}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
folder=$profile
[ "$profile" = dev ] && folder=debug
package="$target/npm/package"

# A fault is said with its place, as in the page; where this checkout lies is nobody's business.
RUSTFLAGS="--remap-path-prefix=$PWD=picklescope --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" \
  cargo build --locked --profile "$profile" --target wasm32-unknown-unknown \
  --manifest-path packages/javascript/Cargo.toml --target-dir "$target/javascript"
rm -rf "$package"
mkdir -p "$package"
wasm-bindgen --target web --no-typescript --out-dir "$package/wasm" --out-name picklescope \
  "$target/javascript/wasm32-unknown-unknown/$folder/picklescope_javascript.wasm"
if [ "$profile" = release ]; then
  module="$package/wasm/picklescope_bg.wasm"
  wasm-opt -Os --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
    --enable-reference-types --enable-multivalue "$module" -o "$module.small"
  mv "$module.small" "$module"
fi
cp packages/javascript/js/* packages/javascript/package.json packages/javascript/README.md LICENSE-MIT LICENSE-APACHE "$package"
rm -f "$target"/npm/picklescope-*.tgz
npm pack --silent --pack-destination "$target/npm" "$package" >/dev/null
ls -l "$target"/npm/picklescope-*.tgz
