#!/usr/bin/env bash
# Runs a fuzz target on the stable compiler: libFuzzer through libfuzzer-sys, with the coverage that LLVM puts in.
#
#   scripts/fuzz.sh build                        builds the targets
#   scripts/fuzz.sh run TARGET SECONDS [FLAGS]   goes on from fuzz/corpus/TARGET, which begins with the seeds
#   scripts/fuzz.sh list                         names the targets
#
# A find is kept in fuzz/artifacts/TARGET. There is no address sanitizer: it needs a nightly compiler, and this project has
# no unsafe code.
set -euo pipefail
cd "$(dirname "$0")/.."

host="$(rustc -vV | sed -n 's/^host: //p')"
target="${CARGO_TARGET_DIR:-fuzz/target}"

flags() {
  printf '%s ' --cfg=fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
    -Cllvm-args=-sanitizer-coverage-{level=4,inline-8bit-counters,pc-table,trace-compares} \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0
}

build() {
  # With --target the flags are not for build scripts, which have no libFuzzer to report to.
  RUSTFLAGS="$(flags)" cargo build --quiet --locked --release --manifest-path fuzz/Cargo.toml \
    --target "$host" --target-dir "$target"
}

seeds() { # target: unpacks the committed inputs where there are none yet
  mkdir -p "fuzz/corpus/$1" "fuzz/artifacts/$1"
  [ -n "$(ls -A "fuzz/corpus/$1")" ] || tar -xJf fuzz/seeds.tar.xz -C fuzz/corpus "./$1"
}

case "${1:-}" in
  build) build ;;
  list) ls fuzz/fuzz_targets | sed 's/\.rs$//' ;;
  run)
    name="$2" seconds="$3"
    shift 3
    build
    seeds "$name"
    exec "$target/$host/release/$name" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=4096 \
      -dict=fuzz/pickle.dict -artifact_prefix="fuzz/artifacts/$name/" -print_final_stats=1 "$@" "fuzz/corpus/$name"
    ;;
  *) echo "usage: scripts/fuzz.sh build | list | run TARGET SECONDS [FLAGS]" >&2; exit 1 ;;
esac
