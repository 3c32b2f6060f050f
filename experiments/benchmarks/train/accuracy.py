#!/usr/bin/env python3
"""Whether the fast paths cost accuracy: each network is trained over the same seeds with all of them on (own kernels,
bfloat16), with the kernels alone, and with none, on the same split. The paired differences as a table and JSON.

  accuracy.py --parlando build/bin/parlando --corpus RAVDESS --work DIR --results DIR [--networks mel128,mfcc121]
              [--seeds 1,2,3,4,5] [--sides fast,plain] [key=value ...]

A finished run is taken as it is, a stopped one goes on: the same command continues at any time. Each finished run is a
file of its own in --results/accuracy, which stands for the run where the work folder is gone; rows of another dataset or
configuration are made again. Further keys hold for all sides. Every run reads the test side once, at its end; nothing is chosen by it, and no run is left out."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SIDES = {"fast": ["fast_kernels=true", "precision=bfloat16"],
         "float32": ["fast_kernels=true", "precision=float32"],
         "plain": ["fast_kernels=false", "precision=float32"]}
STUDENT_95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


class Study:
    def __init__(self, arguments):
        self.arguments = arguments

    def parlando(self, *words, ranks=1):
        command = [str(self.arguments.parlando), *map(str, words)]
        if ranks > 1:
            command = ["mpirun", "--bind-to", "none", "-np", str(ranks), *command]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr[-4000:]}")

    def dataset(self, network):
        data = self.arguments.work / network / "data"
        self.parlando("preprocess", "--config", ROOT / "configs" / "preprocess" / f"{network}.yaml", "--corpus",
                      self.arguments.corpus, "--out", data)
        return data

    def row_of(self, network, side, seed):
        """The file of a run's figures, and what it holds if that is of this dataset and these keys."""
        path = self.arguments.results / "accuracy" / f"{network}-{side}-seed{seed}.json"
        if not path.exists():
            return path, None
        row = json.loads(path.read_text())
        manifest = json.loads((self.arguments.work / network / "data" / "manifest.json").read_text())
        return path, row if (row["data_hash"], row["keys"]) == (manifest["id"], self.arguments.keys) else None

    def run(self, network, side, seed):
        run = self.arguments.work / network / f"{side}-seed{seed}"
        path, row = self.row_of(network, side, seed)
        if row is not None:
            return row
        if not (run / "result.json").exists():
            ranks = self.arguments.ranks
            self.parlando("train", "--config", ROOT / "configs" / "train" / f"{network}.yaml", "--data",
                          self.arguments.work / network / "data", "--run", run, f"seed={seed}",
                          f"threads={max(1, len(os.sched_getaffinity(0)) // ranks)}", *SIDES[side],
                          *self.arguments.keys, ranks=ranks)
        result = json.loads((run / "result.json").read_text())
        row = {"accuracy": 100 * result["accuracy"]["value"], "uar": 100 * result["uar"]["value"],
               "epochs": result["epochs"], "best_epoch": result["best_epoch"],
               "samples_per_second": result["samples_per_second"], "world_size": result["world_size"],
               "config_hash": result["config_hash"], "data_hash": result["data_hash"],
               "version": result["version"], "keys": self.arguments.keys}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(row, indent=2) + "\n")
        print(f"{network:10} {side:8} seed {seed}: accuracy {row['accuracy']:.1f}, {row['epochs']} epochs, "
              f"{row['samples_per_second']:.0f} samples/s", file=sys.stderr, flush=True)
        return row


def paired(fast, plain, key):
    """Mean, deviation and 95 % interval (Student) of the differences, in points."""
    differences = [fast[seed][key] - plain[seed][key] for seed in sorted(plain) if seed in fast]
    mean = statistics.mean(differences)
    if len(differences) < 2:
        return {"differences": differences, "mean": mean}
    deviation = statistics.stdev(differences)
    half = STUDENT_95[len(differences) - 1] * deviation / len(differences) ** 0.5
    return {"differences": differences, "mean": mean, "sd": deviation, "interval": [mean - half, mean + half]}


def table(report):
    lines = ["| network | side | accuracy by seed | mean | paired difference from plain | 95 % | samples/s |", "|---" * 7 + "|"]
    for network, sides in report["networks"].items():
        for side, entry in sides.items():
            rows = list(entry["seeds"].values())
            difference = entry.get("accuracy_difference")
            text = ["", ""]
            if difference:
                text[0] = f"{difference['mean']:+.2f} points"
                if "interval" in difference:
                    text[0] += f" (sd {difference['sd']:.2f})"
                    text[1] = f"[{difference['interval'][0]:+.2f}, {difference['interval'][1]:+.2f}]"
            lines.append(f"| {network} | {side} | {', '.join(format(row['accuracy'], '.1f') for row in rows)} | "
                         f"{statistics.mean(row['accuracy'] for row in rows):.2f} | {text[0]} | {text[1]} | "
                         f"{statistics.median(row['samples_per_second'] for row in rows):.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parlando", type=pathlib.Path, required=True)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="datasets and runs")
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--networks", type=lambda text: text.split(","), default=["mel128", "mfcc121"])
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[1, 2, 3, 4, 5])
    parser.add_argument("--sides", type=lambda text: text.split(","), default=["fast", "plain"])
    parser.add_argument("--ranks", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("keys", nargs="*", help="key=value: of the training, for all sides")
    arguments = parser.parse_args()
    if arguments.ranks > 1 and shutil.which("mpirun") is None:
        sys.exit("accuracy.py: no mpirun on PATH; run 'make setup' or give --ranks 1")
    if len(arguments.seeds) > max(STUDENT_95) + 1:
        sys.exit(f"accuracy.py: --seeds: at most {max(STUDENT_95) + 1}")
    study = Study(arguments)
    report = {"keys": arguments.keys, "ranks": arguments.ranks, "networks": {}}
    for network in arguments.networks:
        study.dataset(network)
        runs = {side: {} for side in arguments.sides}
        for seed in arguments.seeds:
            for side in arguments.sides:
                runs[side][seed] = study.run(network, side, seed)
        report["networks"][network] = {side: {"seeds": rows} for side, rows in runs.items()}
        for side, rows in runs.items():
            if side != "plain" and "plain" in runs:
                for key in ("accuracy", "uar"):
                    report["networks"][network][side][f"{key}_difference"] = paired(rows, runs["plain"], key)
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "accuracy.json").write_text(json.dumps(report, indent=2) + "\n")
    (arguments.results / "accuracy.md").write_text(table(report))
    print(table(report))


if __name__ == "__main__":
    main()
