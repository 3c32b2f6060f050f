"""slurm/requeue.sh without a SLURM: what it asks scontrol for, and when it does not. tests/slurm runs it with one."""

import os
import pathlib
import subprocess
import tempfile
import unittest

REQUEUE = pathlib.Path(os.environ["PARLANDO_SOURCE"]) / "slurm" / "requeue.sh"

SCONTROL = """\
#!/bin/bash
if [ "$1" = show ]; then echo "   Requeue=1 Restarts=$RESTARTS BatchFlag=1"; exit 0; fi
echo "$@" >> "$ASKED"
exit "${REFUSES:-0}"
"""


class Requeue(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.asked = self.folder / "asked"
        scontrol = self.folder / "scontrol"
        scontrol.write_text(SCONTROL)
        scontrol.chmod(0o755)

    def run_lines(self, lines, **environment):
        """Returns exit code, stderr and what scontrol was asked for."""
        merged = {"PATH": f"{self.folder}:{os.environ['PATH']}", "ASKED": str(self.asked), "RESTARTS": "0",
                  "SLURM_JOB_ID": "13", "SLURMD_NODENAME": "n1", **environment}
        done = subprocess.run(["bash", "-c", f"set -euo pipefail\nsource {REQUEUE}\n{lines}"], env=merged,
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr, self.asked.read_text() if self.asked.exists() else ""

    def test_a_stopped_job_goes_back_into_the_queue(self):
        self.assertEqual(self.run_lines("end_job 85")[::2], (0, "requeue 13\n"))

    def test_an_element_of_an_array_goes_by_both_numbers(self):
        array = {"SLURM_ARRAY_JOB_ID": "13", "SLURM_ARRAY_TASK_ID": "3"}
        self.assertEqual(self.run_lines("end_job 85", **array)[::2], (0, "requeue 13_3\n"))

    def test_other_codes_are_passed_on(self):
        for code in (0, 2, 5, 137):
            self.assertEqual(self.run_lines(f"end_job {code}")[::2], (code, ""))

    def test_a_start_that_was_left_behind_leaves_its_successor_alone(self):
        code, error, asked = self.run_lines("end_job 85", RESTARTS="1")
        self.assertEqual((code, asked), (85, ""))
        self.assertIn("restart 0 of job 13 was left behind", error)

    def test_a_job_that_slurm_ends_is_not_requeued_twice(self):
        code, error, asked = self.run_lines("run_step sh -c 'kill -TERM $PPID; sleep 0.2; exit 85' || end_job $?")
        self.assertEqual((code, asked), (85, ""))
        self.assertIn("was told to end", error)

    def test_a_requeue_that_is_refused_is_told(self):
        code, error, _ = self.run_lines("end_job 85", REFUSES="1")
        self.assertEqual(code, 85)
        self.assertIn("submit the job again", error)

    def test_a_signal_to_the_script_alone_reaches_the_step(self):
        step = "trap \"exit 85\" USR1; kill -USR1 $PPID; while true; do sleep 0.1; done"
        self.assertEqual(self.run_lines(f"run_step bash -c '{step}' || end_job $?")[::2], (0, "requeue 13\n"))

    def test_a_signal_between_two_steps_is_not_lost(self):
        steps = "kill -USR1 $$; status=0; run_step touch $ASKED.step || status=$?; end_job $status"
        self.assertEqual(self.run_lines(steps)[::2], (0, "requeue 13\n"))
        self.assertFalse((self.folder / "asked.step").exists(), "the next step is not started")

    def test_a_step_that_had_not_begun_to_listen_is_continued(self):
        self.assertEqual(self.run_lines("run_step bash -c 'kill -USR1 $$' || end_job $?")[::2], (0, "requeue 13\n"))

    def test_starts_at_one_place_are_counted(self):
        start = f"require_progress {self.folder}/logs 2 epoch-1"
        self.assertEqual(self.run_lines(start)[0], 0)
        self.assertEqual(self.run_lines(start, SLURM_RESTART_COUNT="1")[0], 0)
        code, error, _ = self.run_lines(start, SLURM_RESTART_COUNT="2")
        self.assertEqual(code, 85)
        self.assertIn("has started 2 times at 'epoch-1'", error)

    def test_progress_starts_the_count_again_and_so_does_another_submission(self):
        start = f"require_progress {self.folder}/logs 1 "
        self.assertEqual(self.run_lines(start + "epoch-1")[0], 0)
        self.assertEqual(self.run_lines(start + "epoch-2", SLURM_RESTART_COUNT="1")[0], 0)
        self.assertEqual(self.run_lines(start + "epoch-2")[0], 0)
        self.assertEqual(self.run_lines(start + "epoch-2", SLURM_RESTART_COUNT="1")[0], 85)


if __name__ == "__main__":
    unittest.main()
