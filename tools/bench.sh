#!/usr/bin/env bash
# Runs every benchmark of a build folder.
#   tools/bench.sh BUILD_FOLDER [options of Google Benchmark]
set -euo pipefail
build=$1
shift
for program in "$build"/bench/bench_*; do
  "$program" "$@"
done
