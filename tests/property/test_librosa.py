"""Draws random recipes and signals and compares the program with librosa on each.

PARLANDO_BIN names the folder of the programs, PARLANDO_PROPERTY_SEED another seed."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import json  # noqa: E402
import pathlib  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import unittest  # noqa: E402
import warnings  # noqa: E402

import librosa  # noqa: E402
import numpy as np  # noqa: E402
import soundfile  # noqa: E402

from draws import DRAWS, Tolerance, choice  # noqa: E402
from signals import draw_signal  # noqa: E402

FEATURES = pathlib.Path(os.environ["PARLANDO_BIN"]) / "parlando-features"
SEED = int(os.environ.get("PARLANDO_PROPERTY_SEED", "1"))
WAVEFORM_DRAWS = 40
# Blocks over arrays and numbers of other blocks have no librosa call.
WITHOUT_LIBROSA = {"external", "functionals"}
# A tuning is the largest bin of a histogram: where librosa's own array moves under noise of 2^-24, ours may.
UNSTABLE_SHARE = 0.02


def listed_kinds():
    text = subprocess.run([FEATURES, "--list-blocks"], capture_output=True, text=True, check=True).stdout
    return {line.split(":")[0] for line in text.splitlines() if line and not line.startswith(" ")}


def generator(*key):
    return np.random.default_rng([SEED, *key])


def load(path, waveform):
    """What librosa makes of a `waveform:` block."""
    y, _ = librosa.load(path, sr=waveform["sample_rate"], offset=waveform.get("offset", 0),
                        duration=waveform.get("duration") or None)
    if "trim" in waveform:
        y, _ = librosa.effects.trim(y, **waveform["trim"])
    if waveform.get("fix_length"):
        y = librosa.util.fix_length(y, size=waveform["fix_length"])
    return y


def draw_waveform(rng):
    waveform = {"sample_rate": choice(rng, 8000, 16000, 22050, 22050, 24000, 44100)}
    if rng.random() < 0.5:
        waveform["duration"] = round(float(rng.uniform(0.1, 1.5)), 3)
    if rng.random() < 0.3:
        waveform["offset"] = round(float(rng.uniform(0, 0.1)), 3)
    if rng.random() < 0.7:
        waveform["trim"] = {"top_db": choice(rng, 10, 20, 30.5, 60), "frame_length": choice(rng, 512, 1000, 2048),
                            "hop_length": choice(rng, 128, 200, 512)}
    if rng.random() < 0.5:
        waveform["fix_length"] = int(rng.integers(1000, 60000))
    return waveform


class Librosa(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def run_features(self, recipe, clip, *options):
        # JSON is YAML.
        (self.folder / "recipe.yaml").write_text(json.dumps(recipe))
        out = self.folder / "out.npy"
        out.unlink(missing_ok=True)
        result = subprocess.run([FEATURES, "--config", self.folder / "recipe.yaml", clip, "--out", out, *options],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return np.load(out)

    def write_clip(self, y, rate):
        path = self.folder / "clip.wav"
        soundfile.write(path, y, rate, subtype="FLOAT")
        return path

    def test_every_block_agrees(self):
        kinds = listed_kinds() - WITHOUT_LIBROSA
        self.assertEqual(kinds - set(DRAWS), set(), "these blocks have no draws")
        total, unstable = WAVEFORM_DRAWS, []
        for kind in sorted(kinds):
            draw, count = DRAWS[kind]
            worst = 0.0
            for index in range(count):
                rng = generator(sorted(DRAWS).index(kind), index)
                y, rate, signal = draw_signal(rng)
                recipe = {"waveform": {"sample_rate": choice(rng, 8000, 16000, 22050)}}
                recipe["features"], expected, tolerance = draw(rng)
                with self.subTest(kind=kind, index=index, signal=signal, rate=rate, recipe=json.dumps(recipe)):
                    excess = self.compare(recipe, self.write_clip(y, rate), expected, tolerance)
                    if excess > 1 and self.moves_itself(recipe, expected, tolerance):
                        unstable.append(f"{kind} {index}")
                        continue
                    self.assertLessEqual(excess, 1, "times beyond the tolerance")
                    worst = max(worst, excess)
            total += count
            print(f"{kind:20} {count:3} draws, worst difference {worst:.3g} of the tolerance", flush=True)
        self.assertGreaterEqual(total, 200)
        self.assertLessEqual(len(unstable), UNSTABLE_SHARE * total, unstable)
        print(f"{total} draws; librosa itself is unstable on {unstable or 'none'}")

    def compare(self, recipe, clip, expected, tolerance):
        actual = self.run_features(recipe, clip)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = np.asarray(expected(load(clip, recipe["waveform"]), recipe["waveform"]["sample_rate"]))
        actual = actual[len(actual) - len(reference):]
        self.assertEqual(actual.shape, reference.shape)
        return tolerance.worst(actual, reference)

    def moves_itself(self, recipe, expected, tolerance):
        y, sr = load(self.folder / "clip.wav", recipe["waveform"]), recipe["waveform"]["sample_rate"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = np.asarray(expected(y, sr))
            for seed in range(5):
                noise = np.random.default_rng(seed).uniform(-1, 1, len(y)) * 2.0**-24 * np.abs(y).max()
                if tolerance.worst(np.asarray(expected((y + noise).astype(np.float32), sr)), reference) > 1:
                    return True
        return False

    def test_every_waveform_is_identical(self):
        for index in range(WAVEFORM_DRAWS):
            rng = generator(1000, index)
            y, rate, signal = draw_signal(rng, seconds=(0.5, 2))
            waveform = draw_waveform(rng)
            with self.subTest(index=index, signal=signal, rate=rate, waveform=json.dumps(waveform)):
                clip = self.write_clip(y, rate)
                reference = load(clip, waveform)
                actual = self.run_features({"waveform": waveform}, clip, "--stage", "waveform")
                self.assertEqual(actual.shape, (1, len(reference)))
                self.assertEqual(Tolerance().worst(actual[0], reference), 0)


if __name__ == "__main__":
    unittest.main()
