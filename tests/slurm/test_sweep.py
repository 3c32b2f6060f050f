"""A sweep as array jobs: completes, names what fails, submits only that again, and loses nothing to requeues."""

import json

from cases import BIN, SlurmCase
from cluster import wait_until

FAILING = [7, 12, 23]


def learning_rates():
    """The loss of some is not finite."""
    return [10.0 ** (30 + i % 7) if i in FAILING else round((i + 1) * 1e-3, 3) for i in range(24)]


class Sweep(SlurmCase):
    seconds = 60

    def setUp(self):
        self.out = self.folder() / "sweep"

    def write_sweep(self, parameters, nodes, keys=None, **slurm):
        others = [name for name in self.cluster.node_names if name not in nodes]
        slurm = {"timeout_min": 5, "signal_delay_s": 0, "additional_parameters": {"exclude": ",".join(others)}, **slurm}
        config = {"name": "slurm-sweep", "method": "grid", "train": str(self.workplace.config),
                  "data": str(self.workplace.data), "metric": {"name": "validation_uar"}, "parameters": parameters,
                  "slurm": slurm, **(keys or {})}
        path = self.folder() / "sweep.yaml"
        path.write_text(json.dumps(config))
        return path

    def sweep(self, action, *options):
        done = self.cluster.client(BIN / "parlando", "sweep", action, "--out", self.out, "--json", *options,
                                   PARLANDO_HOME=str(self.workplace.home))
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout) if done.stdout else {}

    def rounds(self, number):
        return json.loads((self.out / "rounds" / f"{number:04}.json").read_text())

    def results(self):
        return json.loads((self.out / "results.json").read_text())

    def outcomes(self):
        return {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in (self.out / "outcomes").glob("*.json")}

    def test_completes_names_what_fails_and_submits_only_that_again(self):
        with self.cluster.nodes(2) as nodes:
            config = self.write_sweep({"optimizer.learning_rate": {"values": learning_rates()}, "epochs": {"value": 2}},
                                      nodes, trials_per_element=2, array_parallelism=4)
            first = self.sweep("submit", "--config", config)
            # MaxArraySize is 9: twelve elements are two array jobs.
            self.assertEqual([job["count"] for job in self.rounds(1)["jobs"]], [9, 3])
            # One element goes back into the queue, and the others do not notice.
            wait_until(lambda: self.outcomes(), 60, "a finished trial")
            self.cluster.client("scontrol", "requeue", f"{first['jobs'][0]}_1")
            self.assertEqual(self.sweep("submit"), {}, "trials that are queued are not submitted again")

            collector = self.cluster.wait(first["collector"], 180)
            logs = "\n".join(path.read_text() for path in (self.out / "rounds" / "0001-logs").glob("*.log"))
            self.assertEqual((collector["JobState"], collector["ExitCode"]), ("FAILED", "3:0"), logs)
            results = self.results()
            self.assertEqual((results["failed"], results["missing"]), (FAILING, []), logs)
            self.assertEqual(sum(trial["status"] == "finished" for trial in results["trials"]), 21)
            self.assertIn("failed: 3 of 24 trials: 7, 12, 23: ", logs)
            self.assertTrue((self.out / "report" / "index.html").exists())

            before = self.outcomes()
            second = self.sweep("submit")
            self.assertEqual(self.rounds(2)["elements"], [[7, 12], [23]])
            self.cluster.wait(second["collector"], 120)
            after = self.outcomes()
            again = {f"{trial:04}.json" for trial in FAILING}
            self.assertEqual({name for name in after if after[name] != before[name]}, again)
            self.assertEqual(self.results()["failed"], FAILING)

    def test_a_queue_that_takes_no_jobs(self):
        with self.cluster.nodes(1) as nodes:
            config = self.write_sweep({"epochs": {"values": [1, 2]}}, nodes, partition="closed")
            refused = self.cluster.client(BIN / "parlando", "sweep", "submit", "--out", self.out, "--config", config)
            self.assertEqual(refused.returncode, 5, refused.stderr)
            for words in ("sbatch refused elements 0 to 1 of 2", "artition", "run the same command again"):
                self.assertIn(words, refused.stderr)
            # Another queue is no other sweep.
            job = self.sweep("submit", "--config", config, "slurm.partition=main")
            collector = self.cluster.wait(job["collector"], 120)
            self.assertEqual((collector["JobState"], collector["ExitCode"]), ("COMPLETED", "0:0"))
            self.assertEqual([trial["epochs"] for trial in self.results()["trials"]], [1, 2])

    def test_halving_by_workers_of_an_array(self):
        with self.cluster.nodes(2) as nodes:
            parameters = {"epochs": {"value": 4},
                          "optimizer.learning_rate": {"distribution": "log_uniform_values", "min": 1e-4, "max": 0.1}}
            halving = {"method": "asha", "run_cap": 9, "early_terminate": {"min_iter": 1, "eta": 3}}
            job = self.sweep("submit", "--config", self.write_sweep(parameters, nodes, halving, array_parallelism=3))
            self.assertEqual(self.rounds(1)["elements"], [[], [], []])
            collector = self.cluster.wait(job["collector"], 120)
            self.assertEqual((collector["JobState"], collector["ExitCode"]), ("COMPLETED", "0:0"))
            trials = self.results()["trials"]
            self.assertEqual(self.results()["missing"], [])
            self.assertEqual(sum(trial["status"] == "finished" for trial in trials), 1)
            self.assertLess(sum(trial["epochs"] for trial in trials), 9 * 4 * 2 / 3)

    def test_a_trial_continues_after_its_element_was_requeued(self):
        with self.cluster.nodes(1) as nodes:
            config = self.write_sweep({"seed": {"values": [5]}, "epochs": {"value": 40},
                                       "early_stopping.patience": {"value": 500}}, nodes)
            job = self.sweep("submit", "--config", config)
            log = self.out / "trials" / "0000" / "log.txt"
            metrics = self.out / "trials" / "0000" / "run" / "metrics.jsonl"
            wait_until(lambda: metrics.exists() and metrics.read_text().count("\n") >= 2, 60, "two epochs")
            self.cluster.client("scontrol", "requeue", f"{job['jobs'][0]}_0")
            collector = self.cluster.wait(job["collector"], 120)
            self.assertEqual((collector["JobState"], collector["ExitCode"]), ("COMPLETED", "0:0"), log.read_text())
            self.assertIn("continuing after", log.read_text())
            self.assertEqual(metrics.read_text().count("\n"), 40)
