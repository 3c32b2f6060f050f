#!/usr/bin/env python3
"""librosa + joblib (loky) on all cores: prints the seconds that a recipe takes, start and warm-up of the workers
left out. Each worker keeps its arrays and returns their shapes alone.

  peer.py RECIPE CORPUS [--every N] [--workers N]"""

import argparse
import json
import os
import pathlib
import time

from joblib import Parallel, delayed

import recipes

KEPT = []


def process(name, paths):
    arrays = [recipes.FEATURES[name](recipes.WAVEFORMS[name](path)) for path in paths]
    KEPT.extend(arrays)
    return [array.shape for array in arrays]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", choices=sorted(recipes.FEATURES))
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1, help="every N-th clip alone")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    paths = recipes.clips(arguments.corpus)[:: arguments.every]
    chunk = max(1, min(32, len(paths) // (4 * arguments.workers)))
    chunks = [paths[i:i + chunk] for i in range(0, len(paths), chunk)]
    with Parallel(n_jobs=arguments.workers, backend="loky") as workers:
        # Twice as many tasks as workers, so that each has imported, compiled and allocated.
        workers(delayed(process)(arguments.recipe, paths[:2]) for _ in range(2 * arguments.workers))
        start = time.perf_counter()
        shapes = workers(delayed(process)(arguments.recipe, part) for part in chunks)
        seconds = time.perf_counter() - start
    print(json.dumps({"clips": sum(len(part) for part in shapes), "seconds": seconds}))


if __name__ == "__main__":
    main()
