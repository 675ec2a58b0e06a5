#!/bin/sh
# Names the files of the site that Trunk leaves without a hash by their content, and their mentions in index.html, so that
# browsers can keep them; makes remote.html of index.html, and tells the service worker which files there are. Trunk runs it
# (Trunk.toml).
set -eu
cd "$TRUNK_STAGING_DIR"

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -c 1-64
}
digest() {
  sha256 "$1" | cut -c 1-16
}
# named FILE PAGE...: gives a file its name, and pages its mention.
named() {
  name=$1
  named=${name%.*}-$(digest "$name").${name##*.}
  mv "$name" "$named"
  shift
  for page in "$@"; do
    sed "s|\([/=\"]\)$name|\1$named|g" "$page" >"$page.new"
    mv "$page.new" "$page"
  done
}

# The names of the audit are made with the worker's program, which has the name of their file in it.
names=$(grep -ao 'names-[0-9a-f]\{16\}\.lzma' worker_bg.wasm | head -n 1)
cp "$(find "${CARGO_TARGET_DIR:-$TRUNK_SOURCE_DIR/target}/wasm32-unknown-unknown" -path "*/out/$names" | head -n 1)" "$names"
sed "s|names\.lzma|$names|g" index.html >index.html.new
mv index.html.new index.html

for name in boot.js worker.js worker_bg.wasm install.js; do
  named "$name" index.html
done

# remote.html is the page with another policy, a script before boot.js and a question before the first screen.
mv remote.html question.html
sed -e "s|connect-src 'self'|connect-src 'self' https: http:|" \
  -e 's|<title>[^<]*</title>|<title>Open an address — Picklescope</title><meta name="referrer" content="no-referrer">|' \
  -e 's|^<script type="module" fetchpriority="high"|<link rel="stylesheet" href="./remote.css"><script type="module" src="./remote.js?worker=remote_worker.js"></script>&|' \
  -e 's|<div id="app">|<div id="app" hidden>|' -e '/<body>/r question.html' index.html >remote.html
rm question.html
for name in remote.css remote_worker.js remote.js; do
  named "$name" remote.html
done

# Everything that the page may ask for, with its digest; the list's own digest names the version.
{
  echo 'const FILES = {'
  for name in *; do
    case $name in
      sw.js | files | from_file.html) ;;
      *) echo "  \"$name\": \"$(sha256 "$name")\"," ;;
    esac
  done
  echo '};'
} >files
{
  cat files
  echo "const BUILD = \"$(digest files)\";"
  cat sw.js
} >sw.js.new
mv sw.js.new sw.js
rm files
