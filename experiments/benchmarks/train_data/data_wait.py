#!/usr/bin/env python3
"""How long training steps wait for their data: features in memory, and a dataset larger than the cap.

    python3 experiments/benchmarks/train_data/data_wait.py --data DATASET --config configs/train/mel128.yaml

Three ways of reading, interleaved, medians of the rounds:
  memory  every clip is kept (input.memory=100%)
  cap     only a share of the dataset's bytes is kept (--cap); the rest comes from the shards, which the
          operating system may hold in its cache
  cold    as cap, and the shards are taken out of that cache all the time, so that reads go to the disk,
          as with a dataset larger than the machine's memory
Needs Python alone. Prints a table; --out writes JSON.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading

MODES = ("memory", "cap", "cold")


def evict(shards, stop):
    """Takes the shards' pages out of the system's cache until told to stop."""
    files = [os.open(path, os.O_RDONLY) for path in shards]
    while not stop.is_set():
        for file in files:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        stop.wait(0.02)
    for file in files:
        os.close(file)


def peak_memory(process):
    """Bytes, asked of the system when the process ends."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * 1024


def measure(arguments, mode, cap_bytes, shards):
    command = [str(arguments.bin / "parlando-train"), "--config", str(arguments.config), "--data",
               str(arguments.data), "--profile", str(arguments.steps), "--json",
               "input.memory=" + ("100%" if mode == "memory" else str(cap_bytes)), *arguments.keys]
    stop = threading.Event()
    evictor = threading.Thread(target=evict, args=(shards, stop))
    if mode == "cold":
        evictor.start()
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        output = process.stdout.read()
        memory = peak_memory(process)
    finally:
        stop.set()
        if mode == "cold":
            evictor.join()
    if process.returncode != 0:
        sys.exit(f"'{' '.join(command)}' ended with code {process.returncode}")
    profile = json.loads(output)
    wait = next(p for p in profile["phases"] if p["phase"] == "data wait")
    return {"data_wait": wait["share"], "samples_per_second": profile["samples_per_second"],
            "step_ms": 1e3 * profile["step_seconds"], "peak_mib": memory / 2**20}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="dataset")
    parser.add_argument("--config", type=pathlib.Path, required=True, help="training configuration")
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/bin"),
                        help="folder of the programs (default: %(default)s)")
    parser.add_argument("--cap", type=float, default=0.05,
                        help="share of the shards' bytes that is kept (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=150, help="timed steps (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of all ways (default: %(default)s)")
    parser.add_argument("--out", type=pathlib.Path, help="JSON file for the figures")
    parser.add_argument("keys", nargs="*", help="key=value of the training configuration")
    arguments = parser.parse_args()

    shards = sorted(arguments.data.glob("shard-*.h5"))
    if not shards:
        sys.exit(f"{arguments.data}: no shards here")
    size = sum(path.stat().st_size for path in shards)
    cap = int(arguments.cap * size)
    rounds = {mode: [] for mode in MODES}
    for _ in range(arguments.rounds):
        for mode in MODES:
            rounds[mode].append(measure(arguments, mode, cap, shards))

    result = {"dataset_bytes": size, "cap_bytes": cap, "steps": arguments.steps, "ways": {}}
    print(f"{len(shards)} shards of {size / 2**20:.1f} MiB together, {cap / 2**20:.1f} MiB kept under the cap; "
          f"medians of {arguments.rounds} runs of {arguments.steps} steps")
    print(f"{'way':<8} {'data wait':>10} {'ms a step':>10} {'samples/s':>10} {'peak MiB':>9}")
    for mode in MODES:
        figures = {key: statistics.median(r[key] for r in rounds[mode]) for key in rounds[mode][0]}
        result["ways"][mode] = figures
        print(f"{mode:<8} {100 * figures['data_wait']:>8.2f} % {figures['step_ms']:>10.2f} "
              f"{figures['samples_per_second']:>10.1f} {figures['peak_mib']:>9.0f}")
    if arguments.out:
        arguments.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
