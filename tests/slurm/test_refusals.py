"""What does not fit is said once, with what to do, and is not requeued."""

import pathlib

from cases import SlurmCase, slow


class Refused(SlurmCase):
    seconds = 10

    def expect_refused(self, job, code, *texts):
        ended = self.cluster.wait(job)
        self.assertEqual((ended["JobState"], ended["ExitCode"]), ("FAILED", f"{code}:0"), self.log())
        self.assertEqual(ended["Restarts"], "0", self.log())
        for text in texts:
            self.assertIn(text, self.log())

    def test_a_key_that_is_none(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, OVERRIDES="epoch=3", PREFLIGHT="no")
            self.expect_refused(job, 2, "epoch", "did you mean 'epochs'")

    def test_a_folder_that_cannot_be_made(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, RUN="/proc/run")
            self.expect_refused(job, 4, "RUN=/proc/run cannot be made on")

    def test_a_folder_that_cannot_be_written(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, RUN="/proc")
            self.expect_refused(job, 4, "/proc/logs cannot be written")

    def test_a_plugin_that_srun_lacks(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, PARLANDO_MPI="pmix_v9")
            self.expect_refused(job, 2, "srun has no such plugin", "PARLANDO_MPI=none")

    def test_a_dataset_that_is_not_finished(self):
        with self.cluster.nodes(1) as nodes:
            (self.folder() / "data").mkdir()
            disk = self.folder() / "disk"
            job = self.submit_training(nodes=nodes, DATA=self.folder() / "data", PARLANDO_STAGE=disk, PREFLIGHT="no")
            self.expect_refused(job, 4, "is no finished dataset")
            job = self.submit_training(nodes=nodes, PARLANDO_STAGE="/proc/disk", PREFLIGHT="no")
            self.expect_refused(job, 4, "cannot be copied to /proc/disk of every node")

    def test_fewer_gpus_than_tasks(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training("--gpus-per-node=1", nodes=nodes)
            self.expect_refused(job, 2, f"{nodes[0]} has 2 task(s) for 1 GPU(s)", "--gpus-per-node=N",
                                "nothing was started")

    def test_programs_that_are_not_there(self):
        with self.cluster.nodes(1) as nodes:
            home = self.folder()
            (home / "slurm").symlink_to(self.workplace.home / "slurm")
            path = self.without("parlando")
            job = self.submit_training(nodes=nodes, PARLANDO_HOME=home, PATH=path)
            self.expect_refused(job, 2, "no program 'parlando' on PATH", f"PARLANDO_HOME={home}")

    def test_modules_without_a_module_command(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, PARLANDO_MODULES="gcc openmpi")
            self.expect_refused(job, 2, "there is no 'module' command here")

    def test_a_stop_without_scontrol_says_to_submit_again(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, PATH=self.without("scontrol"), FIRST_START=slow(300), PREFLIGHT="no")
            self.wait_for_checkpoints(self.folder() / "run", 1)
            self.cluster.client("scancel", "--signal=USR1", job)
            self.expect_refused(job, 85, "no scontrol here", "submit it again")

    def without(self, program):
        """A folder with all the system's programs but this one."""
        folder = self.folder() / "programs"
        folder.mkdir()
        for path in pathlib.Path("/usr/bin").iterdir():
            if path.name != program:
                (folder / path.name).symlink_to(path)
        return folder


class WithoutProgress(SlurmCase):
    seconds = 40

    def test_a_job_gives_up(self):
        program = self.folder() / "bin" / "parlando"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\nexit 85\n")
        program.chmod(0o755)
        (self.folder() / "slurm").symlink_to(self.workplace.home / "slurm")
        with self.cluster.nodes(1) as nodes:
            job = self.submit_training(nodes=nodes, PARLANDO_HOME=self.folder(), RESTARTS_AT_ONE_PLACE=2, PREFLIGHT="no")
            ended = self.cluster.wait(job)
        self.assertEqual((ended["JobState"], ended["ExitCode"], ended["Restarts"]), ("FAILED", "85:0", "2"), self.log())
        self.assertIn("has started 2 times at 'the beginning' and got no further", self.log())


class Doctor(SlurmCase):
    def doctor(self, nodes, command):
        return self.cluster.client("srun", "--nodes", len(nodes), "--ntasks-per-node=1", "--nodelist", ",".join(nodes),
                                   "--mpi=pmix", "bash", "-c", command, PARLANDO=str(self.workplace.home / "bin" / "parlando"),
                                   FOLDER=str(self.folder()))

    def test_names_the_node_whose_folder_is_another_one(self):
        with self.cluster.nodes(2) as nodes:
            for node in nodes:
                (self.folder() / node / "here").mkdir(parents=True)
            done = self.doctor(nodes, "cd $FOLDER/$SLURMD_NODENAME && $PARLANDO doctor --job --shared here")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"{nodes[1]}: here: not the folder of rank 0's node", done.stdout)
        self.assertIn("this job does not fit: here", done.stderr)

    def test_is_content_with_equal_nodes(self):
        with self.cluster.nodes(2) as nodes:
            done = self.doctor(nodes, "$PARLANDO doctor --job --shared $FOLDER")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 on 2 node(s)", done.stdout)
        self.assertEqual(list(self.folder().iterdir()), [])
