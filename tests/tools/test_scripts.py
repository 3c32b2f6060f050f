"""The scripts of tools/, slurm/ and .ci/: that they parse, and what they say when something is wrong."""

import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["PARLANDO_SOURCE"])
TOOLS = SOURCE / "tools"
NOT_PASSED_ON = ("RAVDESS", "CXX", "PARLANDO_SETUP", "PARLANDO_LIBTORCH")


def run(command, **environment):
    merged = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    merged.update(environment)
    return subprocess.run(
        [str(word) for word in command],
        env=merged,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


class Scripts(unittest.TestCase):
    def test_all_of_them_parse(self):
        scripts = [
            *TOOLS.glob("*.sh"),
            *SOURCE.glob("slurm/*.sbatch"),
            *SOURCE.glob("slurm/*.sh"),
            SOURCE / ".ci" / "run",
        ]
        self.assertGreater(len(scripts), 10)
        for script in scripts:
            with self.subTest(script=script.name):
                result = run(["bash", "-n", script])
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_makefile_parses_and_lists_its_targets(self):
        result = run(["make", "-C", SOURCE, "--no-print-directory", "help"])
        self.assertEqual(result.returncode, 0, result.stderr)
        for target in ("setup", "build", "demo", "test", "bench", "format", "lint", "clean"):
            self.assertIn(f"make {target} ", result.stdout)


class Setup(unittest.TestCase):
    def test_stands_back_on_request(self):
        result = run([TOOLS / "setup.sh"], PARLANDO_SETUP="skip")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_refuses_unknown_options(self):
        result = run([TOOLS / "setup.sh", "--everything"])
        self.assertEqual(result.returncode, 2)
        self.assertIn("usage", result.stderr)

    def test_without_apt_says_how_to_use_what_a_cluster_has(self):
        with tempfile.TemporaryDirectory() as scratch:
            copy = pathlib.Path(scratch)
            (copy / "tools").mkdir()
            for name in ("setup.sh", "requirements.txt", "requirements-cuda.txt"):
                (copy / "tools" / name).write_bytes((TOOLS / name).read_bytes())
            commands = copy / "bin"
            commands.mkdir()
            for name in ("bash", "cat", "dirname", "flock", "mkdir", "sha256sum"):
                (commands / name).symlink_to(f"/usr/bin/{name}")
            result = run(["/usr/bin/bash", copy / "tools" / "setup.sh"], PATH=str(commands))
        self.assertEqual(result.returncode, 1, result.stderr)
        for name in ("PARLANDO_LIBTORCH", "MPI_HOME", "HDF5_ROOT", "CMAKE_PREFIX_PATH",
                     "PKG_CONFIG_PATH", "PARLANDO_SETUP=skip", "apptainer build"):
            self.assertIn(name, result.stderr)


class Demo(unittest.TestCase):
    def test_a_corpus_folder_that_does_not_exist_is_an_error_and_no_download(self):
        with tempfile.TemporaryDirectory() as scratch:
            result = run([TOOLS / "demo.sh"], RAVDESS=scratch + "/nowhere", DEMO_DIR=scratch + "/d")
            self.assertFalse(os.path.exists(scratch + "/d"))
        self.assertEqual(result.returncode, 2)
        self.assertIn("nowhere is not a folder", result.stderr)


class Jobs(unittest.TestCase):
    def test_are_at_least_one_and_at_most_the_cores(self):
        jobs = int(run([TOOLS / "jobs.sh"]).stdout)
        self.assertGreaterEqual(jobs, 1)
        self.assertLessEqual(jobs, len(os.sched_getaffinity(0)))

    def test_the_compiler_of_the_user_wins(self):
        self.assertEqual(run([TOOLS / "compiler.sh"], CXX="my-c++").stdout, "my-c++\n")


class GoldenCases(unittest.TestCase):
    def setUp(self):
        text = (SOURCE / "tests" / "golden" / "EXPECTED_CASES").read_text()
        self.expected = int(next(line for line in text.splitlines() if not line.startswith("#")))

    def check(self, lines):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as log:
            log.write("".join(f"golden-case {line}\n" for line in lines))
            log.flush()
            return run([TOOLS / "golden_cases.sh", log.name])

    def test_pass_when_all_agreed(self):
        result = self.check([f"case-{i}" for i in range(self.expected)])
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_fail_when_one_did_not_run(self):
        result = self.check([f"case-{i}" for i in range(self.expected - 1)])
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"{self.expected - 1} agreed, {self.expected} have to", result.stderr)

    def test_count_a_repeated_case_once(self):
        self.assertEqual(self.check(["same"] * self.expected).returncode, 1)

    def test_fail_when_no_test_wrote_the_log(self):
        self.assertNotEqual(run([TOOLS / "golden_cases.sh", "/nonexistent.log"]).returncode, 0)


if __name__ == "__main__":
    unittest.main()
