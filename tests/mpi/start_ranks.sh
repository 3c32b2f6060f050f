#!/usr/bin/env bash
# Starts RANKS processes of a program as a launcher without MPI does, and ends with the worst exit code.
#   tests/mpi/start_ranks.sh RANKS PROGRAM [ARGUMENT ...]
set -uo pipefail
ranks=$1
shift
export WORLD_SIZE=$ranks LOCAL_WORLD_SIZE=$ranks MASTER_ADDR=127.0.0.1 MASTER_PORT=$((15000 + $$ % 15000))
processes=()
for ((rank = 0; rank < ranks; ++rank)); do
  RANK=$rank LOCAL_RANK=$rank "$@" &
  processes+=($!)
done
worst=0
for process in "${processes[@]}"; do
  wait "$process" || { code=$?; [ "$code" -gt "$worst" ] && worst=$code; }
done
exit "$worst"
