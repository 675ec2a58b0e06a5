#!/usr/bin/env bash
# Writes the inputs once (target/bench), times the release binary against CPython's pickle.load, opens the same inputs and a
# 200 MB bytes object in the built page, and there finds, steps and scrolls in large ones.
#
#   scripts/bench.sh [arguments of scripts/bench.py]                  about 5 minutes after the builds
#   scripts/bench.sh --slopes [arguments of scripts/bench_slopes.py]  how costs grow with the file, in instructions
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-$(command -v python3.11 || command -v python3)}"
target="${CARGO_TARGET_DIR:-target}"
if [[ "${1:-}" == --slopes ]]; then
    shift
    exec "$python" scripts/bench_slopes.py "$@"
fi
cargo build --release --bin picklescope
"$python" scripts/bench_inputs.py "$target/bench" ints records dict instances blob
PYTHONPATH=scripts "$python" scripts/bench.py --binary "$target/release/picklescope" --inputs "$target/bench" "$@"
echo
echo "The same in Chromium, milliseconds:"
trunk build --release >/dev/null 2>&1
node scripts/bench_page.mjs "$target/bench" ints records dict instances blob
echo
"$python" scripts/bench_inputs.py "$target/bench" strings >/dev/null
node scripts/bench_views.mjs "$target/bench"
