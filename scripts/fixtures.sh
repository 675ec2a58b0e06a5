#!/usr/bin/env bash
# Writes the fixtures that real libraries wrote, and compares what Picklescope reads with what the libraries load.
#
#   scripts/fixtures.sh write [ENVIRONMENT ...]          regenerate tests/fixtures/real, legacy, edge, *.json, tests/samples
#   scripts/fixtures.sh compare BINARY [ENVIRONMENT ...] scripts/compare_json.py in every environment
#   scripts/fixtures.sh environment NAME                 make one environment and print its python
#
# The fixtures are committed: nothing of this is needed to build or to test. `compare` needs python3.11 and the network
# the first time: the environments (about 2 GB, 3 minutes on two cores) go to $PICKLESCOPE_TOOLS, by default
# ~/.cache/picklescope. `write` takes half a minute after that. Environment `python2` needs python2.7 and is left out
# without it.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${PICKLESCOPE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/picklescope}"
all="plain modern classic old python2"
say() { printf 'fixtures: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# pyenv's shims exist for versions that are not selected, so asking whether the command exists is not enough.
find_python() { # version
  local candidate
  for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
    if [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  return 1
}

generators() { # environment
  case "$1" in
    plain) echo gen_stdlib ;;
    modern) echo gen_numpy gen_pandas gen_sklearn gen_scipy gen_networkx gen_code ;;
    classic) echo gen_numpy gen_pandas gen_sklearn gen_scipy gen_networkx gen_code gen_boosting gen_statsmodels ;;
    old) echo gen_numpy gen_pandas gen_sklearn gen_scipy ;;
    python2) echo gen_python2 ;;
    *) fail "no environment called $1 (there are: $all)" ;;
  esac
}

environment() { # name; prints the python of it
  local name="$1" python requirements="scripts/fixtures/requirements-$1.txt" folder="$tools/python-$1"
  if [ "$name" = python2 ]; then
    python="$(find_python 2.7)" || return 1
    if ! cmp -s "$requirements" "$folder/requirements.txt"; then
      say "making the environment $name in $folder"
      rm -rf "$folder"
      mkdir -p "$folder/bin"
      "$python" -m pip install --quiet --disable-pip-version-check --target "$folder/lib" -r "$requirements" >&2
      printf '#!/bin/sh\nPYTHONPATH=%q exec %q "$@"\n' "$folder/lib" "$python" > "$folder/bin/python"
      chmod +x "$folder/bin/python"
      cp "$requirements" "$folder/requirements.txt"
    fi
    echo "$folder/bin/python"
    return
  fi
  python="$(find_python 3.11)" || fail "python3.11 is missing: the fixtures and their listings are those of Python 3.11"
  if [ "$name" = plain ]; then
    echo "$python"
    return
  fi
  if ! cmp -s "$requirements" "$folder/requirements.txt"; then
    say "making the environment $name in $folder"
    rm -rf "$folder"
    "$python" -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2
    cp "$requirements" "$folder/requirements.txt"
  fi
  echo "$folder/bin/python"
}

export PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
command="${1:-}"
shift || true
case "$command" in
  write)
    for name in ${*:-$all}; do
      python="$(environment "$name")" || { say "no python2.7 here: the python2 fixtures stay as they are"; continue; }
      for generator in $(generators "$name"); do
        PICKLESCOPE_ENVIRONMENT="$name" "$python" "scripts/fixtures/$generator.py"
      done
    done
    python="$(environment plain)"
    "$python" scripts/fixtures/assemble.py
    "$(environment modern)" scripts/fixtures/samples.py
    "$(environment modern)" scripts/fixtures/gen_array_truth.py
    "$python" scripts/fixtures/listings.py
    ;;
  compare)
    binary="${1:?the picklescope binary to compare with}"
    shift
    status=0
    for name in ${*:-plain modern classic old}; do
      "$(environment "$name")" scripts/compare_json.py "$binary" --environment "$name" || status=1
    done
    exit $status
    ;;
  environment) environment "${1:?the name of an environment: $all}" ;;
  *) sed -n '2,12p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
