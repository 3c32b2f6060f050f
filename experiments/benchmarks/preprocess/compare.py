#!/usr/bin/env python3
"""Speed of preprocessing: ours (whole process, from start to durable shards in a fresh folder), librosa + joblib, and
the floor (decode, resample, one transform a frame), interleaved; medians as a table and JSON.

  compare.py --corpus RAVDESS --bin build/bin --tools build/bench-preprocess --results DIR
             [--recipes mel128,mfcc121] [--repetitions 5] [--every stack187=20]

The machine has to be quiet: the load before and the processor time that other programs took are in the result."""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import recipes

HERE = pathlib.Path(__file__).resolve().parent
CORES = len(os.sched_getaffinity(0))
BACKED_MEBIBYTES = 512  # more than the shards of a run


def busy_seconds():
    """Processor time that the whole machine has spent, without idling and waiting."""
    fields = [int(f) for f in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def timed(command):
    start = time.perf_counter()
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stderr}")
    return time.perf_counter() - start, result.stdout


class Contest:
    def __init__(self, arguments):
        self.arguments = arguments
        self.seconds = {}  # (recipe, contestant) -> a list
        self.clips = len(recipes.clips(arguments.corpus))

    def note(self, recipe, contestant, seconds):
        self.seconds.setdefault((recipe, contestant), []).append(seconds)
        print(f"{recipe:9} {contestant:14} {seconds:8.2f} s", file=sys.stderr, flush=True)

    def prepare(self):
        """Before each run, so that all find the same machine. A virtual machine gets its memory when it first touches it
        and gives it back when it is free: who writes files would pay for that, who only reads would not. And the clips
        have to be in the page cache for all or for none."""
        with tempfile.TemporaryFile(dir=self.arguments.scratch) as file:
            for _ in range(BACKED_MEBIBYTES):
                file.write(bytes(1 << 20))
        for path in recipes.clips(self.arguments.corpus):
            pathlib.Path(path).read_bytes()

    def ours(self, recipe, threads):
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=self.arguments.scratch))
        try:
            seconds, _ = timed([self.arguments.bin / "parlando-preprocess", "--config",
                                HERE.parents[2] / "configs" / "preprocess" / f"{recipe}.yaml", "--corpus",
                                self.arguments.corpus, "--out", scratch / "data", "--threads", threads,
                                "variants.copies=0"])
        finally:
            shutil.rmtree(scratch)
        self.note(recipe, f"ours-{threads}", seconds)

    def floor(self, recipe, threads):
        seconds, _ = timed([self.arguments.tools / "bench_floor", self.arguments.corpus, "--seconds",
                            recipes.SECONDS[recipe], "--threads", threads])
        self.note(recipe, f"floor-{threads}", seconds)

    def peer(self, recipe):
        every = self.arguments.every.get(recipe, 1)
        _, out = timed([sys.executable, HERE / "peer.py", recipe, self.arguments.corpus, "--every", every])
        result = json.loads(out)
        self.note(recipe, "librosa", result["seconds"] * self.clips / result["clips"])

    def run(self):
        for _ in range(self.arguments.repetitions):
            for recipe in self.arguments.recipes:
                self.prepare()
                self.peer(recipe)
                for threads in dict.fromkeys((CORES, 1)):
                    self.prepare()
                    self.ours(recipe, threads)
                    self.prepare()
                    self.floor(recipe, threads)

    def summary(self, recipe):
        median = {who: statistics.median(times) for (name, who), times in self.seconds.items() if name == recipe}
        ours, floor, peer = median[f"ours-{CORES}"], median[f"floor-{CORES}"], median["librosa"]
        scaling = {who: median[f"{who}-1"] / median[f"{who}-{CORES}"] for who in ("ours", "floor")}
        return {"seconds": {who: times for (name, who), times in self.seconds.items() if name == recipe},
                "median_seconds": median, "clips_per_second": self.clips / ours, "times_librosa": peer / ours,
                "times_floor": ours / floor, "scaling": scaling,
                "scaling_against_floor": scaling["ours"] / scaling["floor"],
                "librosa_every_nth_clip": self.arguments.every.get(recipe, 1)}


def table(report):
    lines = ["| recipe | librosa + joblib | ours | floor | faster than librosa | time of the floor | "
             f"1 to {CORES} threads: ours | floor | ratio |", "|---|---|---|---|---|---|---|---|---|"]
    for name, row in report["recipes"].items():
        median, scaling = row["median_seconds"], row["scaling"]
        nth = row["librosa_every_nth_clip"]
        peer = f"{median['librosa']:.2f} s" + (f" (from every {nth}th clip)" if nth > 1 else "")
        lines.append(f"| {name} | {peer} | {median[f'ours-{CORES}']:.2f} s | {median[f'floor-{CORES}']:.2f} s | "
                     f"{row['times_librosa']:.2f} x | {row['times_floor']:.2f} x | {scaling['ours']:.2f} | "
                     f"{scaling['floor']:.2f} | {row['scaling_against_floor']:.3f} |")
    return "\n".join(lines) + "\n"


def parse_every(text):
    return {name: int(n) for name, n in (part.split("=") for part in text.split(",") if part)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpus", "bin", "tools", "results"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, help="where the shards go; default: temporary files")
    parser.add_argument("--recipes", type=lambda text: text.split(","), default=list(recipes.FEATURES))
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--every", type=parse_every, default={"stack187": 20})
    arguments = parser.parse_args()
    for path in recipes.clips(arguments.corpus):
        pathlib.Path(path).read_bytes()  # from here on all read from memory
    contest = Contest(arguments)
    load, busy, own = os.getloadavg()[0], busy_seconds(), own_seconds()
    contest.run()
    report = {"machine": {"cores": CORES, "processor": platform.processor() or platform.machine(),
                          "load_before": load,
                          "foreign_seconds": busy_seconds() - busy - (own_seconds() - own)},
              "clips": contest.clips, "repetitions": arguments.repetitions,
              "recipes": {name: contest.summary(name) for name in arguments.recipes}}
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "speed.json").write_text(json.dumps(report, indent=2) + "\n")
    (arguments.results / "speed.md").write_text(table(report))
    print(table(report))


if __name__ == "__main__":
    main()
