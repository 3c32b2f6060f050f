"""preprocess.sbatch: the same bytes as one process."""

from cases import PREPROCESS_KEYS, SlurmCase


class Preprocessing(SlurmCase):
    seconds = 15

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

    def test_refuses_tasks_of_an_array(self):
        with self.cluster.nodes(1) as nodes:
            job = self.submit_preprocessing("--array=0-1", "--ntasks-per-node=2", nodes=nodes)
            self.assertEqual(self.cluster.wait(f"{job}_0")["ExitCode"], "2:0")
        self.assertIn("use --array, or several tasks without it", self.log())
