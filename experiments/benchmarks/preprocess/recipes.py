"""The three recipes in librosa 0.11.0, from a file to the array: what our configurations of the same names give."""

import os

# Before the imports: the libraries read these when they are loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

import librosa  # noqa: E402
import numpy as np  # noqa: E402

RATE = 22050
LENGTH = 3 * RATE


def three_seconds(path):
    return librosa.util.fix_length(librosa.load(path, sr=RATE, duration=3)[0], size=LENGTH)


def trimmed(path):
    return librosa.effects.trim(librosa.load(path, sr=RATE)[0])[0]


def mel128(y):
    mel = librosa.feature.melspectrogram(y=y, sr=RATE, n_mels=128, n_fft=2048, hop_length=512)
    return librosa.power_to_db(mel, ref=np.max)


def mfcc121(y):
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=40, n_fft=2048, hop_length=512)
    return np.vstack([mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2),
                      librosa.feature.rms(y=y, frame_length=2048, hop_length=512)])


def stack187(y):
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=40)
    return np.vstack([mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2),
                      librosa.feature.chroma_stft(y=y, sr=RATE),
                      librosa.feature.melspectrogram(y=y, sr=RATE, n_mels=40),
                      librosa.feature.spectral_contrast(y=y, sr=RATE),
                      librosa.feature.tonnetz(y=librosa.effects.harmonic(y), sr=RATE),
                      librosa.feature.zero_crossing_rate(y), librosa.feature.rms(y=y)])


WAVEFORMS = {"mel128": three_seconds, "mfcc121": trimmed, "stack187": three_seconds}
FEATURES = {"mel128": mel128, "mfcc121": mfcc121, "stack187": stack187}
# Seconds that each reads of a clip; 0 = all.
SECONDS = {"mel128": 3, "mfcc121": 0, "stack187": 3}


def clips(corpus):
    """Every clip of the corpus, as a sorted list of paths."""
    return sorted(str(p) for p in corpus.rglob("*") if p.suffix.lower() in (".wav", ".flac"))
