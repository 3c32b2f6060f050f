#!/usr/bin/env bash
# Installs SLURM's daemons for tests/slurm, which starts them itself, in a folder of its own. Nothing else needs them: where they
# cannot be had, this says so and the tests skip.
set -uo pipefail
if [ "${PARLANDO_SETUP:-}" = skip ]; then exit 0; fi
say() { echo "setup: the tests of slurm/ will skip: $*" >&2; }

missing=()
for name in slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge libpmix-dev; do
  dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "$(id -u)" -ne 0 ]; then
  say "only root can start the daemons"
elif ! command -v apt-get >/dev/null; then
  say "no apt here to install ${missing[*]}"
elif ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >&2; then
  say "apt failed (its words are above)"
fi
exit 0
