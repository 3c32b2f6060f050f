#!/usr/bin/env bash
# Starts several ranks on one GPU: each with an NCCL_HOSTID of its own, so that NCCL takes them for ranks of
# different hosts and lets them meet over sockets. It shows that results are right, never that they are fast.
#   tests/gpu/one_gpu.sh RANKS PROGRAM [ARGUMENT ...]
set -euo pipefail
ranks=$1
shift
export CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES:-0}
export NCCL_NET=Socket NCCL_IB_DISABLE=1 NCCL_P2P_DISABLE=1 NCCL_SHM_DISABLE=1 NCCL_MAX_NCHANNELS=2
export NCCL_SOCKET_IFNAME=${NCCL_SOCKET_IFNAME:-lo}
# shellcheck disable=SC2016  # the rank's own shell expands it
exec mpirun -np "$ranks" --oversubscribe --bind-to none \
  bash -c 'export NCCL_HOSTID=rank$OMPI_COMM_WORLD_RANK; exec "$@"' rank "$@"
