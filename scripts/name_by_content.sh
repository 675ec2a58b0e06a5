#!/bin/sh
# Names the files of the site that Trunk leaves without a hash by their content, and their mentions in index.html, so that
# browsers can keep them. Trunk runs it (Trunk.toml).
set -eu
cd "$TRUNK_STAGING_DIR"

digest() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -c 1-16
}

# The names of the audit are made with the worker's program, which has the name of their file in it.
names=$(grep -ao 'names-[0-9a-f]\{16\}\.lzma' worker_bg.wasm | head -n 1)
cp "$(find "${CARGO_TARGET_DIR:-$TRUNK_SOURCE_DIR/target}/wasm32-unknown-unknown" -path "*/out/$names" | head -n 1)" "$names"
sed "s|names\.lzma|$names|g" index.html >index.html.new
mv index.html.new index.html

for name in boot.js worker.js worker_bg.wasm; do
  named=${name%.*}-$(digest "$name").${name##*.}
  mv "$name" "$named"
  sed "s|$name|$named|g" index.html >index.html.new
  mv index.html.new index.html
done
