# shellcheck shell=bash
# Sourced by the batch scripts: what your cluster needs before our programs start. Change the defaults here to your
# site, or set the variables in the shell that calls sbatch, which passes them on.

: "${PARLANDO_HOME:?the folder of parlando: a clone with build/bin, or PREFIX/share/parlando of 'make install'}"
: "${PARLANDO_MODULES:=}"            # to load, in this order: "gcc/12 openmpi/4.1 hdf5"
: "${PARLANDO_CONTAINER:=}"          # an Apptainer image; empty: the programs of PARLANDO_HOME
: "${PARLANDO_CONTAINER_OPTIONS:=}"  # of 'apptainer run': "--nv --bind /scratch"
: "${PARLANDO_MPI:=auto}"            # what srun connects ranks by: pmix, none (our own TCP), auto (pmix if it is there)
: "${PARLANDO_STAGE:=}"              # a folder on each node's own disk to copy the dataset to first; empty: no copy
: "${PREFLIGHT:=yes}"                # look at all nodes with 'parlando doctor --job' before the work; no: don't

# SLURM sets it only for jobs that asked for cores per task.
: "${SLURM_CPUS_PER_TASK:=1}"
export OMP_NUM_THREADS="$SLURM_CPUS_PER_TASK"
# Files are complete before they get their name and are not changed afterwards: HDF5's locks add nothing, and opening
# fails where a file system has none (Lustre without flock).
export HDF5_USE_FILE_LOCKING="${HDF5_USE_FILE_LOCKING:-FALSE}"
# Says what went wrong, nothing else. Where NCCL takes the wrong network: NCCL_SOCKET_IFNAME=ib0.
export NCCL_DEBUG="${NCCL_DEBUG:-WARN}"

export PATH="$PARLANDO_HOME/build/bin:$PARLANDO_HOME/bin:$PARLANDO_HOME/../../bin:$PATH"
if [ -n "$PARLANDO_MODULES" ]; then
  if ! command -v module >/dev/null; then
    echo "parlando: PARLANDO_MODULES='$PARLANDO_MODULES', but there is no 'module' command here; does your site want" \
      "'#!/bin/bash -l' or 'source /etc/profile.d/modules.sh'?" >&2
    exit 2
  fi
  # shellcheck disable=SC2086  # a list of words
  module load $PARLANDO_MODULES || exit 2
fi

# What to put before a verb.
parlando=(parlando)
if [ -n "$PARLANDO_CONTAINER" ]; then
  # shellcheck disable=SC2206  # a list of words
  parlando=(apptainer run $PARLANDO_CONTAINER_OPTIONS "$PARLANDO_CONTAINER")
fi
if ! command -v "${parlando[0]}" >/dev/null; then
  echo "parlando: no program '${parlando[0]}' on PATH; PARLANDO_HOME=$PARLANDO_HOME must hold build/bin or bin," \
    "or PARLANDO_MODULES must bring it" >&2
  exit 2
fi
