"""What an input is compared with: an input that says nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter

from medmodels.explain.arguments import Array, beats_among

# Of the scan's side: wide enough that no rib or opacity remains.
_BLUR = 1 / 12
_SEED = 20
# What smoothing by 2 takes of the deviation of white noise, in two dimensions and in one.
_GRAIN = 2 * 2 * np.sqrt(np.pi)
_GRAIN_1D = np.sqrt(2 * 2 * np.sqrt(np.pi))

SCAN_BASELINES = ("blurred", "mean", "noise", "black", "mid")
BEAT_BASELINES = ("flat", "usual", "noise")
BASE_BASELINES = ("unknown", "shuffled", "random")


def scan_baseline(scan: Array, name: str) -> tuple[Array, str]:
    """Make a scan without findings out of a scan.

    No baseline is neutral for every question (Sturmfels, Lundberg and Lee
    2020, doi 10.23915/distill.00022): against black, a black region can never
    be evidence; against a blurred scan, overall brightness never is. A network
    that standardises each scan sees the same picture all along the path from
    an even baseline, black or grey, but for its very beginning: use "blurred".

    Parameters
    ----------
    scan : ndarray, float32, shape (1, H, W, C)
        Values in 0 to 1.
    name : str
        "blurred": the scan itself without detail (Gaussian, standard deviation
        a twelfth of the side); "mean": its mean brightness everywhere;
        "noise": the same with grain of the scan's own deviation, the same
        grain for every scan; "black": 0; "mid": 0.5.

    Returns
    -------
    baseline : ndarray, float32, shape (1, H, W, C)
    words : str
        It in words, to stand beside the map.

    Raises
    ------
    ValueError
        When the name is none of these.
    """
    if name == "blurred":
        sigma = (0, scan.shape[1] * _BLUR, scan.shape[2] * _BLUR, 0)
        return gaussian_filter(scan, sigma, mode="reflect"), "the same scan, blurred"
    if name == "mean":
        return np.full_like(scan, scan.mean()), "the scan's mean brightness"
    if name == "noise":
        grain = np.random.default_rng(_SEED).standard_normal(scan.shape, np.float32)
        noisy = scan.mean() + scan.std() * gaussian_filter(grain, (0, 2, 2, 0)) * _GRAIN
        return np.clip(noisy, 0, 1).astype(np.float32), "noise as bright and as rough as the scan"
    if name == "black":
        return np.zeros_like(scan), "a black scan"
    if name == "mid":
        return np.full_like(scan, 0.5), "an even grey scan"
    raise ValueError(f'baseline is "{name}", expected one of {", ".join(SCAN_BASELINES)}')


def beat_baseline(windows: Array, name: str, usual: Array | None = None) -> tuple[Array, str]:
    """Make a trace without findings out of the beats of a signal.

    Parameters
    ----------
    windows : ndarray, float32, shape (T, L, leads)
        In QRS heights, around a baseline of 0.
    name : str
        "flat": 0; "usual": the usual beat in the place of each; "noise": grain
        with the deviation of the windows, the same for every signal.
    usual : ndarray, shape (L, leads), optional
        The recording's usual beat; the median over ``windows`` if not given.

    Returns
    -------
    baseline : ndarray, float32, shape (T, L, leads)
    words : str

    Raises
    ------
    ValueError
        When the name is none of these.
    """
    if name == "flat":
        return np.zeros_like(windows), "a flat line"
    if name == "usual":
        beat = np.median(windows[beats_among([windows])], axis=0) if usual is None else usual
        return np.broadcast_to(beat.astype(np.float32), windows.shape).copy(), (
            "this recording's usual beat"
        )
    if name == "noise":
        grain = np.random.default_rng(_SEED).standard_normal(windows.shape, np.float32)
        smooth = gaussian_filter(grain, (0, 2, 0)) * _GRAIN_1D
        size = windows[beats_among([windows])].std(axis=(0, 1))
        return (size * smooth).astype(np.float32), "noise as large as the trace"
    raise ValueError(f'baseline is "{name}", expected one of {", ".join(BEAT_BASELINES)}')


def base_baseline(bases: Array, name: str) -> tuple[Array, str]:
    """Make a sequence without sites out of a sequence of bases.

    Parameters
    ----------
    bases : ndarray, float32, shape (L, 4)
        Mixtures of A, C, G and T.
    name : str
        "unknown": a quarter of each letter everywhere; "shuffled": the
        sequence's own bases in another order, the same order for every
        sequence of this length; "random": each letter as likely as any other,
        the same bases for every sequence of this length.

    Returns
    -------
    baseline : ndarray, float32, shape (L, 4)
    words : str

    Raises
    ------
    ValueError
        When the name is none of these.
    """
    length, letters = bases.shape
    draw = np.random.default_rng(_SEED)
    if name == "unknown":
        return np.full_like(bases, 1 / letters), "unknown bases"
    if name == "shuffled":
        return bases[draw.permutation(length)], "the sequence's own bases in another order"
    if name == "random":
        drawn = draw.integers(letters, size=length)
        return np.eye(letters, dtype=np.float32)[drawn], "random bases"
    raise ValueError(f'baseline is "{name}", expected one of {", ".join(BASE_BASELINES)}')


def say_all(words: Sequence[str]) -> str:
    """Several baselines in words.

    Examples
    --------
    >>> say_all(["a flat line", "noise", "another beat"])
    'a flat line, noise and another beat'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
