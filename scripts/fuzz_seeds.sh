#!/usr/bin/env bash
# Makes fuzz/seeds.tar.xz: of the fixtures and of what fuzzing found since (fuzz/corpus), the smallest inputs that still reach
# everything they reach together. Give it the targets whose seeds are to be made again; by default all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
host="$(rustc -vV | sed -n 's/^host: //p')"
binaries="${CARGO_TARGET_DIR:-fuzz/target}/$host/release"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

small() { # folders: files of less than 4 KB
  find "$@" -type f -size -8 ! -name '*.json' ! -name '*.md' ! -name '*.txt'
}

gather() { # target, bytes to put in front (as for printf), folders
  local to="$work/raw/$1" front="$2" number=0
  shift 2
  mkdir -p "$to"
  small "$@" | sort | while read -r file; do
    number=$((number + 1))
    { printf "$front"; cat "$file"; } > "$to/$number"
  done
}

pickles=(tests/samples tests/fixtures/{edge,legacy,hostile,stdlib,real,tables,models,torch,code,joblib,arrays,forecast,benign})
wrapped=(tests/fixtures/{packed,containers,hostile-containers,joblib})
gather document '' "${pickles[@]}"
gather chunked '' "${pickles[@]}"
gather dis '' "${pickles[@]}"
gather containers '' "${wrapped[@]}"
gather bundle '\0\0' "${pickles[@]}" "${wrapped[@]}"
# A card, cells, a statistic, a picture, two exports.
gather protocol '\024\022\0\024\0\0\0\0\004\0\004\026\0\0\027\0\0\0\011\035\0\0' "${pickles[@]}"

mkdir -p "$work/seeds"
[ ! -e fuzz/seeds.tar.xz ] || tar -xJf fuzz/seeds.tar.xz -C "$work/seeds"
for target in ${@:-$(scripts/fuzz.sh list)}; do
  rm -rf "$work/seeds/$target"
  mkdir -p "$work/seeds/$target" "fuzz/corpus/$target"
  "$binaries/$target" -set_cover_merge=1 -use_counters=0 -max_len=2048 -timeout=60 -rss_limit_mb=4096 \
    "$work/seeds/$target" "$work/raw/$target" "fuzz/corpus/$target" 2>&1 | tail -2
done
# The same inputs give the same bytes.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - -C "$work/seeds" . | xz -9e > fuzz/seeds.tar.xz
ls -l fuzz/seeds.tar.xz
