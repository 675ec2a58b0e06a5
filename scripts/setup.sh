#!/usr/bin/env bash
# Installs what building and testing Picklescope needs, and only what is missing or of another version.
#
#   scripts/setup.sh build     the wasm target, trunk, wasm-bindgen, wasm-opt    (make serve, make dist)
#   scripts/setup.sh test      the above, wasm-pack, Chromium + ChromeDriver, Playwright  (make test)
#   scripts/setup.sh path      print the folders that must be on PATH
#
# Tools go to a per-user cache shared by all checkouts, so nothing installed by hand is overwritten:
# $PICKLESCOPE_TOOLS, by default ~/.cache/picklescope. Tools of the right version on PATH are used as they are.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${PICKLESCOPE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/picklescope}"
wasm_bindgen_version=0.2.130   # must equal the wasm-bindgen in Cargo.lock: the glue format changes between releases
trunk_version=0.21.14          # 0.22 wants a newer rustc than the one this project supports
wasm_pack_version=0.15.0
binaryen_version=132.0.0       # "version_132" in Trunk.toml

if [ "${1:-}" = path ]; then
  echo "$tools/bin:$tools/node_modules/.bin"
  exit 0
fi
export PATH="$tools/bin:$tools/node_modules/.bin:$PATH"

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
elapsed() { echo "$((SECONDS - $1)) s"; }

has_version() { # command, version: is that version on PATH?
  command -v "$1" >/dev/null 2>&1 && "$1" --version 2>/dev/null | grep -qwF "$2"
}

need() { # command, why
  command -v "$1" >/dev/null 2>&1 || fail "$1 is missing: $2"
}

wasm_target() {
  local lib
  lib="$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown"
  [ -d "$lib" ] && return
  need rustup "the wasm32-unknown-unknown target is not installed and only rustup can add it"
  say "adding the wasm32-unknown-unknown target (about 20 s)"
  rustup target add wasm32-unknown-unknown
}

# Each of these is compiled once per machine. Optimising them is not worth the minutes: they wait for the disk and for rustc.
cargo_tool() { # command, crate, version, minutes, [cargo install flags]
  local command="$1" crate="$2" version="$3" minutes="$4" begin=$SECONDS
  shift 4
  has_version "$command" "$version" && return
  say "installing $crate $version into $tools (about $minutes min on two cores, once per machine)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR="$tools/build" \
    cargo install --quiet --force --root "$tools" "$@" --version "$version" "$crate"
  say "$crate $version installed in $(elapsed $begin)"
}

wasm_opt() {
  local begin=$SECONDS
  has_version wasm-opt "version ${binaryen_version%%.*}" && return
  say "installing binaryen $binaryen_version (wasm-opt) from npm into $tools (about 20 s)"
  npm install --silent --no-audit --no-fund --prefix "$tools" "binaryen@$binaryen_version"
  say "binaryen installed in $(elapsed $begin)"
}

browser() {
  local begin=$SECONDS
  if { command -v chromium || command -v google-chrome || command -v chrome; } >/dev/null 2>&1 &&
     command -v chromedriver >/dev/null 2>&1; then
    return
  fi
  command -v apt-get >/dev/null 2>&1 || fail "Chrome or Chromium and the chromedriver of the same version are needed on PATH for the browser tests"
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  say "installing chromium and chromium-driver with apt-get (about 1 min)"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-dejavu-core >/dev/null
  say "chromium installed in $(elapsed $begin)"
}

end_to_end() {
  local begin=$SECONDS
  [ tests/e2e/node_modules/.package-lock.json -nt tests/e2e/package-lock.json ] && return
  say "installing playwright-core and axe-core into tests/e2e/node_modules (about 5 s, no browser download)"
  npm ci --silent --no-audit --no-fund --prefix tests/e2e
  say "end-to-end packages installed in $(elapsed $begin)"
}

build_tools() {
  need cargo "install Rust from https://rustup.rs"
  need npm "install Node 20 or newer"
  wasm_target
  cargo_tool wasm-bindgen wasm-bindgen-cli "$wasm_bindgen_version" 3
  cargo_tool trunk trunk "$trunk_version" 6 --locked
  wasm_opt
}

case "${1:-}" in
  build) build_tools ;;
  test)
    build_tools
    cargo_tool wasm-pack wasm-pack "$wasm_pack_version" 2 --locked
    browser
    end_to_end
    ;;
  *) fail "usage: scripts/setup.sh build | test | path" ;;
esac
rm -rf "$tools/build"
