#!/usr/bin/env bash
# Checks that the tests compared as many golden cases as they have to; a case that silently ran no
# comparison must not pass for one that agreed.
#   tools/golden_cases.sh LOG        (LOG: the file that PARLANDO_GOLDEN_LOG named during the tests)
set -euo pipefail
expected=$(grep -v '^#' "$(dirname "$0")/../tests/golden/EXPECTED_CASES")
counted=$(grep -a '^golden-case ' "$1" | sort -u | wc -l)
if [ "$counted" -lt "$expected" ]; then
  echo "golden cases: $counted agreed, $expected have to (tests/golden/EXPECTED_CASES)" >&2
  exit 1
fi
echo "golden cases: $counted agreed, at least $expected have to"
