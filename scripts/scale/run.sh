#!/usr/bin/env bash
# `make scale`: picklescope.scan over generated files on Spark and Ray Data, on this machine. Needs Java 17 or newer and Python
# 3.11 or newer; installs half a gigabyte from the Python index into target/scale, once.
#
#   scripts/scale/run.sh [COUNT]     10000 files when nothing is said
set -euo pipefail
cd "$(dirname "$0")/../.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
environment="$target/scale/environment"
pip() { "$environment/bin/pip" --quiet --disable-pip-version-check "$@"; }

command -v java >/dev/null 2>&1 || { echo "scale: java is missing: Spark runs on it (Debian: openjdk-17-jre-headless)" >&2; exit 1; }
ls "$target"/wheels/picklescope-*.whl >/dev/null 2>&1 || { echo "scale: no wheel in $target/wheels; make wheel" >&2; exit 1; }
if ! cmp -s scripts/scale/requirements.txt "$environment/requirements.txt"; then
  echo "scale: installing Spark and Ray into $environment (about 2 min)" >&2
  rm -rf "$environment"
  python3 -m venv "$environment"
  pip install --require-hashes -r scripts/scale/requirements-build.txt
  pip install --require-hashes --no-build-isolation -r scripts/scale/requirements.txt
  cp scripts/scale/requirements.txt "$environment/requirements.txt"
fi
pip install --force-reinstall --no-deps "$target"/wheels/picklescope-*.whl
# Spark's workers are this Python and none that happens to be on PATH.
export PYSPARK_PYTHON="$environment/bin/python" PYSPARK_DRIVER_PYTHON="$environment/bin/python" SPARK_LOCAL_IP=127.0.0.1
exec "$environment/bin/python" scripts/scale/run.py "$target/scale/run" "${1:-10000}" "$environment/bin/picklescope"
