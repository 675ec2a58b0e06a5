#!/usr/bin/env bash
# The tests of packages/javascript over the tarball in target/npm, installed into a folder that is made for it.
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
environment="$target/npm/environment"
rm -rf "$environment"
mkdir -p "$environment"
cp packages/javascript/tests/* "$environment"
cd "$environment"
npm ci --silent --no-audit --no-fund
npm install --silent --no-audit --no-fund --no-save "$target"/npm/picklescope-*.tgz
PICKLESCOPE_ROOT="$OLDPWD" PICKLESCOPE="$target/debug/picklescope" node --test --test-concurrency=1 --test-reporter=spec "$@"
