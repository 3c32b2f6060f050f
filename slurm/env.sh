# Sourced by the batch scripts: what your cluster needs before our programs start. Change it to your site.
#   PARLANDO_HOME   where 'make build' or 'make install' put the programs
: "${PARLANDO_HOME:=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
export PATH="$PARLANDO_HOME/build/bin:$PARLANDO_HOME/bin:$PATH"
if command -v module >/dev/null && [ -n "${PARLANDO_MODULES:-}" ]; then
  # shellcheck disable=SC2086  # a list of words
  module load $PARLANDO_MODULES
fi
export OMP_NUM_THREADS="${SLURM_CPUS_PER_TASK:-1}"
