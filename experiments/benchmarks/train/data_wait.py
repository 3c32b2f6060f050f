#!/usr/bin/env python3
"""How long training steps wait for their data: features in memory, and a dataset larger than the memory for them.

  data_wait.py --bin build/bin --work DIR --results DIR [--corpus RAVDESS] [--networks mel128,mfcc121,stack187]
               [--cap 0.05] [--epochs 3] [--rounds 3]

Trains each network for a few epochs in three ways, interleaved, with one rank and with a rank for each core:
  memory  every clip is kept (input.memory=100%)
  cap     only a share of the dataset's bytes is kept (--cap); the rest comes from the shards, which the operating
          system may hold in its cache
  cold    as cap, and the shards are taken out of that cache all the time, so that reads go to the disk, as with a
          dataset larger than the machine's memory
The figures are those of the trainer's own metrics.jsonl. Datasets are made once in --work, of the corpus or of synthetic
clips. Needs Python alone; the machine has to be quiet. Prints a table, and writes it with all runs as JSON to --results."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
NETWORKS = ("mel128", "mfcc121", "stack187")
WAYS = ("memory", "cap", "cold")
BLOCK = 512  # bytes, of ru_inblock


def run(command):
    words = [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with code {result.returncode}\n{result.stderr}")


def make_dataset(arguments, network):
    corpus = arguments.corpus
    if corpus is None:
        corpus = arguments.work / "synthetic"
        run([arguments.bin / "parlando-synth", corpus, "--clips", arguments.clips, "--seed", 1])
    data = arguments.work / network
    run([arguments.bin / "parlando-preprocess", "--config", ROOT / "configs" / "preprocess" / f"{network}.yaml",
         "--corpus", corpus, "--out", data])
    return data


class Evictor:
    """Takes files out of the system's cache until it is left."""

    def __init__(self, paths):
        self.paths, self.stop = paths, threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        files = [os.open(path, os.O_RDONLY) for path in self.paths]
        while not self.stop.is_set():
            for file in files:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            self.stop.wait(0.02)
        for file in files:
            os.close(file)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def wait_for(command):
    """Runs to the end; what the system says of it and of the ranks that it started: the largest peak, all reads."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} ended with code {process.returncode}\n{said.read().decode()}")
    return {"peak_mib": usage.ru_maxrss / 1024, "disk_mib": usage.ru_inblock * BLOCK / 2**20}


def train(arguments, network, data, way, ranks, cap_bytes, shards):
    """One run; the figures of its epochs."""
    with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
        launch = ["mpirun", "-np", ranks, "--bind-to", "none"] if ranks > 1 else []
        command = [*launch, arguments.bin / "parlando-train", "--config",
                   ROOT / "configs" / "train" / f"{network}.yaml", "--data", data, "--run", folder,
                   f"epochs={arguments.epochs}", "early_stopping.enabled=false",
                   "input.memory=" + ("100%" if way == "memory" else str(cap_bytes // ranks)), *arguments.keys]
        if way == "cold":
            with Evictor(shards):
                figures = wait_for(command)
        else:
            figures = wait_for(command)
        lines = (pathlib.Path(folder) / "metrics.jsonl").read_text().splitlines()
    epochs = [json.loads(line) for line in lines]
    return figures | {key: [epoch[key] for epoch in epochs] for key in ("data_wait", "samples_per_second")}


def summary(runs):
    """Medians of the rounds; of a run the middle epoch for the speed, and the epoch that waited most."""
    return {"data_wait": statistics.median(statistics.median(r["data_wait"]) for r in runs),
            "data_wait_worst_epoch": statistics.median(max(r["data_wait"]) for r in runs),
            "samples_per_second": statistics.median(statistics.median(r["samples_per_second"]) for r in runs),
            "peak_mib": statistics.median(r["peak_mib"] for r in runs),
            "disk_mib": statistics.median(r["disk_mib"] for r in runs), "runs": runs}


def measure(arguments, network):
    data = make_dataset(arguments, network)
    shards = sorted(data.glob("shard-*.h5"))
    size = sum(path.stat().st_size for path in shards)
    cap = int(arguments.cap * size)
    launches = [1] if arguments.cores == 1 else [1, arguments.cores]
    rounds = {(ranks, way): [] for ranks in launches for way in WAYS}
    for _ in range(arguments.rounds):
        for (ranks, way), runs in rounds.items():
            runs.append(train(arguments, network, data, way, ranks, cap, shards))
            print(f"{network:9} {ranks} rank(s) {way:7} data wait {100 * max(runs[-1]['data_wait']):.2f} % at the most",
                  file=sys.stderr, flush=True)
    return {"dataset_bytes": size, "cap_bytes": cap,
            "launches": {str(ranks): {way: summary(rounds[ranks, way]) for way in WAYS} for ranks in launches}}


def table(report):
    lines = ["| network | dataset, MiB | ranks | way | kept at the most, MiB | data wait, % | in the worst epoch, % "
             "| samples/s | peak of a rank, MiB | read from disk, MiB |", "|---" * 10 + "|"]
    for network, row in report["networks"].items():
        for ranks, ways in row["launches"].items():
            for way, figures in ways.items():
                size = row["dataset_bytes"] / 2**20
                kept = size if way == "memory" else row["cap_bytes"] / 2**20
                lines.append(f"| {network} | {size:.0f} | {ranks} | {way} | {kept:.0f} | "
                             f"{100 * figures['data_wait']:.2f} | {100 * figures['data_wait_worst_epoch']:.2f} | "
                             f"{figures['samples_per_second']:.0f} | {figures['peak_mib']:.0f} | "
                             f"{figures['disk_mib']:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for datasets, which are kept there")
    parser.add_argument("--results", type=pathlib.Path, required=True, help="folder for data_wait.json and .md")
    parser.add_argument("--corpus", type=pathlib.Path, help="folder of clips; without it synthetic ones")
    parser.add_argument("--clips", type=int, default=1440, help="synthetic ones (default: %(default)s)")
    parser.add_argument("--networks", type=lambda text: text.split(","), default=list(NETWORKS))
    parser.add_argument("--cap", type=float, default=0.05,
                        help="share of the shards' bytes that all ranks together keep (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=3, help="of each run (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of all ways (default: %(default)s)")
    parser.add_argument("keys", nargs="*", help="key=value of the training configuration")
    arguments = parser.parse_args()
    arguments.cores = len(os.sched_getaffinity(0))
    if arguments.cores > 1 and shutil.which("mpirun") is None:
        sys.exit("data_wait.py: no mpirun on PATH; run 'make setup'")

    arguments.work.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    networks = {network: measure(arguments, network) for network in arguments.networks}
    report = {"machine": {"cores": arguments.cores, "load_before": load, "load_after": os.getloadavg()[0]},
              "corpus": "synthetic" if arguments.corpus is None else arguments.corpus.name,
              "epochs": arguments.epochs, "rounds": arguments.rounds, "networks": networks}
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "data_wait.json").write_text(json.dumps(report, indent=2) + "\n")
    (arguments.results / "data_wait.md").write_text(table(report))
    print(table(report))


if __name__ == "__main__":
    main()
