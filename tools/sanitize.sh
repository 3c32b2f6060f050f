#!/usr/bin/env bash
# Builds and runs the unit tests under a sanitizer. Without those of train/: libtorch's wheel is not instrumented
# and has an OpenMP run time that the thread sanitizer takes for races. Its threads are covered all the same: the
# prefetcher, the watchdog, the thread group of micro-shards and ranks over TCP need no libtorch.
#   tools/sanitize.sh asan|tsan JOBS COMPILER
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 jobs=$2 compiler=$3
cmake --preset "$preset" -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
cmake --build "build/$preset" -j "$jobs" --target unit_tests
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp halt_on_error=1 history_size=4"
tools/run_tests.sh "build/$preset" -L unit -LE uninstrumented --timeout 900
