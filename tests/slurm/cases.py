"""What the tests share: a small dataset, a training recipe of seconds, and the programs with a trainer that can be slow."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

from cluster import wait_until

SOURCE = pathlib.Path(os.environ["PARLANDO_SOURCE"])
BIN = pathlib.Path(os.environ["PARLANDO_BIN"])
FAULTY_TRAIN = BIN.parent / "tests" / "faulty_train"
PREPROCESS_KEYS = ["features.0.n_mels=16", "features.0.hop_length=1024", "split.by=emotion", "shard_bytes=65536"]

TRAIN = {
    "name": "slurm", "seed": 5, "epochs": 5, "batch_size": 8, "threads": 1, "log_steps": True,
    "input": {"frames": 32},
    "model": {"conv": [{"filters": 4, "kernel": 3, "pool": 2, "dropout": 0.2}], "lstm": {"hidden": 8}},
    # Every number of ranks up to four then gives the same bits.
    "distributed": {"micro_shards": 4, "timeout_seconds": 60},
    "checkpoint": {"every_steps": 2, "keep": 3},
}

# PARLANDO_HOME of the jobs. FIRST_START is what happens to the first start of a job, and not to later ones: to training a
# fault of faulty_train, to preprocessing a signal.
PROGRAM = """\
#!/bin/bash
if [ "${{SLURM_RESTART_COUNT:-0}}" != 0 ]; then unset FIRST_START; fi
if [ "$1" = train ]; then
  shift
  if [ -n "${{FIRST_START:-}}" ]; then export PARLANDO_TEST_FAULT=$FIRST_START; fi
  exec {faulty_train} "$@"
fi
if [ "$1" != preprocess ] || [ -z "${{FIRST_START:-}}" ]; then exec {bin}/parlando "$@"; fi
{bin}/parlando "$@" &
# As soon as it does something; it has a second's work.
until compgen -G "$OUT/.lock-*" > /dev/null; do sleep 0.01; done
kill -s "$FIRST_START" $!
wait $!
"""


def slow(milliseconds):
    """FIRST_START of a trainer that takes so long for each step."""
    return f"slow{milliseconds} 0 0 0 training step"


class Workplace:
    """Below one folder: home/ (PARLANDO_HOME), corpus/, data/, train.yaml, whole/ (the uninterrupted run)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.corpus = self.folder / "corpus"
        self.data = self.folder / "data"
        self.recipe = SOURCE / "configs" / "preprocess" / "mel128.yaml"
        self.config = self.folder / "train.yaml"
        (self.home / "bin").mkdir(parents=True)
        for name in ("slurm", "configs"):
            (self.home / name).symlink_to(SOURCE / name)
        program = self.home / "bin" / "parlando"
        program.write_text(PROGRAM.format(bin=BIN, faulty_train=FAULTY_TRAIN))
        program.chmod(0o755)
        self.config.write_text(json.dumps(TRAIN))
        self._run(BIN / "parlando", "synth", self.corpus, "--clips", "100", "--seed", "3", "--threads", "1")
        self._run(BIN / "parlando", "preprocess", "--config", self.recipe, "--corpus", self.corpus, "--out", self.data,
                  *PREPROCESS_KEYS)

    def train_uninterrupted(self):
        """On four ranks under mpirun."""
        run = self.folder / "whole"
        self._run("mpirun", "-np", "4", "--oversubscribe", "--bind-to", "none", BIN / "parlando", "train", "--config",
                  self.config, "--data", self.data, "--run", run)
        return run

    @staticmethod
    def _run(*command):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SLURM_")}
        environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"{command}: {done.stderr}")


def numbers(path):
    """The lines of metrics.jsonl without those numbers that time decides."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("seconds", "samples_per_second", "data_wait")} for line in lines]


class SlurmCase(unittest.TestCase):
    """A test on the shared cluster; run_all.py sets the three below. `seconds` says about how long the longest takes: the
    longest start first."""

    cluster = None
    workplace = None
    whole = None  # future of the uninterrupted run's folder
    seconds = 10

    def folder(self):
        folder = self.workplace.folder / self.id()
        folder.mkdir(exist_ok=True)
        return folder

    def submit(self, script, *options, nodes=(), **environment):
        """One of slurm/; the job's log is <folder>/log."""
        home = self.workplace.home
        placed = ["--nodes", len(nodes), "--nodelist", ",".join(nodes)] if nodes else []
        environment = {"PARLANDO_HOME": home, "HDF5_USE_FILE_LOCKING": "FALSE", **environment}
        return self.cluster.submit(home / "slurm" / script, "--output", self.folder() / "log", "--cpus-per-task=1",
                                   "--time=10", *placed, *options, **environment)

    def among(self, nodes):
        """Options of sbatch: SLURM chooses some of these."""
        return "--exclude", ",".join(name for name in self.cluster.node_names if name not in nodes)

    def lose_daemon(self, job, node):
        """Kills the node's slurmd, not its tasks; returns once the job was started elsewhere."""
        self.cluster.kill_slurmd(node)
        self.addCleanup(self.cluster.start_slurmd, node)

        def restarted():
            job_now = self.cluster.show(job)
            return job_now["Restarts"] == "1" and job_now["JobState"] in ("RUNNING", "COMPLETED")

        wait_until(restarted, 90, "a restart elsewhere")

    def submit_training(self, *options, nodes, tasks=2, **environment):
        """train.sbatch on `nodes` with `tasks` on each; the run is <folder>/run."""
        settings = {"CONFIG": self.workplace.config, "DATA": self.workplace.data, "RUN": self.folder() / "run"}
        return self.submit("train.sbatch", f"--ntasks-per-node={tasks}", *options, nodes=nodes, **{**settings, **environment})

    def script(self, commands):
        """A batch script of these lines."""
        path = self.folder() / "script.sh"
        path.write_text(f"#!/bin/sh\n{commands}\n")
        return path

    def log(self):
        path = self.folder() / "log"
        return path.read_text() if path.exists() else ""

    def expect_completed(self, job, seconds=120):
        ended = self.cluster.wait(job, seconds)
        self.assertEqual((ended["JobState"], ended["ExitCode"]), ("COMPLETED", "0:0"), f"{ended}\n{self.log()}")
        return ended

    def expect_uninterrupted(self, run):
        """The run's parameters, metrics, steps and predictions are those of the uninterrupted one, to the bit."""
        whole = self.whole.result()
        for name in ("model/model.safetensors", "predictions-test.jsonl", "steps.jsonl"):
            self.assertEqual((run / name).read_bytes(), (whole / name).read_bytes(), f"{name}\n{self.log()}")
        self.assertEqual(numbers(run / "metrics.jsonl"), numbers(whole / "metrics.jsonl"))

    def checkpoints(self, run):
        return sorted(path.parent.name for path in run.glob("checkpoints/*/DONE"))

    def wait_for_checkpoints(self, run, count):
        try:
            wait_until(lambda: len(self.checkpoints(run)) >= count, 60, f"{count} checkpoints")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None


def note(text):
    print(text, file=sys.stderr, flush=True)
