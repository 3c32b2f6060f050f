# shellcheck shell=bash
# Sourced by the batch scripts: steps that can be interrupted, and going back into the queue.

step=''         # process that run_step waits for
stop_asked=no   # USR1 or USR2 came to this script
terminated=no   # SLURM has told this script to end
trap 'terminated=yes' TERM
trap 'stop_asked=yes; if [ -n "$step" ]; then kill -USR1 "$step" 2>/dev/null || true; fi' USR1 USR2

# What scontrol and squeue know this job by. An element of an array goes by both numbers: the last one's SLURM_JOB_ID
# is that of the whole array, and would requeue all of it.
own_job() {
  if [ -n "${SLURM_ARRAY_JOB_ID:-}" ]; then
    echo "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
  else
    echo "$SLURM_JOB_ID"
  fi
}

# run_step COMMAND...: runs it and returns its exit code. bash answers signals only between commands, so the command
# runs in the background. USR1 and USR2, which '--signal=B:USR1@...' sends to the script alone, are passed on, and end the
# job before its next step with code 85; TERM is not passed on, for SLURM sends it to the tasks itself.
run_step() {
  local status=0
  if [ "$stop_asked" = yes ] || [ "$terminated" = yes ]; then return 85; fi
  "$@" &
  step=$!
  # Asked while it was being started.
  if [ "$stop_asked" = yes ]; then kill -USR1 "$step" 2>/dev/null || true; fi
  # A trap ends 'wait', but not the step; once the step has ended, 'wait' tells its own code again.
  wait "$step" || status=$?
  while kill -0 "$step" 2>/dev/null; do wait "$step" || status=$?; done
  wait "$step" && status=0 || status=$?
  step=''
  # Ended by USR1 or USR2 itself: the request to stop came before the program was ready to hear it.
  if [ "$status" -eq 138 ] || [ "$status" -eq 140 ]; then status=85; fi
  return "$status"
}

# end_job STATUS: ends the script with the code of its step. Code 85 says "stopped on request, the same command
# continues": back into the queue, unless SLURM does that itself.
end_job() {
  local status=$1 job restarts
  if [ "$status" -ne 85 ]; then exit "$status"; fi
  job=$(own_job)
  if [ "$terminated" = yes ]; then
    echo "parlando: job $job was told to end; SLURM puts it back into the queue, or it was cancelled" >&2
    exit 85
  fi
  if ! command -v scontrol >/dev/null; then
    echo "parlando: to be continued, but there is no scontrol here to requeue job $job; submit it again" >&2
    exit 85
  fi
  # The script of a node that lost contact goes on, too: it must not stop the job that runs again elsewhere.
  restarts=$(scontrol show job "$job" 2>/dev/null | grep -o 'Restarts=[0-9]*' | head -n 1)
  if [ "${restarts#Restarts=}" != "${SLURM_RESTART_COUNT:-0}" ]; then
    echo "parlando: restart ${SLURM_RESTART_COUNT:-0} of job $job was left behind, SLURM says '$restarts'" >&2
    exit 85
  fi
  echo "parlando: to be continued; job $job goes back into the queue" >&2
  if ! scontrol requeue "$job"; then
    echo "parlando: requeue failed; submit the job again, it continues" >&2
    exit 85
  fi
  exit 0
}

# require_progress FOLDER LIMIT POSITION: counts the starts of this job in a row that began at the same POSITION, and
# ends the job with code 85 after LIMIT of them: it would be requeued for ever. FOLDER keeps the count.
require_progress() {
  local file last='' starts=0
  file=$1/restarts-$(own_job)
  if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] && [ -e "$file" ]; then
    { read -r starts; read -r last; } < "$file" || true
    if [ "$last" != "$3" ]; then starts=0; fi
  fi
  starts=$((starts + 1))
  if [ "$starts" -gt "$2" ]; then
    echo "parlando: job $(own_job) has started $2 times at '${3:-the beginning}' and got no further; it is not requeued." \
      "Give it more time (--time), let it stop earlier (--signal=USR1@SECONDS) or save more often" \
      "(checkpoint.every_minutes)" >&2
    exit 85
  fi
  if ! { mkdir -p "$1" && printf '%s\n%s\n' "$starts" "$3" > "$file.new" && mv "$file.new" "$file"; }; then
    echo "parlando: $1 cannot be written on $SLURMD_NODENAME; the run has to lie on a file system that all nodes" \
      "share and where you may write" >&2
    exit 4
  fi
}
