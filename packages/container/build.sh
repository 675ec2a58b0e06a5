#!/usr/bin/env bash
# Builds the container image from archives of a release, tries it, and pushes it when TAG is set.
#
#   packages/container/build.sh FOLDER     with picklescope-{x86_64,aarch64}-unknown-linux-musl.tar.gz, or one of them
#
# To push, TAG (v0.1.0), REPOSITORY (owner/name), ACTOR and TOKEN are needed.
set -euo pipefail
archives="$(cd "${1:?a folder with archives}" && pwd)"
cd "$(dirname "$0")/../.."

context="$(mktemp -d)"
trap 'rm -rf "$context"' EXIT
platforms=()
for machine in amd64:x86_64 arm64:aarch64; do
  archive="$archives/picklescope-${machine#*:}-unknown-linux-musl.tar.gz"
  [ -f "$archive" ] || continue
  mkdir "$context/${machine%:*}"
  tar -xzf "$archive" -C "$context/${machine%:*}"
  platforms+=("linux/${machine%:*}")
done
[ "${#platforms[@]}" -gt 0 ] || { echo "container: no archive of a static program in $archives" >&2; exit 1; }

# Builders before BuildKit do not say for which machine they build.
machine="$(docker version --format '{{.Server.Arch}}')"
docker build --file packages/container/Dockerfile --platform "linux/$machine" --build-arg "TARGETARCH=$machine" \
  --tag picklescope:tried "$context"
python3 scripts/try_release.py program docker run --rm --network none --read-only --volume "$PWD/tests/fixtures:/data:ro" picklescope:tried

[ -n "${TAG:-}" ] || exit 0
image="ghcr.io/$(tr '[:upper:]' '[:lower:]' <<< "$REPOSITORY")"
docker login ghcr.io --username "$ACTOR" --password-stdin <<< "$TOKEN"
docker buildx create --use
docker buildx build --file packages/container/Dockerfile --platform "$(IFS=,; echo "${platforms[*]}")" \
  --provenance mode=max --sbom true --push --tag "$image:${TAG#v}" --tag "$image:latest" "$context"
