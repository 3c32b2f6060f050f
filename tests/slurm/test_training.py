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
            # Open MPI 4.1.4 itself crashes in about one of a hundred starts of this kind.
            job = self.submit_training(nodes=nodes, PARLANDO_MPI="pmix", REQUEUE_AFTER_LOSS="yes")
            self.expect_completed(job)
        self.assertIn("connected by             mpi", self.log())
        self.expect_uninterrupted(self.folder() / "run")

    def test_without_mpi_meet_over_tcp(self):
        with self.cluster.nodes(2) as nodes:
            # These nodes' names are known to SLURM alone.
            self.expect_completed(self.submit_training(nodes=nodes, PARLANDO_MPI="none", MASTER_ADDR="127.0.0.1"))
        self.assertIn("connected by             tcp", self.log())
        self.expect_uninterrupted(self.folder() / "run")

    def test_mpirun_inside_a_job_counts_its_own_ranks(self):
        train = f"train --config {self.workplace.config} --data {self.workplace.data} --run {self.folder()}/run"
        script = self.script(f"mpirun -np 2 {self.workplace.home}/bin/parlando {train}")
        with self.cluster.nodes(1) as nodes:
            job = self.cluster.submit(script, "--ntasks=2", "--nodes=1", "--nodelist", *nodes, "--output",
                                      self.folder() / "log", OMPI_ALLOW_RUN_AS_ROOT="1",
                                      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
            self.expect_completed(job)
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

    def test_by_a_signal_to_the_script_alone(self):
        with self.cluster.nodes(2) as nodes:
            job = self.submit_training(nodes=nodes, tasks=1, FIRST_START=slow(400), PARLANDO_MPI="none",
                                       MASTER_ADDR="127.0.0.1")
            self.wait_for_checkpoints(self.folder() / "run", 2)
            # As --signal=B:USR1@120 does.
            self.cluster.client("scancel", "--batch", "--signal=USR1", job)
            self.expect_continued(job)

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
            # SLURM looks at limits every half minute only and sends the signal early rather than late: 20 to 50 s after
            # the start. The 90 steps would take longer than the minute.
            job = self.submit_training("--time=1", "--signal=USR1@10", nodes=nodes, FIRST_START=slow(1000))
            self.expect_continued(job)
        self.assertIn(f"job {job} goes back into the queue", self.log())

    def test_by_scancel_stays_ended_until_it_is_submitted_again(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, FIRST_START=slow(400))
            self.wait_for_checkpoints(self.folder() / "run", 2)
            self.cluster.client("scancel", job)
            ended = self.cluster.wait(job)
            self.assertEqual((ended["JobState"], ended["Restarts"]), ("CANCELLED", "0"), self.log())
            self.assertIn("stopped on request after epoch", self.log())
            self.expect_completed(self.submit_training(nodes=nodes))
        self.expect_uninterrupted(self.folder() / "run")

    def test_by_the_death_of_a_rank(self):
        with self.cluster.nodes(2) as nodes:
            job = self.submit_training(nodes=nodes, tasks=1, REQUEUE_AFTER_LOSS="yes",
                                       FIRST_START="kill 1 2 4 training step")
            self.expect_continued(job)

    def test_by_the_loss_of_a_daemon_whose_tasks_go_on(self):
        with self.cluster.nodes(2) as nodes:
            job = self.submit_to_some_of(nodes, "--nodes=1", FIRST_START=slow(700))
            tasks = self.lose(job, self.cluster.show(job)["BatchHost"])
            self.assertEqual([pid for pid in tasks if pid not in self.tasks_of(job)], [], "the old tasks live on")
            self.expect_continued(job)
            wait_until(lambda: not set(tasks) & set(self.tasks_of(job)), 60, "the end of the old tasks")
        log = (self.folder() / "run" / "logs" / "rank-0000.log").read_text()
        self.assertRegex(log, "start 2 of this run .* has taken over; this is start 1, which writes no more")

    def test_by_the_loss_of_one_of_two_daemons(self):
        """The rank that SLURM can still tell to stop agrees on it with the one that it has lost."""
        with self.cluster.nodes(3) as nodes:
            job = self.submit_to_some_of(nodes, "--nodes=2", tasks=1, FIRST_START=slow(700))
            allocated = self.cluster.client("scontrol", "show", "hostnames", self.cluster.show(job)["NodeList"])
            (lost,) = set(allocated.stdout.split()) - {self.cluster.show(job)["BatchHost"]}
            self.lose(job, lost)
            self.expect_continued(job)

    def submit_to_some_of(self, nodes, *options, **settings):
        job = self.submit_training(*options, *self.among(nodes), nodes=(), **settings)
        self.wait_for_checkpoints(self.folder() / "run", 1)
        return job

    def lose(self, job, node):
        """Kills the node's daemon; returns the job's tasks of then once it runs elsewhere."""
        tasks = self.tasks_of(job)
        self.assertEqual(len(tasks), 2)
        self.lose_daemon(job, node)
        return tasks

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
