#!/usr/bin/env python3
"""What a sweep costs beside its training, and what trials at the same time bring.

  trials_per_hour.py --parlando build/bin/parlando --config configs/train/mfcc121.yaml --data DATASET --work DIR
                     --results DIR [--trials 4] [--epochs 1] [--rounds 3]

Three ways to run the same trials on this machine's cores, one after the other in each round, rounds interleaved:
  1 x 1    one trial at a time on one thread
  1 x N    one trial at a time on all N cores
  N x 1    N trials at a time, one thread and one core each
and from the first way the time of a trial that is not its epochs': from the start of its process to its first step, and
from its last epoch to its results. Medians of the rounds as a table and JSON."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import time

SWEEP = {"name": "bench", "method": "grid", "metric": {"name": "validation_uar"}}


def run_sweep(arguments, folder, threads, jobs, trials):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = {**SWEEP, "train": str(arguments.config), "data": str(arguments.data), "trial": {"threads": threads},
              "parameters": {"seed": {"values": list(range(1, trials + 1))}, "epochs": {"value": arguments.epochs}}}
    (folder / "sweep.yaml").write_text(json.dumps(config))
    start = time.monotonic()
    subprocess.run([str(arguments.parlando), "sweep", "run", "--config", str(folder / "sweep.yaml"), "--out",
                    str(folder / "out"), "--jobs", str(jobs)], check=True, capture_output=True)
    seconds = time.monotonic() - start
    results = json.loads((folder / "out" / "results.json").read_text())
    trained = sum(trial["seconds"] for trial in results["trials"])
    return {"seconds": seconds, "training": trained, "per_hour": 3600 * trials / seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("parlando", "config", "data", "work", "results"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--trials", type=int, default=4, help="in each way; a multiple of the cores")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    if arguments.trials % cores:
        parser.error(f"--trials: a multiple of {cores}, or some cores have nothing to do at the end")
    ways = {"1 x 1": (1, 1), f"1 x {cores}": (cores, 1), f"{cores} x 1": (1, cores)}
    runs = {name: [] for name in ways}
    for _ in range(arguments.rounds):
        for name, (threads, jobs) in ways.items():
            runs[name].append(run_sweep(arguments, arguments.work / name.replace(" ", ""), threads, jobs,
                                        arguments.trials))
    overhead = statistics.median((run["seconds"] - run["training"]) / arguments.trials for run in runs["1 x 1"])
    per_hour = {name: statistics.median(run["per_hour"] for run in rows) for name, rows in runs.items()}
    together = per_hour[f"{cores} x 1"]
    lines = ["| trials at a time x threads | trials an hour | of those at the same time |", "|---|---|---|"]
    lines += [f"| {name} | {value:.0f} | {together / value:.2f} x |" for name, value in per_hour.items()]
    lines += ["", f"Beside its epochs a trial takes {overhead:.2f} s, start, end and bookkeeping of the sweep together "
              f"({arguments.trials} trials of {arguments.epochs} epoch(s), {cores} cores, medians of {arguments.rounds})."]
    text = "\n".join(lines) + "\n"
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "trials_per_hour.md").write_text(text)
    (arguments.results / "trials_per_hour.json").write_text(
        json.dumps({"overhead_seconds": overhead, "per_hour": per_hour, "runs": runs}, indent=2) + "\n")
    print(text, end="")


if __name__ == "__main__":
    main()
