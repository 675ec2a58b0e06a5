#!/usr/bin/env bash
# Builds what this machine can of a release, into target/release-files, and tries each file as people get it. Nothing is published.
# The rest is built by .github/workflows/release.yml, in the same way.
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
files="$target/release-files"
host="$(rustc -vV | sed -n 's/^host: //p')"
begin=$SECONDS
say() { echo "release: $* ($((SECONDS - begin)) s)"; }

version="$(node scripts/release.mjs check)"
rm -rf "$files"
mkdir -p "$files"
say "version $version everywhere; building site, npm package, program and wheel"
make --no-print-directory site npm sbom
scripts/wheel.sh release
scripts/wheel.sh sdist
node scripts/release.mjs pack "$host" "$target/release/picklescope" "$files"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C target/site -cf - . | gzip -9n > "$files/picklescope-site.tar.gz"
node scripts/release.mjs site "$files"
cp "$target"/wheels/picklescope-"$version"*.whl "$target"/wheels/picklescope-"$version".tar.gz "$target"/npm/picklescope-*.tgz \
  "$target"/sbom/*.cdx.json "$files"
node scripts/release.mjs sums "$files"
(cd "$files" && sha256sum --check --quiet SHA256SUMS && ls -l)

say "built; trying each file in an empty place"
python3 scripts/try_release.py archive "$files/picklescope-$host.tar.gz"
python3 scripts/try_release.py wheel "$files"
python3 scripts/try_release.py npm "$files" "$target/release/picklescope"
node scripts/try_site.mjs "$files/picklescope-site.tar.gz" "$target/release/picklescope"
mkdir -p "$target/release-sdist"
cp "$files/picklescope-$version.tar.gz" "$target/release-sdist"
CARGO_TARGET_DIR="$target/release-sdist/target" python3 scripts/try_release.py sdist "$target/release-sdist"

if ! command -v docker > /dev/null; then
  say "no container image: docker is not installed"
elif ! docker info > /dev/null 2>&1; then
  say "no container image: docker is installed, but no engine answers"
elif [ ! -d "$(rustc --print sysroot)/lib/rustlib/${host%-gnu}-musl" ]; then
  say "no container image: it holds the static program, and the target ${host%-gnu}-musl is not installed (rustup target add)"
else
  cargo build --locked --release --bin picklescope --target "${host%-gnu}-musl"
  node scripts/release.mjs pack "${host%-gnu}-musl" "$target/${host%-gnu}-musl/release/picklescope" "$target/release-static"
  packages/container/build.sh "$target/release-static"
fi
say "all of it"
