# shellcheck shell=bash
# Sourced by the batch scripts after env.sh and requeue.sh: how steps are started.
# shellcheck disable=SC2154  # parlando is an array of env.sh, terminated a word of requeue.sh

# Sets srun_options.
choose_srun() {
  local plugins
  plugins=$(srun --mpi=list 2>&1) || plugins="none"
  if [ "$PARLANDO_MPI" = auto ]; then
    PARLANDO_MPI=none
    if grep -qw pmix <<< "$plugins"; then PARLANDO_MPI=pmix; fi
  elif ! grep -qw -- "$PARLANDO_MPI" <<< "$plugins"; then
    echo "parlando: PARLANDO_MPI=$PARLANDO_MPI, but srun has no such plugin; it says: ${plugins//$'\n'/ }. Set" \
      "PARLANDO_MPI=none: ranks then meet over TCP" >&2
    exit 2
  fi
  # The tasks get what the job asked for: since 22.05 srun forgets --cpus-per-task. All ranks end with one code, a little
  # after each other: killing the others at the first code but 0 would make 143 of a 2 or an 85. What a lost rank leaves
  # behind is ended after --wait seconds.
  srun_options=(--mpi="$PARLANDO_MPI" --cpus-per-task="$SLURM_CPUS_PER_TASK" --kill-on-bad-exit=0 --wait=20 --label)
}

# preflight FOLDER...: looks at every node; the FOLDERs have to be the same for all of them.
preflight() {
  local folder folders=() try status=0
  if [ "$PREFLIGHT" = no ]; then return; fi
  for folder in "$@"; do folders+=(--shared "$folder"); done
  # A rank that is killed says nothing about the nodes: Open MPI crashes now and then while it starts.
  for try in 1 2; do
    status=0
    run_step srun "${srun_options[@]}" "${parlando[@]}" doctor --job "${folders[@]}" || status=$?
    if [ "$status" -le 128 ] || [ "$terminated" = yes ]; then break; fi
    echo "parlando: preflight $try of 2 was killed (code $status)" >&2
  done
  if [ "$terminated" = yes ] || [ "$status" -eq 85 ]; then end_job 85; fi
  if [ "$status" -ne 0 ]; then
    echo "parlando: the nodes of this job do not fit (see above), so nothing was started; PREFLIGHT=no leaves this out" >&2
    exit "$status"
  fi
}

# stage DATASET: copies it to every node's own disk and sets staged to the copy. A copy that is there already is used.
stage() {
  local status=0
  staged=$1
  if [ -z "$PARLANDO_STAGE" ]; then return; fi
  if [ ! -e "$1/manifest.json" ]; then
    echo "parlando: $1 is no finished dataset: it has no manifest.json; run preprocess again, it continues" >&2
    exit 4
  fi
  staged=$PARLANDO_STAGE/parlando-$(id -un)-$(sha256sum "$1/manifest.json" | cut -c1-16)
  # shellcheck disable=SC2016  # the nodes' shells expand it
  run_step srun --mpi=none --ntasks="$SLURM_JOB_NUM_NODES" --ntasks-per-node=1 bash -c '
    set -e
    mkdir -p "$(dirname "$2")"
    exec 9> "$2.lock"
    flock 9
    if cmp -s "$1/manifest.json" "$2/manifest.json"; then exit 0; fi
    rm -rf "$2.new"
    mkdir "$2.new"
    cp "$1"/*.h5 "$1"/*.jsonl "$1/manifest.json" "$2.new"
    rm -rf "$2"
    mv "$2.new" "$2"' stage "$1" "$staged" || status=$?
  if [ "$terminated" = yes ] || [ "$status" -eq 85 ]; then end_job 85; fi
  if [ "$status" -ne 0 ]; then
    echo "parlando: $1 cannot be copied to $PARLANDO_STAGE of every node (see above); is the disk full?" >&2
    exit 4
  fi
}
