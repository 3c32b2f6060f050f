"""A study as array jobs: every run leaves its row, and nothing that is there or queued is submitted again."""

import json

from cases import BIN, PREPROCESS_KEYS, SlurmCase


class Study(SlurmCase):
    seconds = 40

    def study(self, action, *options):
        done = self.cluster.client(BIN / "parlando", "study", action, "--out", self.folder() / "work", "--json", *options,
                                   PARLANDO_HOME=str(self.workplace.home))
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout) if done.stdout else {}

    def test_leaves_a_row_for_each_run(self):
        keys = dict(key.split("=") for key in PREPROCESS_KEYS)
        recipe = {f"preprocess.{key}": json.loads(value) if value.isdigit() else value for key, value in keys.items()}
        rows = [{"id": "plain", "set": {**recipe, "epochs": 1}}, {"id": "two-epochs", "set": {**recipe, "epochs": 2}}]
        config = self.folder() / "parts.yaml"
        config.write_text(json.dumps({"name": "parts", "preprocess": str(self.workplace.recipe),
                                      "train": str(self.workplace.config), "seeds": [1, 2], "rows": rows}))
        results = self.folder() / "results"
        with self.cluster.nodes(2) as nodes:
            others = ",".join(name for name in self.cluster.node_names if name not in nodes)
            options = ["--config", config, "--corpus", self.workplace.corpus, "--results", results,
                       f"slurm.additional_parameters.exclude={others}", "slurm.timeout_min=5", "slurm.signal_delay_s=0"]
            first = self.study("submit", *options)
            self.assertEqual(self.study("submit", *options), {}, "runs that are queued are not submitted again")
            collector = self.cluster.wait(first["collector"], 150)
            logs = "\n".join(path.read_text() for path in (self.folder() / "work" / "rounds").glob("*/*.log"))
            self.assertEqual((collector["JobState"], collector["ExitCode"]), ("COMPLETED", "0:0"), logs)
            found = {str(path.relative_to(results)) for path in results.rglob("*.json")}
            self.assertEqual(found, {f"parts/{row}/seed-0{seed}.json" for row in ("plain", "two-epochs") for seed in (1, 2)})
            self.assertEqual(self.study("submit", *options), {}, "rows that are there are not made again")
            self.assertEqual(self.study("status")["there"], 4)
