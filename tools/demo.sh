#!/usr/bin/env bash
# From a corpus to a trained, evaluated model and its report. Stop it at any moment; the same command
# continues, and a finished step costs nothing.
#   make demo       Environment: RAVDESS=<corpus folder>   DEMO_DIR=<where to work> (default demo)
#                   DEMO_KEYS="key=value ...": keys of the training that win over its recipe
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/build/bin
demo=${DEMO_DIR:-demo}
seed=42

bold='' plain=''
if [ -t 2 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
say() { echo "$bold== $*$plain" >&2; }

# Runs one verb; the command that a person would type is shown.
step() {
  say "parlando $*"
  local status=0
  "$bin/parlando" "$@" || status=$?
  if [ $status -eq 0 ]; then return 0; fi
  echo >&2
  case $status in
    85|130|137|143) say "stopped; 'make demo' continues here" ;;
    *) say "this step failed with exit code $status; its own words are above" ;;
  esac
  exit $status
}

corpus_name=ravdess
overrides=()
if [ -n "${RAVDESS:-}" ]; then
  corpus=$RAVDESS
  if [ ! -d "$corpus" ]; then
    echo "demo: RAVDESS=$corpus is not a folder; give the folder that holds the clips of RAVDESS" >&2
    exit 2
  fi
  # Another corpus gets a folder of its own, so that it does not take the place of this one's results.
  corpus_name=ravdess-$(realpath "$corpus" | md5sum | cut -c1-6)
else
  corpus=$demo/ravdess-corpus
  status=0
  if [ ! -e "$demo/.synthetic" ]; then tools/fetch_ravdess.sh "$corpus" || status=$?; fi
  if [ $status -eq 4 ]; then
    mkdir -p "$demo"
    touch "$demo/.synthetic"
  elif [ $status -ne 0 ]; then
    exit $status
  fi
  if [ -e "$demo/.synthetic" ]; then
    corpus_name=synthetic
    corpus=$demo/synthetic-corpus
    # Small batches: the moving statistics of batch norm need some 400 steps to settle.
    overrides=(batch_size=16 epochs=10)
    cat >&2 <<TEXT
$bold
 ****************************************************************************
 *  RAVDESS can't be fetched here: this demo uses a MADE-UP corpus.         *
 *  Its figures show that the programs work and nothing about real voices.  *
 *  For real figures: RAVDESS=<folder of the corpus> make demo              *
 *  (to try the download again: rm $demo/.synthetic; make demo)
 ****************************************************************************
$plain
TEXT
    step synth "$corpus" --clips 720 --seed 1
  fi
fi

work=$demo/$corpus_name
run=$work/run-seed$seed
mkdir -p "$work"
step scan "$corpus" --out "$work/corpus.jsonl"
step preprocess --config configs/preprocess/mel128.yaml --corpus "$corpus" --out "$work/data"
step audit --data "$work/data"
# shellcheck disable=SC2086  # a list of words
step train --config configs/train/mel128.yaml --data "$work/data" --run "$run" --replace seed=$seed \
  "${overrides[@]}" ${DEMO_KEYS:-}
step report "$run" --out "$run/report"

cat <<TEXT

Done.
  report    $run/report/index.html      (open it in a browser)
  model     $run/model/model.safetensors
  result    $run/result.json
  dataset   $work/data                  (HDF5; build/bin/parlando inspect $work/data)

Three commands to try next:
  another seed          build/bin/parlando train --config configs/train/mel128.yaml --data $work/data --run $work/run-seed1 seed=1 ${overrides[*]}
  two processes         mpirun -np 2 build/bin/parlando train --config configs/train/mel128.yaml --data $work/data --run $work/run-mpi ${overrides[*]}
  your own recordings   build/bin/parlando scan <folder of wav or flac clips>
TEXT
