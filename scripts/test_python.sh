#!/usr/bin/env bash
# The tests of packages/python over the wheel in target/wheels, installed into an environment that is made for it.
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
environment="$target/python/environment"
rm -rf "$environment"
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -r packages/python/tests/requirements.txt "$target"/wheels/picklescope-*.whl
# From elsewhere, so that the package that is imported is the one from the wheel.
tests="$PWD/packages/python/tests"
cd "$target/python"
"$environment/bin/python" -m pytest -q -p no:cacheprovider --rootdir "$tests" "$tests" "$@"
