#!/usr/bin/env bash
# Checks the format of every C++ file, then runs clang-tidy on all of them (LINT_BASE=all, the default), on those
# that differ from a git revision (LINT_BASE=REVISION) or on none (LINT_BASE=none). Files that include libtorch
# take half a minute each and are left out unless LINT_TORCH=1.
#   tools/lint.sh JOBS
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1

for tool in clang-format clang-tidy; do
  if ! command -v $tool >/dev/null; then
    echo "lint: no $tool here; install it (apt-get install $tool)" >&2
    exit 1
  fi
done

mapfile -t sources < <(tools/sources.sh)
clang-format --dry-run --Werror "${sources[@]}"
echo "lint: ${#sources[@]} files are formatted"

base=${LINT_BASE:-all}
if [ "$base" = none ]; then exit 0; fi
candidates=()
for file in "${sources[@]}"; do
  case "$file" in
    train/*|common/dist/*|tests/unit/train/*|tests/unit/dist/*|tests/mpi/*|tests/gpu/*|tests/e2e/*)
      if [ "${LINT_TORCH:-0}" != 1 ]; then continue; fi ;;
    tests/*) continue ;;
  esac
  case "$file" in *.cpp) ;; *) continue ;; esac
  if [ "$base" != all ] && git diff --quiet "$base" -- "$file"; then continue; fi
  candidates+=("$file")
done
if [ ${#candidates[@]} -eq 0 ]; then echo "lint: nothing for clang-tidy"; exit 0; fi

build=build/lint
options=(-DPARLANDO_TRAIN=OFF)
if [ "${LINT_TORCH:-0}" = 1 ]; then options=(-DPARLANDO_TRAIN=ON); fi
cmake --preset release -B $build "${options[@]}" >/dev/null
cmake --build $build --target parlando_version >/dev/null
mapfile -t known < <(grep -o '"file": "[^"]*"' $build/compile_commands.json | cut -d'"' -f4)
checked=()
for file in "${candidates[@]}"; do
  if printf '%s\n' "${known[@]}" | grep -qxF "$PWD/$file"; then checked+=("$file"); fi
done
printf '%s\n' "${checked[@]}" |
  xargs -P "$jobs" -n 4 clang-tidy -p $build --quiet --warnings-as-errors='*' 2> >(grep -v ' warnings\? generated' >&2)
echo "lint: clang-tidy found nothing in ${#checked[@]} files"
