"""Random signals for the property test: the kinds that break feature code, short, at many rates."""

import numpy as np

RATES = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000)


def _envelope(rng, n):
    """A rise and a fall somewhere, so that there is silence to trim."""
    t = np.linspace(0, 1, n)
    centre, width = rng.uniform(0.3, 0.7), rng.uniform(0.1, 0.4)
    return np.exp(-(((t - centre) / width) ** 4))


def _voice(rng, t):
    f0 = rng.uniform(80, 350)
    phase = 2 * np.pi * np.cumsum(f0 * (1 + 0.05 * np.sin(2 * np.pi * 5 * t))) * (t[1] - t[0])
    return sum(np.sin(k * phase) / k for k in range(1, 12)) / 2


def _chirp(rng, t):
    low, high = rng.uniform(60, 400), rng.uniform(500, 3500)
    return np.sin(2 * np.pi * (low * t + (high - low) * t**2 / (2 * t[-1])))


def _chord(rng, t):
    return sum(np.sin(2 * np.pi * 440 * 2 ** (k / 12) * t) for k in rng.choice(24, 3) - 12) / 3


def _noise(rng, t):
    return rng.standard_normal(len(t)) / 4


def _clicks(rng, t):
    y = np.zeros(len(t))
    y[rng.integers(0, len(t), 8)] = rng.uniform(-1, 1, 8)
    return y


KINDS = {"voice": _voice, "chirp": _chirp, "chord": _chord, "noise": _noise, "clicks": _clicks}


def draw_signal(rng, kinds=tuple(KINDS), seconds=(0.25, 1.2), noise=1e-3):
    """-> (samples [n] or [n, 2] in float32, rate, name). A little noise keeps decisions (a maximum, a
    threshold) away from exact ties, where the last bit of a library decides."""
    rate = int(rng.choice(RATES))
    n = int(rng.uniform(*seconds) * rate)
    t = np.arange(n) / rate
    kind = str(rng.choice(kinds))
    y = KINDS[kind](rng, t) * _envelope(rng, n) * 10 ** rng.uniform(-2, 0)
    y = y + noise * np.abs(y).max() * rng.standard_normal(n)
    if rng.random() < 0.2:
        y = np.stack([y, np.roll(y, 7)], axis=1)
    return np.clip(y, -1, 1).astype(np.float32), rate, kind
