"""Random parameter sets: for each kind of block the keys of our recipe and the librosa call they stand for.

A draw is a function rng -> (blocks, expected, tolerance): `blocks` is the list for the recipe, `expected(y, sr)`
gives librosa's array for the rows of the last one, `tolerance` judges the difference."""

import dataclasses

import librosa
import numpy as np


@dataclasses.dataclass
class Tolerance:
    """|difference| <= absolute + of_largest * max|expected| + relative * |expected|, but for a share of the values."""

    absolute: float = 0.0
    of_largest: float = 0.0
    relative: float = 0.0
    share: float = 0.0

    def worst(self, actual, expected):
        """How many times the worst value that counts is beyond the tolerance: <= 1 is a pass."""
        actual, expected = actual.astype(np.float64), expected.astype(np.float64)
        allowed = self.absolute + self.of_largest * np.abs(expected).max() + self.relative * np.abs(expected)
        excess = np.sort((np.abs(actual - expected) / np.maximum(allowed, 1e-300)).ravel())
        return float(excess[len(excess) - 1 - int(self.share * len(excess))])


def choice(rng, *values):
    return values[int(rng.integers(len(values)))]


def stft_keys(rng):
    n_fft = choice(rng, 256, 400, 512, 1024, 2048)
    return {
        "n_fft": n_fft,
        "hop_length": choice(rng, 64, 128, 160, 256, 512),
        "win_length": choice(rng, 0, n_fft, n_fft // 2, n_fft - 100),
        "window": choice(rng, "hann", "hann", "hamming", "blackman", "boxcar"),
        "center": choice(rng, True, True, False),
        "pad_mode": choice(rng, "constant", "constant", "reflect", "edge"),
    }


def librosa_stft(keys):
    return {**keys, "win_length": keys["win_length"] or keys["n_fft"]}


def mel_keys(rng):
    # Wide enough that no band is narrower than a bin: librosa warns of empty ones.
    return {
        **stft_keys(rng),
        "n_mels": choice(rng, 13, 26, 40, 64, 128),
        "fmin": choice(rng, 0, 0, 20, 64.5, 125),
        "fmax": choice(rng, 0, 0, 3400, 3800.5),
        "htk": choice(rng, False, True),
        "norm": choice(rng, "slaney", "slaney", "none"),
        "power": choice(rng, 2, 2, 1),
    }


def librosa_mel(y, sr, keys):
    keys = {**librosa_stft(keys), "fmax": keys["fmax"] or None}
    keys["norm"] = None if keys["norm"] == "none" else keys["norm"]
    return librosa.feature.melspectrogram(y=y, sr=sr, **keys)


def decibel_keys(rng):
    return {"ref": choice(rng, "max", 1, 0.5), "amin": choice(rng, 1e-10, 1e-5), "top_db": choice(rng, 0, 60, 80)}


def librosa_db(power, keys):
    ref = np.max if keys["ref"] == "max" else keys["ref"]
    return librosa.power_to_db(power, ref=ref, amin=keys["amin"], top_db=keys["top_db"] or None)


def draw_mel(rng):
    keys = mel_keys(rng)
    return [{"block": "mel", **keys}], lambda y, sr: librosa_mel(y, sr, keys), Tolerance(of_largest=1e-6)


def draw_log_mel(rng):
    keys, db = mel_keys(rng), decibel_keys(rng)
    return ([{"block": "log_mel", **keys, **db}], lambda y, sr: librosa_db(librosa_mel(y, sr, keys), db),
            Tolerance(absolute=1e-4))


def draw_mfcc(rng):
    keys = {**mel_keys(rng), "power": 2}
    n_mfcc, lifter = min(choice(rng, 12, 13, 20, 40), keys["n_mels"]), choice(rng, 0, 0, 12, 22.5)

    def expected(y, sr):
        db = librosa.power_to_db(librosa_mel(y, sr, keys))
        return librosa.feature.mfcc(S=db, n_mfcc=n_mfcc, lifter=lifter)

    return [{"block": "mfcc", "n_mfcc": n_mfcc, "lifter": lifter, **keys}], expected, Tolerance(5e-4 * (1 + lifter / 2))


def draw_delta(rng):
    keys, db = {**mel_keys(rng), "hop_length": 64}, decibel_keys(rng)
    order = choice(rng, 1, 1, 2, 3)
    width = choice(rng, 5, 7, 9, 11)
    mode = choice(rng, "interp", "interp", "nearest", "mirror", "constant", "wrap")
    blocks = [{"block": "log_mel", **keys, **db},
              {"block": "delta", "of": "log_mel", "order": order, "width": width, "mode": mode}]
    expected = lambda y, sr: librosa.feature.delta(  # noqa: E731
        librosa_db(librosa_mel(y, sr, keys), db), order=order, width=width, mode=mode)
    return blocks, expected, Tolerance(absolute=1e-4)


def draw_stft(rng):
    keys, db = stft_keys(rng), decibel_keys(rng)
    output = choice(rng, "magnitude", "power", "db")
    block = {"block": "stft", "output": output, **keys, **(db if output == "db" else {})}

    def expected(y, sr):
        magnitude = np.abs(librosa.stft(y, **librosa_stft(keys)))
        if output == "magnitude":
            return magnitude
        return magnitude**2 if output == "power" else librosa_db(magnitude**2, db)

    return [block], expected, Tolerance(absolute=1e-4) if output == "db" else Tolerance(of_largest=1e-6)


def frame_keys(rng):
    return {"frame_length": choice(rng, 256, 400, 1024, 2048), "hop_length": choice(rng, 64, 160, 256, 512),
            "center": choice(rng, True, True, False)}


def draw_rms(rng):
    keys = {**frame_keys(rng), "pad_mode": choice(rng, "constant", "reflect", "edge")}
    return [{"block": "rms", **keys}], lambda y, sr: librosa.feature.rms(y=y, **keys), Tolerance(1e-9, relative=1e-6)


def draw_zero_crossing_rate(rng):
    keys = {**frame_keys(rng), "threshold": choice(rng, 1e-10, 0, 1e-3), "zero_pos": choice(rng, True, True, False)}
    return ([{"block": "zero_crossing_rate", **keys}],
            lambda y, sr: librosa.feature.zero_crossing_rate(y, **keys), Tolerance(absolute=1e-7))


def draw_spectral_centroid(rng):
    keys = stft_keys(rng)
    return ([{"block": "spectral_centroid", **keys}],
            lambda y, sr: librosa.feature.spectral_centroid(y=y, sr=sr, **librosa_stft(keys)), Tolerance(absolute=1e-3))


def draw_spectral_bandwidth(rng):
    keys, own = stft_keys(rng), {"p": choice(rng, 2, 2, 1, 3), "norm": True}
    return ([{"block": "spectral_bandwidth", **keys, **own}],
            lambda y, sr: librosa.feature.spectral_bandwidth(y=y, sr=sr, **librosa_stft(keys), **own),
            Tolerance(absolute=2e-3))


def draw_spectral_rolloff(rng):
    keys, percent = stft_keys(rng), choice(rng, 0.85, 0.5, 0.1, 0.95, 0.99)
    return ([{"block": "spectral_rolloff", **keys, "roll_percent": percent}],
            lambda y, sr: librosa.feature.spectral_rolloff(y=y, sr=sr, **librosa_stft(keys), roll_percent=percent),
            Tolerance(absolute=1e-3, share=0.02))


def draw_spectral_flatness(rng):
    keys, own = stft_keys(rng), {"amin": choice(rng, 1e-10, 1e-6), "power": choice(rng, 2, 1)}
    return ([{"block": "spectral_flatness", **keys, **own}],
            lambda y, sr: librosa.feature.spectral_flatness(y=y, **librosa_stft(keys), **own), Tolerance(absolute=1e-5))


def draw_spectral_contrast(rng):
    keys = {**stft_keys(rng), "n_fft": 2048}
    keys["win_length"] = choice(rng, 0, 1024)
    own = {"fmin": choice(rng, 200, 100, 150.5), "n_bands": choice(rng, 3, 4), "quantile": choice(rng, 0.02, 0.1, 0.2),
           "linear": choice(rng, False, False, True)}
    return ([{"block": "spectral_contrast", **keys, **own}],
            lambda y, sr: librosa.feature.spectral_contrast(y=y, sr=sr, **librosa_stft(keys), **own),
            Tolerance(absolute=1e-3))


def tuning_key(rng):
    return choice(rng, "auto", "auto", 0, 0.23, -0.4)


def norm_key(rng):
    return choice(rng, "inf", "inf", "1", "2", "none")


def librosa_norm(norm):
    return {"inf": np.inf, "1": 1, "2": 2, "none": None}[norm]


def librosa_tuning(tuning):
    return None if tuning == "auto" else tuning


def draw_chroma_stft(rng):
    keys = {**stft_keys(rng), "n_fft": choice(rng, 1024, 2048), "center": True, "win_length": 0}
    own = {"n_chroma": choice(rng, 12, 12, 24), "ctroct": choice(rng, 5, 4.5), "octwidth": choice(rng, 2, 1.5),
           "base_c": choice(rng, True, False)}
    tuning, norm, harmonic = tuning_key(rng), norm_key(rng), bool(rng.random() < 0.2)

    def expected(y, sr):
        y = librosa.effects.harmonic(y) if harmonic else y
        return librosa.feature.chroma_stft(y=y, sr=sr, **librosa_stft(keys), **own, norm=librosa_norm(norm),
                                           tuning=librosa_tuning(tuning))

    block = {"block": "chroma_stft", **keys, **own, "tuning": tuning, "norm": norm, "harmonic": harmonic}
    return [block], expected, Tolerance(absolute=1e-5, of_largest=1e-5)


def draw_cqt(rng):
    per_octave, octaves = choice(rng, 12, 24, 36), choice(rng, 3, 4, 5)
    fmin = choice(rng, 65.4, 55, 110)
    own = {"hop_length": choice(rng, 256, 512), "n_bins": per_octave * octaves, "bins_per_octave": per_octave,
           "filter_scale": choice(rng, 1, 1, 0.5), "sparsity": choice(rng, 0.01, 0.01, 0.05),
           "scale": choice(rng, True, True, False)}
    tuning = choice(rng, 0, "auto", 0.23)

    def expected(y, sr):
        return np.abs(librosa.cqt(y, sr=sr, fmin=fmin, tuning=librosa_tuning(tuning), **own))

    return ([{"block": "cqt", **own, "fmin": fmin, "tuning": tuning}], expected,
            Tolerance(of_largest=1e-6, relative=1e-4))


def chroma_cqt_keys(rng):
    keys = {"hop_length": choice(rng, 256, 512), "n_chroma": 12, "n_octaves": choice(rng, 4, 5),
            "bins_per_octave": choice(rng, 12, 36), "fmin": choice(rng, 65.4, 55)}
    return keys, tuning_key(rng)


def draw_chroma_cqt(rng):
    (keys, tuning), norm = chroma_cqt_keys(rng), norm_key(rng)

    def expected(y, sr):
        return librosa.feature.chroma_cqt(y=y, sr=sr, **keys, norm=librosa_norm(norm), tuning=librosa_tuning(tuning))

    return ([{"block": "chroma_cqt", **keys, "norm": norm, "tuning": tuning}], expected,
            Tolerance(absolute=1e-3, of_largest=1e-3))


def draw_tonnetz(rng):
    keys, tuning = chroma_cqt_keys(rng)

    def expected(y, sr):
        chroma = librosa.feature.chroma_cqt(y=y, sr=sr, **keys, tuning=librosa_tuning(tuning))
        return librosa.feature.tonnetz(chroma=chroma, sr=sr)

    return [{"block": "tonnetz", **keys, "tuning": tuning}], expected, Tolerance(absolute=1e-3)


def draw_estimate_tuning(rng):
    keys = {**stft_keys(rng), "n_fft": choice(rng, 1024, 2048), "win_length": 0}
    own = {"resolution": choice(rng, 0.01, 0.02, 0.05), "bins_per_octave": choice(rng, 12, 12, 36),
           "fmin": choice(rng, 150, 80.5), "fmax": choice(rng, 4000, 2000), "threshold": choice(rng, 0.1, 0.1, 0.3)}

    def expected(y, sr):
        tuning = librosa.estimate_tuning(y=y, sr=sr, **librosa_stft(keys), **own)
        return np.full((1, librosa.stft(y, **librosa_stft(keys)).shape[1]), tuning)

    return [{"block": "estimate_tuning", **keys, **own}], expected, Tolerance(absolute=1e-7)


def period_keys(rng):
    return {"fmin": choice(rng, 65, 80, 100.5), "fmax": choice(rng, 400, 800, 1000),
            "frame_length": choice(rng, 1024, 2048), "hop_length": choice(rng, 256, 512)}


def draw_yin(rng):
    keys, threshold = period_keys(rng), choice(rng, 0.1, 0.1, 0.2)
    return ([{"block": "yin", **keys, "trough_threshold": threshold}],
            lambda y, sr: librosa.yin(y, sr=sr, **keys, trough_threshold=threshold)[np.newaxis],
            Tolerance(absolute=1e-2))


def draw_pyin(rng):
    keys = period_keys(rng)
    own = {"n_thresholds": choice(rng, 50, 100), "resolution": choice(rng, 0.1, 0.2), "fill_na": 0}
    block = {"block": "pyin", **keys, **own, "voiced_flag": True, "voiced_prob": True}

    def expected(y, sr):
        f0, flag, probability = librosa.pyin(y, sr=sr, **keys, **own)
        return np.stack([f0, flag.astype(float), probability])

    return [block], expected, Tolerance(absolute=1e-2, share=0.02)


# Draws of each kind; together at least 200 with those of the waveform.
DRAWS = {
    "mel": (draw_mel, 30), "log_mel": (draw_log_mel, 30), "mfcc": (draw_mfcc, 20), "delta": (draw_delta, 24),
    "stft": (draw_stft, 24), "rms": (draw_rms, 10), "zero_crossing_rate": (draw_zero_crossing_rate, 10),
    "spectral_centroid": (draw_spectral_centroid, 8), "spectral_bandwidth": (draw_spectral_bandwidth, 8),
    "spectral_rolloff": (draw_spectral_rolloff, 8), "spectral_flatness": (draw_spectral_flatness, 8),
    "spectral_contrast": (draw_spectral_contrast, 10), "chroma_stft": (draw_chroma_stft, 20), "cqt": (draw_cqt, 14),
    "chroma_cqt": (draw_chroma_cqt, 8), "tonnetz": (draw_tonnetz, 6), "yin": (draw_yin, 8), "pyin": (draw_pyin, 4),
    "estimate_tuning": (draw_estimate_tuning, 12),
}
