#!/usr/bin/env bash
# Prints how many compile jobs this machine can take: its cores, but 1.5 GB of free memory each, which is
# what a source file that includes libtorch needs.
cores=$(nproc)
by_memory=$(awk '/^MemAvailable:/ {print int($2 / 1500000)}' /proc/meminfo 2>/dev/null)
jobs=${by_memory:-$cores}
if [ "$jobs" -gt "$cores" ]; then jobs=$cores; fi
if [ "$jobs" -lt 1 ]; then jobs=1; fi
echo "$jobs"
