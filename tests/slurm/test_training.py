"""train.sbatch: the same numbers as under mpirun, however often the job is interrupted."""

import os
import pathlib

from cases import SlurmCase, slow
from cluster import wait_until


class TwoNodes(SlurmCase):
    """With two tasks each."""

    seconds = 20

    def test_over_pmix_equal_mpirun(self):
        with self.cluster.nodes(2) as nodes:
            self.expect_completed(self.submit_training(nodes=nodes, PARLANDO_MPI="pmix"))
        self.assertIn("connected by             mpi", self.log())
        self.expect_uninterrupted(self.folder() / "run")

    def test_without_mpi_meet_over_tcp(self):
        with self.cluster.nodes(2) as nodes:
            # These nodes' names are known to SLURM alone.
            self.expect_completed(self.submit_training(nodes=nodes, PARLANDO_MPI="none", MASTER_ADDR="127.0.0.1"))
        self.assertIn("connected by             tcp", self.log())
        self.expect_uninterrupted(self.folder() / "run")

    def test_read_a_copy_on_their_own_disks(self):
        stage = self.folder() / "disk"
        with self.cluster.nodes(2) as nodes:
            self.expect_completed(self.submit_training(nodes=nodes, tasks=1, PARLANDO_STAGE=stage))
        (copy,) = [path for path in stage.iterdir() if path.is_dir()]
        self.assertEqual((copy / "manifest.json").read_bytes(), (self.workplace.data / "manifest.json").read_bytes())
        self.assertIn(str(copy), (self.folder() / "run" / "environment.json").read_text())
        self.expect_uninterrupted(self.folder() / "run")


class Interrupted(SlurmCase):
    """The first start is slow, so that something can happen to it."""

    seconds = 60

    def expect_continued(self, job, seconds=120):
        ended = self.expect_completed(job, seconds)
        self.assertEqual(ended["Restarts"], "1", self.log())
        self.assertIn("continuing after epoch", self.log())
        self.expect_uninterrupted(self.folder() / "run")

    def test_by_scontrol_requeue(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, FIRST_START=slow(400))
            self.wait_for_checkpoints(self.folder() / "run", 2)
            self.cluster.client("scontrol", "requeue", job)
            self.expect_continued(job)
        self.assertIn("SLURM puts it back into the queue", self.log())

    def test_by_a_job_of_a_higher_partition(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training("--partition=scavenge", nodes=nodes, FIRST_START=slow(400))
            self.wait_for_checkpoints(self.folder() / "run", 2)
            urgent = self.cluster.submit(self.script("sleep 1"), "--partition=main", "--nodes=1", "--ntasks=4",
                                         "--output=/dev/null", "--nodelist", *nodes)
            self.assertEqual(self.cluster.wait(urgent)["JobState"], "COMPLETED")
            self.expect_continued(job)

    def test_by_the_time_limit(self):
        with self.cluster.nodes(1) as nodes:
            # SLURM looks at limits every half minute only. The 90 steps would take longer than the minute.
            job = self.submit_training("--time=1", "--signal=USR1@50", nodes=nodes, FIRST_START=slow(1000))
            self.expect_continued(job)
        self.assertIn(f"job {job} goes back into the queue", self.log())

    def test_by_the_loss_of_a_daemon_whose_tasks_go_on(self):
        with self.cluster.nodes(2) as nodes:
            others = ",".join(name for name in self.cluster.node_names if name not in nodes)
            job = self.submit_training("--nodes=1", "--exclude", others, nodes=(), FIRST_START=slow(700))
            self.wait_for_checkpoints(self.folder() / "run", 1)
            lost = self.cluster.show(job)["BatchHost"]
            tasks = self.tasks_of(job)
            self.assertEqual(len(tasks), 2)
            self.cluster.kill_slurmd(lost)
            try:
                wait_until(lambda: self.cluster.show(job)["JobState"] == "RUNNING" and
                           self.cluster.show(job)["Restarts"] == "1", 90, "a restart elsewhere")
                self.assertEqual([pid for pid in tasks if pid not in self.tasks_of(job)], [], "the old tasks live on")
                self.expect_continued(job)
                wait_until(lambda: not set(tasks) & set(self.tasks_of(job)), 60, "the end of the old tasks")
            finally:
                self.cluster.start_slurmd(lost)
        log = (self.folder() / "run" / "logs" / "rank-0000.log").read_text()
        self.assertRegex(log, "start 2 of this run .* has taken over; this is start 1, which writes no more")

    def script(self, commands):
        path = self.folder() / "script.sh"
        path.write_text(f"#!/bin/sh\n{commands}\n")
        return path

    def tasks_of(self, job):
        """Process ids of the job's trainers."""
        found = []
        for pid in self.cluster.processes():
            try:
                folder = pathlib.Path("/proc") / str(pid)
                trains = os.readlink(folder / "exe").endswith("faulty_train")
                if trains and f"SLURM_JOB_ID={job}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(pid)
            except OSError:
                continue
        return found


class Array(SlurmCase):
    seconds = 30

    def test_requeues_the_one_element_that_was_stopped(self):
        run = self.folder() / "run"
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training("--array=0-3", nodes=nodes, tasks=1, RUN=f"{run}-%a", FIRST_START=slow(200))
            for element in range(4):
                self.wait_for_checkpoints(self.folder() / f"run-{element}", 1)
            # The last one's SLURM_JOB_ID is that of the array.
            self.assertEqual(self.cluster.show(f"{job}_3")["JobId"], job)
            self.cluster.client("scancel", "--signal=USR1", f"{job}_3")
            for element in range(4):
                ended = self.expect_completed(f"{job}_{element}")
                self.assertEqual(ended["Restarts"], "1" if element == 3 else "0")
                self.expect_uninterrupted(self.folder() / f"run-{element}")

    def test_wants_a_folder_for_each_element(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training("--array=0-1", nodes=nodes, tasks=1)
            self.assertEqual(self.cluster.wait(f"{job}_0")["ExitCode"], "2:0")
        self.assertIn("put %a into it", self.log())
