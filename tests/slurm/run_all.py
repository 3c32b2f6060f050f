"""Runs the tests of every test_*.py here on one SLURM, side by side.

    run_all.py [NAME...]       only tests whose name contains one of these words

Without SLURM or root it skips (exit code 77) and says why; with PARLANDO_REQUIRE_SLURM=1 that is a failure."""

import concurrent.futures
import os
import pathlib
import signal
import sys
import tempfile
import time
import unittest

import cluster
from cases import SlurmCase, Workplace, note

SKIPPED = 77
SIDE_BY_SIDE = 6


def tests(words):
    found = []
    for suite in unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), "test_*.py"):
        for cases in suite:
            if isinstance(cases, unittest.TestCase):  # a file that cannot be read
                found.append(cases)
            else:
                found.extend(cases)
    if words:
        found = [case for case in found if any(word in case.id() for word in words)]
    return sorted(found, key=lambda case: -getattr(case, "seconds", 0))


def run(case):
    start = time.monotonic()
    result = unittest.TestResult()
    case.run(result)
    failed = result.errors + result.failures
    note(f"{'FAILED' if failed else 'passed'} {case.id()} ({time.monotonic() - start:.1f} s)")
    for _, text in failed:
        note(text)
    return not failed


def main():
    reason = cluster.missing()
    if reason is not None:
        note(f"no SLURM here: {reason}")
        return 1 if os.environ.get("PARLANDO_REQUIRE_SLURM") == "1" else SKIPPED
    cases = tests(sys.argv[1:])
    if not cases:
        note("no test has such a name")
        return 1
    with tempfile.TemporaryDirectory(prefix="parlando-slurm-work-") as folder, cluster.Cluster() as slurm, \
            concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        SlurmCase.cluster = slurm
        SlurmCase.workplace = Workplace(folder)
        SlurmCase.whole = pool.submit(SlurmCase.workplace.train_uninterrupted)
        passed = list(pool.map(run, cases))
    note(f"{sum(passed)} of {len(passed)} passed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
