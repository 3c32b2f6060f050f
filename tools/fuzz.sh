#!/usr/bin/env bash
# Builds the fuzz targets with clang and gives each so many inputs. They begin with tests/fuzz/corpus; what they
# find on the way stays in build/fuzz/corpus. An input that is a finding is written to build/fuzz/findings and
# ends the run with its trace; build/fuzz/bin/fuzz_TARGET FILE shows it again.
#   tools/fuzz.sh JOBS [INPUTS [TARGET...]]      FUZZ_SEED=N repeats a run (default: of the clock)
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1 inputs=${2:-1000000}
shift $(($# > 1 ? 2 : 1))
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then targets=(decode manifest config shard); fi

cmake --preset fuzz >/dev/null
cmake --build build/fuzz -j "$jobs" --target fuzz_targets >build/fuzz/build.log 2>&1 || { cat build/fuzz/build.log >&2; exit 1; }
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
mkdir -p build/fuzz/findings
for target in "${targets[@]}"; do
  grown=build/fuzz/corpus/$target
  seeds=("tests/fuzz/corpus/$target")
  if [ "$target" = config ]; then seeds+=(configs/preprocess); fi
  mkdir -p "$grown"
  log=build/fuzz/$target.log
  if ! "build/fuzz/bin/fuzz_$target" -runs="$inputs" -seed="${FUZZ_SEED:-$(date +%s)}" -max_len=40000 -timeout=20 \
    -rss_limit_mb=2048 -artifact_prefix="build/fuzz/findings/$target-" "$grown" "${seeds[@]}" >"$log" 2>&1; then
    echo "fuzz: $target has a finding; $log ends with:" >&2
    tail -40 "$log" >&2
    exit 1
  fi
  echo "fuzz: $target is clean after $(sed -n 's/^Done \([0-9]* runs in [0-9]* second(s)\)$/\1/p' "$log" | tail -1)"
done
