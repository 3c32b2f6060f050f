#!/usr/bin/env bash
# Runs ctest in a build folder. RAVDESS=<corpus> and PARLANDO_GOLDEN=<reference arrays> switch on the tests
# that need them.
#   tools/run_tests.sh BUILD_FOLDER [ctest options]
set -uo pipefail
cd "$(dirname "$0")/.."
build=$1
shift

for name in RAVDESS RAVDESS_48K PARLANDO_GOLDEN; do
  folder=${!name:-}
  if [ -z "$folder" ]; then continue; fi
  if [ ! -d "$folder" ]; then echo "$name=$folder is not a folder" >&2; exit 2; fi
  export "$name=$(realpath "$folder")"
done

ctest --test-dir "$build" --output-on-failure -j "$(tools/jobs.sh)" "$@"
status=$?

skipped=$(grep -a -c '^\[  SKIPPED \] .*ms)$' "$build/Testing/Temporary/LastTest.log" 2>/dev/null)
if [ "${skipped:-0}" -gt 0 ]; then
  echo "$skipped cases inside these tests skipped themselves:"
  grep -a -A1 -E '^\S+\.cpp:[0-9]+: Skipped' "$build/Testing/Temporary/LastTest.log" |
    grep -a -v -e ': Skipped' -e '^--' | sort | uniq -c | sort -rn | head -12
fi
exit $status
