#!/usr/bin/env bash
# Builds the cuda preset, runs every test that wants a GPU and writes what came of it, with the machine, the
# driver and the versions, to a report. Ends with the tests' exit code.
#   tests/gpu/run_all.sh [REPORT]          default: build/cuda/gpu-report.txt
set -uo pipefail
cd "$(dirname "$0")/../.."
report=${1:-build/cuda/gpu-report.txt}

make cuda || exit 1
{
  date -u
  git describe --always --dirty 2>/dev/null
  nvidia-smi 2>&1 || echo "no NVIDIA driver on this machine"
  build/cuda/bin/parlando-doctor
} >"$report"
ctest --test-dir build/cuda -L gpu --output-on-failure --verbose >>"$report" 2>&1
status=$?
echo "exit code $status" >>"$report"
grep -a -E '^(  )?[0-9]+: (\[  (SKIPPED|FAILED|PASSED) |.*Skipped)|tests passed|exit code' "$report"
echo "report: $report"
exit $status
