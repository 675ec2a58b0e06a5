#!/usr/bin/env bash
# Builds the site from two clones of this commit, in folders of different names and depth, and compares every byte. Nothing is
# shared between the builds but the tools and the sources of the dependencies. Takes twice as long as `make dist` from nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
[ -z "$(git status --porcelain --untracked-files=no)" ] || echo "note: what is not committed is not looked at"

for folder in one another/folder/deeper; do
  git clone --quiet --no-hardlinks . "$work/$folder"
  echo "building in $folder"
  env -u CARGO_TARGET_DIR make --silent -C "$work/$folder" dist > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
done

sums() { (cd "$work/$1/dist" && find . -type f | sort | xargs sha256sum); }
sums one > "$work/sums"
cat "$work/sums"
if ! diff "$work/sums" <(sums another/folder/deeper); then
  echo "the two builds differ" >&2
  exit 1
fi
# A path in a message would differ on other machines, too.
if grep -rlF -e "$work" -e "${CARGO_HOME:-$HOME/.cargo}" "$work/one/dist"; then
  echo "these files name folders of the machine that built them" >&2
  exit 1
fi
echo "$(wc -l < "$work/sums") files, the same bytes twice"
