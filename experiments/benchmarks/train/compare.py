#!/usr/bin/env python3
"""Speed of training: samples per second of whole steps, ours against PyTorch and Keras, interleaved; medians as a table
and JSON.

  compare.py --bin build/bench-train --python .deps/bench/bin/python --results DIR [--networks mel128,mfcc121]
             [--repetitions 5] [--seconds 4] [--only ours-1x1,torch-1x1]

A contestant is a side with a launch: ranks x threads. Each side is judged by its best launch. The machine has to be
quiet: two threads that wait for each other lose most when others run. Where it is not, samples per second of processor
time (of the launches with one thread) still say what a step costs."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

from networks import NETWORKS

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TCMALLOC = ("/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4", "/usr/lib/aarch64-linux-gnu/libtcmalloc_minimal.so.4")
LAUNCHES = {"1x1": (1, 1), "1x2": (1, 2), "2x1": (2, 1)}
CONFIGS = {"stack187-plain": ("stack187", ["model.lstm.dropout=0", "model.lstm.recurrent_dropout=0"])}


def tcmalloc():
    return next((path for path in TCMALLOC if os.path.exists(path)), None)


def contestants(launches):
    """name -> (side, what it runs, ranks, threads)"""
    made = {}
    for label in launches:
        for side in ("ours", "ours-bf16", "torch", "compile", "tuned-bf16"):
            made[f"{side}-{label}"] = (side, *LAUNCHES[label])
    made["keras-1x2"] = ("keras", 1, 2)
    return made


class Contest:
    def __init__(self, arguments):
        self.arguments = arguments
        self.rates = {}  # (network, contestant) -> a list of results

    def command(self, network, side, ranks, threads):
        python, seconds = [self.arguments.python], ["--seconds", self.arguments.seconds]
        if side == "keras":
            return [*python, HERE / "keras_peer.py", network, "--threads", threads], {}
        if side.startswith("ours"):
            config, overrides = CONFIGS.get(network, (network, []))
            precision = "bfloat16" if side.endswith("bf16") else "float32"
            command = [self.arguments.bin / "bench_train", "--config", ROOT / "configs" / "train" / f"{config}.yaml",
                       "--rows", NETWORKS[network]["rows"], *seconds, f"threads={threads}", f"precision={precision}",
                       *overrides]
            return (["mpirun", "-np", ranks, *command] if ranks > 1 else command), {}
        command = [*python, HERE / "torch_peer.py", network, *seconds, "--ranks", ranks, "--threads", threads]
        if side == "compile":
            return [*command, "--compile"], {}
        if side == "tuned-bf16":
            preload = tcmalloc()
            return [*command, "--tuned", "--precision", "bfloat16"], {"LD_PRELOAD": preload} if preload else {}
        return command, {}

    def run_one(self, network, name, side, ranks, threads):
        command, environment = self.command(network, side, ranks, threads)
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                                env=os.environ | environment, timeout=self.arguments.timeout)
        if result.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\n{result.stderr}")
        rate = json.loads(result.stdout.strip().split("\n")[-1])
        self.rates.setdefault((network, name), []).append(rate)
        print(f"{network:15} {name:15} {rate['samples_per_second']:8.1f} samples/s "
              f"{rate['samples_per_cpu_second']:8.1f} per processor second", file=sys.stderr, flush=True)

    def run(self, after_round):
        for done in range(1, self.arguments.repetitions + 1):
            for network in self.arguments.networks:
                for name, contestant in contestants(self.arguments.launches).items():
                    if self.arguments.only and name not in self.arguments.only:
                        continue
                    self.run_one(network, name, *contestant)
            after_round(done)

    def summary(self, network):
        def medians(key):
            return {name: statistics.median(rate[key] for rate in rates)
                    for (of, name), rates in self.rates.items() if of == network}

        wall, cpu = medians("samples_per_second"), medians("samples_per_cpu_second")
        return {"runs": {name: rates for (of, name), rates in self.rates.items() if of == network},
                "samples_per_second": wall, "samples_per_cpu_second": cpu, "best": best_launches(wall),
                "ratios": ratios(best_launches(wall)),
                "ratios_one_thread_cpu": ratios({name.rsplit("-", 1)[0]: rate for name, rate in cpu.items()
                                                 if name.endswith("1x1")}),
                "scaling_two_ranks": wall["ours-2x1"] / wall["ours-1x1"] if {"ours-2x1", "ours-1x1"} <= set(wall) else None}


def best_launches(rates):
    best = {}
    for name, rate in rates.items():
        side = name.rsplit("-", 1)[0]
        best[side] = max(rate, best.get(side, 0))
    return best


def ratios(best):
    pairs = {"eager": ("ours", "torch"), "compile": ("ours", "compile"), "keras": ("ours", "keras"),
             "bf16_tuned": ("ours-bf16", "tuned-bf16")}
    return {name: best[a] / best[b] for name, (a, b) in pairs.items() if a in best and b in best}


def table(report):
    sides = ["ours", "torch", "compile", "keras", "ours-bf16", "tuned-bf16"]
    names = ["eager", "compile", "keras", "bf16_tuned"]
    lines = ["| network | " + " | ".join(sides) + " | " + " | ".join(f"ours : {name}" for name in names) +
             " | 2 ranks : 1 |", "|---" * (2 + len(sides) + len(names)) + "|"]

    def cell(values, key, form):
        return form.format(values[key]) if key in values else ""

    for network, row in report["networks"].items():
        scaling = row["scaling_two_ranks"]
        lines.append("| " + " | ".join([network] + [cell(row["best"], side, "{:.0f}") for side in sides] +
                                       [cell(row["ratios"], name, "{:.2f}") for name in names] +
                                       [f"{scaling:.2f}" if scaling else ""]) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    # No resolve(): a virtual environment is known by the path of its python.
    parser.add_argument("--python", type=pathlib.Path, required=True)
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--networks", type=lambda text: text.split(","), default=list(NETWORKS))
    parser.add_argument("--launches", type=lambda text: text.split(","), default=list(LAUNCHES))
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--timeout", type=float, default=600, help="of one run, in seconds")
    arguments = parser.parse_args()
    if shutil.which("mpirun") is None:
        sys.exit("compare.py: no mpirun on PATH; run 'make setup'")
    contest = Contest(arguments)
    load = os.getloadavg()[0]
    arguments.results.mkdir(parents=True, exist_ok=True)

    def write(repetitions):
        report = {"machine": {"cores": len(os.sched_getaffinity(0)), "load_before": load,
                              "load_after": os.getloadavg()[0], "tcmalloc": tcmalloc()},
                  "repetitions": repetitions, "seconds": arguments.seconds,
                  "networks": {name: contest.summary(name) for name in arguments.networks}}
        (arguments.results / "training.json").write_text(json.dumps(report, indent=2) + "\n")
        (arguments.results / "training.md").write_text(table(report))

    contest.run(write)
    print((arguments.results / "training.md").read_text())


if __name__ == "__main__":
    main()
