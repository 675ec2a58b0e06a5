#!/usr/bin/env bash
# Writes the fixtures that real libraries wrote, and compares what Picklescope reads with what the libraries load.
#
#   scripts/fixtures.sh write [ENVIRONMENT ...]          regenerate tests/fixtures and tests/samples; packed, joblib and code by
#                                                        gen_packed.py, gen_joblib.py and stored_code.sh, which say how
#   scripts/fixtures.sh compare BINARY [ENVIRONMENT ...] scripts/compare_json.py in every environment
#   scripts/fixtures.sh environment NAME                 make one environment and print its python
#
# The fixtures are committed: nothing of this is needed to build or to test. `compare` needs python3.11 and the network
# the first time: the environments (about 3 GB, 5 minutes on two cores) go to $PICKLESCOPE_TOOLS, by default
# ~/.cache/picklescope. `write` takes a minute after that. Environments `python2` and `torch-1.0` need python2.7,
# `joblib`, `pandas-0.25` and `values-3.6` python3.6, `values-3.7` python3.7, `pandas-1.2`, `pandas-1.3` and `values-3.8`
# python3.8; each is left out where its Python is missing. The environments of torch hold 18 GB together and the files they
# write differ in every run (memory addresses are the keys of the legacy format), so they are made only on demand: `write torch`
# for all of them, or by name.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${PICKLESCOPE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/picklescope}"
all="plain modern classic old containers pandas-0.25 pandas-1.2 pandas-1.3 joblib python2 values values-3.6 values-3.7 values-3.8 libraries"
torch="torch-1.0 torch-1.13 torch-2.2 torch-2.6 torch-2.15"
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

# A generator, `generator:argument`, `generator@VERSION` to run it with that joblib in front of the path, or
# `generator+PACKAGE==VERSION+...` to run it with these.
generators() { # environment
  local libraries="gen_numpy gen_pandas gen_sklearn gen_scipy gen_lens_arrays" files="gen_pandas_files gen_npy gen_tables"
  case "$1" in
    plain) echo gen_stdlib gen_hostile ;;
    modern) echo $libraries gen_networkx gen_code $files gen_joblib_files gen_models gen_errors ;;
    classic) echo $libraries gen_networkx gen_code gen_boosting gen_statsmodels $files gen_models gen_model_boosting gen_errors ;;
    old) echo $libraries $files gen_joblib_files@1.2.0 gen_models gen_model_boosting+xgboost==1.5.2+lightgbm==3.3.5 gen_errors ;;
    containers) echo gen_containers gen_named gen_tables gen_hostile_containers gen_left_over gen_errors ;;
    pandas-0.25) echo gen_tables gen_errors ;;
    pandas-*) echo gen_tables ;;
    values-*) echo gen_values gen_errors ;;
    values) echo gen_values gen_images gen_images+pillow==9.5.0 ;;
    libraries) echo gen_errors ;;
    joblib) echo gen_joblib_files@{0.8.4,0.9.4,0.10.3,0.11,0.13.2,1.1.1} gen_joblib_files:sklearn ;;
    python2) echo gen_python2 gen_npy gen_joblib_files@{0.9.4,0.11} gen_joblib_files:sklearn ;;
    torch-1.13) echo gen_torch gen_torch_nets ;;
    torch-2.2 | torch-2.15) echo gen_torch gen_errors ;;
    torch-2.6) echo gen_torch gen_torch_nets gen_forecast gen_errors ;;
    torch-*) echo gen_torch ;;
    *) fail "no environment called $1 (there are: $all $torch)" ;;
  esac
}

generate() { # environment python generator
  local name="${3%%[@:+]*}" folder="" argument="" packages
  case "$3" in
    *@*)
      folder="$tools/joblib-${3#*@}"
      [ -d "$folder" ] || "$2" -m pip install --quiet --disable-pip-version-check --no-deps --target "$folder" "joblib==${3#*@}" >&2 ;;
    *+*)
      packages="${3#*+}"
      folder="$tools/with-$packages"
      [ -d "$folder" ] || "$2" -m pip install --quiet --disable-pip-version-check --no-deps --target "$folder" ${packages//+/ } >&2 ;;
    *:*) argument="${3#*:}" ;;
  esac
  PICKLESCOPE_ENVIRONMENT="$1" PYTHONPATH="$folder" "$2" "scripts/fixtures/$name.py" $argument
}

environment() { # name; prints the python of it
  local name="$1" python requirements="scripts/fixtures/requirements-$1.txt" folder="$tools/python-$1"
  case "$name" in
    python2 | torch-1.0) python="$(find_python 2.7)" || return 1 ;;
    joblib | pandas-0.25 | values-3.6) python="$(find_python 3.6)" || return 1 ;;
    values-3.7) python="$(find_python 3.7)" || return 1 ;;
    pandas-1.2 | pandas-1.3 | values-3.8) python="$(find_python 3.8)" || return 1 ;;
    *) python="$(find_python 3.11)" || fail "python3.11 is missing: the fixtures and their listings are those of Python 3.11" ;;
  esac
  if [ "$name" = plain ]; then
    echo "$python"
    return
  fi
  if ! cmp -s "$requirements" "$folder/requirements.txt"; then
    say "making the environment $name in $folder"
    rm -rf "$folder"
    case "$name" in
      python2 | torch-1.0) # has no venv
        mkdir -p "$folder/bin"
        "$python" -m pip install --quiet --disable-pip-version-check --target "$folder/lib" -r "$requirements" >&2
        printf '#!/bin/sh\nPYTHONPATH="${PYTHONPATH:+$PYTHONPATH:}"%q exec %q "$@"\n' "$folder/lib" "$python" > "$folder/bin/python"
        chmod +x "$folder/bin/python" ;;
      torch-*) # without triton and whatever else asks for a graphics card's compiler
        "$python" -m venv "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$requirements" >&2 ;;
      *)
        "$python" -m venv "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2 ;;
    esac
    cp "$requirements" "$folder/requirements.txt"
  fi
  echo "$folder/bin/python"
}

export PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
command="${1:-}"
shift || true
case "$command" in
  write)
    names="${*:-$all}"
    [ "$names" != torch ] || names="$torch"
    for name in $names; do
      python="$(environment "$name")" || { say "no Python for $name here: its fixtures stay as they are"; continue; }
      for generator in $(generators "$name"); do
        generate "$name" "$python" "$generator"
      done
    done
    for version in 3.8 3.11 3.13; do
      python="$(find_python "$version")" || { say "no Python $version here: its part of tests/fixtures/stdlib stays as it is"; continue; }
      "$python" scripts/fixtures/gen_stdlib_more.py
    done
    for version in 2.7 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13; do
      python="$(find_python "$version")" || { say "no Python $version here: its rows of tests/fixtures/errors/plain.json stay as they are"; continue; }
      generate plain "$python" gen_errors
    done
    # What loads where, of all files and in each of these environments: when all are written.
    for name in old classic modern; do
      generate "$name" "$(environment "$name")" gen_loads
    done
    python="$(environment plain)"
    "$python" scripts/fixtures/assemble.py
    "$(environment modern)" scripts/fixtures/samples.py
    "$(environment modern)" scripts/fixtures/gen_array_truth.py
    "$(environment modern)" scripts/fixtures/gen_statistics_truth.py
    "$python" scripts/fixtures/listings.py
    "$(environment containers)" scripts/fixtures/members.py
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
  environment) environment "${1:?the name of an environment: $all $torch}" ;;
  *) sed -n '2,15p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
