"""preprocess.sbatch: the same bytes as one process."""

import contextlib
import os
import pathlib
import signal

from cases import PREPROCESS_KEYS, SlurmCase
from cluster import wait_until


class Preprocessing(SlurmCase):
    seconds = 45

    def submit_preprocessing(self, *options, nodes, **environment):
        settings = {"CORPUS": self.workplace.corpus, "OUT": self.folder() / "data", "CONFIG": self.workplace.recipe,
                    "OVERRIDES": " ".join(PREPROCESS_KEYS)}
        return self.submit("preprocess.sbatch", *options, nodes=nodes, **{**settings, **environment})

    def expect_the_same_dataset(self):
        own, expected = self.folder() / "data", self.workplace.data
        shards = sorted(path.name for path in expected.glob("shard-*.h5"))
        self.assertGreater(len(shards), 4)
        self.assertEqual(sorted(path.name for path in own.glob("shard-*.h5")), shards)
        for name in (*shards, "manifest.json"):
            self.assertEqual((own / name).read_bytes(), (expected / name).read_bytes(), name)

    def test_as_an_array_of_four(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_preprocessing("--array=0-3", nodes=nodes)
            for element in range(4):
                self.expect_completed(f"{job}_{element}")
        self.expect_the_same_dataset()

    def test_as_tasks_of_two_nodes(self):
        with self.cluster.nodes(2) as nodes:
            self.expect_completed(self.submit_preprocessing("--ntasks-per-node=2", nodes=nodes))
        self.expect_the_same_dataset()

    def test_one_part_again(self):
        # As a preflight that was killed leaves it.
        (self.folder() / "data" / ".parlando-doctor.tmp-slurm-1.0.0").mkdir(parents=True)
        (self.folder() / "data" / ".parlando-doctor.tmp-slurm-1.0.0" / "rank-0").write_text("")
        with self.cluster.nodes(1) as nodes:
            job = self.submit_preprocessing("--array=0,2-3", nodes=nodes)
            for element in (0, 2, 3):
                self.expect_completed(f"{job}_{element}")
            self.assertFalse((self.folder() / "data" / "manifest.json").exists())
            self.expect_completed(self.submit_preprocessing("--array=1", nodes=nodes, PARTS=4) + "_1")
        self.expect_the_same_dataset()

    def test_that_is_stopped_is_requeued_and_continues(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_preprocessing(nodes=nodes, FIRST_START="USR1")
            ended = self.expect_completed(job)
            self.assertEqual(ended["Restarts"], "1", self.log())
        self.expect_the_same_dataset()

    def test_of_a_node_that_was_lost_is_made_elsewhere(self):
        with self.cluster.nodes(2) as nodes:
            job = self.submit_preprocessing("--nodes=1", *self.among(nodes), nodes=(), FIRST_START="STOP")
            old = wait_until(lambda: self.stopped_programs(job), 30, "a program that stands still with its lock")
            self.lose_daemon(job, self.cluster.show(job)["BatchHost"])
            self.expect_completed(job)
            self.expect_the_same_dataset()
            for pid in old:
                os.kill(pid, signal.SIGCONT)
            wait_until(lambda: not set(old) & set(self.cluster.processes()), 60, "the end of the old program")
        self.expect_the_same_dataset()

    def stopped_programs(self, job):
        """Process ids of the job's programs that were stopped by a signal."""
        found = []
        for pid in self.cluster.processes():
            with contextlib.suppress(OSError):
                folder = pathlib.Path("/proc") / str(pid)
                is_stopped = "State:\tT" in (folder / "status").read_text()
                if is_stopped and f"SLURM_JOB_ID={job}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(pid)
        return found

    def test_refuses_tasks_of_an_array(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_preprocessing("--array=0-1", "--ntasks-per-node=2", nodes=nodes)
            self.assertEqual(self.cluster.wait(f"{job}_0")["ExitCode"], "2:0")
        self.assertIn("use --array, or several tasks without it", self.log())
