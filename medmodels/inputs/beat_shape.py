"""How a beat's shape differs from the same heart's unhurried beats; no labels are used."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from medmodels.inputs.beat_rhythm import long_reference

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

_BLOCK_SECONDS = 600.0
_MOST_REFERENCE_BEATS = 240
# Zones in seconds around the R peak: where the P wave, the QRS and the T wave lie.
_P_ZONE = (-0.26, -0.06)
_QRS_ZONE = (-0.10, 0.12)
_T_ZONE = (0.14, 0.42)

_WAVE_NAMES = (
    "qrs_alike", "qrs_differs", "p_alike", "p_gain", "p_differs", "p_clear", "t_alike",
    "p_alike_around", "qrs_alike_around",
)  # fmt: skip
SHAPE_NAMES = (
    *(f"{name}_{lead}" for lead in (1, 2) for name in ("lead_present", *_WAVE_NAMES)),
    "qrs_width",
    "qrs_width_to_reference",
)


def reference_beats(
    windows: Floats, times: Doubles, rr: Doubles
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The median of the recording's unhurried beats, for every ten minutes.

    Beats that come late against the ten minutes around them are hardly ever
    premature, whatever the majority of the beats is; their median is the shape
    of a beat in the heart's basic rhythm.

    Parameters
    ----------
    windows : ndarray, float32, shape (n, n_samples, n_leads)
        Millivolts.
    times, rr : ndarray, float64, shape (n,)
        R peaks and the interval before each, seconds; ``rr`` may hold NaN.

    Returns
    -------
    tuple
        Reference beats, float32, shape (n_blocks, n_samples, n_leads), and for
        each beat the index of its block, int64, shape (n,).
    """
    span = times[-1] - times[0]
    blocks = max(1, round(span / _BLOCK_SECONDS))
    block = np.clip(((times - times[0]) / max(span, 1e-9) * blocks).astype(np.int64), 0, blocks - 1)
    long = long_reference(times, rr)
    late = np.where(np.isfinite(rr), rr / np.where(np.isfinite(long), long, 1.0), 0.0)
    references: list[Floats] = []
    for k in range(blocks):
        inside = np.flatnonzero(block == k)
        if not len(inside):
            references.append(references[-1] if references else np.median(windows, axis=0))
            continue
        chosen = inside[(late[inside] > 0.97) & (late[inside] < 2.0)]
        if len(chosen) < 5:
            chosen = inside
        chosen = chosen[:: max(1, len(chosen) // _MOST_REFERENCE_BEATS)]
        references.append(_refined_median(windows[chosen]))
    return np.stack(references).astype(np.float32), block


def shape_features(
    windows: Floats, offsets: Doubles, references: Floats, block: npt.NDArray[np.int64],
    present: tuple[bool, bool], rr: Doubles,
) -> dict[str, Doubles]:  # fmt: skip
    """Compare each beat with its reference beat, wave by wave.

    Parameters
    ----------
    windows : ndarray, float32, shape (n, n_samples, 2)
    offsets : ndarray, float64, shape (n_samples,)
        Time of each sample from the R peak, seconds.
    references : ndarray, float32, shape (n_blocks, n_samples, 2)
    block : ndarray, int64, shape (n,)
    present : tuple of bool
        Which leads the recording has.
    rr : ndarray, float64, shape (n,)
        Interval before each beat, seconds; may hold NaN.

    Returns
    -------
    dict of ndarray, float64, shape (n,)
        One entry for each of ``SHAPE_NAMES``; 0 for a missing lead.
    """
    out: dict[str, Doubles] = {}
    n = len(windows)
    for k in range(2):
        values = np.zeros((len(_WAVE_NAMES), n))
        if present[k]:
            values = _compare(windows[:, :, k], offsets, references[:, :, k], block, rr)
        out[f"lead_present_{k + 1}"] = np.full(n, float(present[k]))
        out.update({f"{name}_{k + 1}": v for name, v in zip(_WAVE_NAMES, values, strict=True)})
    width, usual = _qrs_width(windows, offsets), _qrs_width(references, offsets)
    out["qrs_width"] = np.clip(np.log(width / 0.04), -1.5, 1.5)
    out["qrs_width_to_reference"] = np.clip(np.log(width / usual[block]), -1.5, 1.5)
    return out


def _compare(
    x: Floats, offsets: Doubles, reference: Floats, block: npt.NDArray[np.int64], rr: Doubles
) -> Doubles:
    qrs, p, t = (_zone(offsets, *zone) for zone in (_QRS_ZONE, _P_ZONE, _T_ZONE))
    tiny = 1e-3
    q, rq = x[:, qrs], reference[:, qrs]
    size = np.sqrt((rq**2).mean(axis=1))[block] + tiny
    qrs_differs = np.sqrt(((q - rq[block]) ** 2).mean(axis=1)) / size
    pw, rp = _off_chord(x[:, p]), _off_chord(reference[:, p])
    p_power = (rp**2).mean(axis=1)[block]
    p_rest = ((pw - rp[block]) ** 2).mean(axis=1)
    # How well this heart's P wave stands out of what varies from beat to beat.
    noise = np.array([np.median(p_rest[block == b]) if (block == b).any() else 1.0
                      for b in range(len(reference))])[block]  # fmt: skip
    p_alike = _alike(pw, rp[block])
    return np.stack(
        [
            _alike(q, rq[block]),
            np.clip(np.log(qrs_differs + 0.05), -3, 1.5),
            p_alike,
            np.clip((pw * rp[block]).mean(axis=1) / (p_power + (0.02 * size) ** 2), -2, 3),
            np.clip(np.log(np.sqrt(p_rest) / size + 0.01) + 2, -3, 3),
            np.clip(0.5 * np.log((p_power + tiny**2) / (noise + tiny**2)), -2, 3),
            _alike(x[:, t], reference[block][:, t]),
            # Where the late beats around lack the P wave too (fibrillation), its absence says
            # little.
            _among_late(p_alike, rr),
            # A bundle branch block that comes and goes differs from the unhurried beats, but
            # not from its neighbours.
            _alike(q, _medians_around(q)),
        ]
    ).astype(np.float64)


def _among_late(values: Doubles, rr: Doubles) -> Doubles:
    """For each beat, the median over the later third of about forty beats around it."""
    step, reach = 8, 20
    out = np.zeros(len(values))
    known = np.nan_to_num(rr)
    for start in range(0, len(values), step):
        middle = min(start + step // 2, max(len(values) - reach, 0))
        near = slice(max(middle - reach, 0), max(middle - reach, 0) + 2 * reach)
        count = max(1, len(known[near]) // 3)
        out[start : start + step] = np.median(values[near][np.argsort(known[near])[-count:]])
    return out


def _medians_around(x: Floats) -> Floats:
    """For each beat, the median of about forty beats around it."""
    step, reach = 16, 20
    out = np.empty_like(x)
    for start in range(0, len(x), step):
        middle = min(start + step // 2, max(len(x) - reach, 0))
        first = max(middle - reach, 0)
        out[start : start + step] = np.median(x[first : first + 2 * reach], axis=0)
    return out


def _qrs_width(windows: Floats, offsets: Doubles) -> Doubles:
    zone = _zone(offsets, -0.15, 0.2)
    slope = np.diff(windows[:, zone], axis=1)
    energy = (slope.astype(np.float64) ** 2).sum(axis=2) + 1e-9
    at = offsets[zone][:-1]
    weight = energy / energy.sum(axis=1, keepdims=True)
    centre = (weight * at).sum(axis=1, keepdims=True)
    return np.sqrt((weight * (at - centre) ** 2).sum(axis=1)) + 1e-3


def _zone(offsets: Doubles, start: float, end: float) -> npt.NDArray[np.int64]:
    return np.flatnonzero((offsets >= start - 1e-6) & (offsets <= end + 1e-6))


def _off_chord(x: Floats) -> Floats:
    """Remove the straight line between the ends, so that the tail of a T wave counts less."""
    left, right = x[:, :3].mean(axis=1, keepdims=True), x[:, -3:].mean(axis=1, keepdims=True)
    return x - left - (right - left) * np.linspace(0, 1, x.shape[1], dtype=np.float32)


def _alike(x: Floats, y: Floats) -> Doubles:
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    power = np.sqrt((x**2).mean(axis=1) * (y**2).mean(axis=1))
    return np.asarray((x * y).mean(axis=1) / (power + 1e-4), dtype=np.float64)


def _refined_median(beats: Floats) -> Floats:
    first = np.median(beats, axis=0)
    flat = beats.reshape(len(beats), -1)
    close = _alike(flat, np.broadcast_to(first.reshape(1, -1), flat.shape))
    keep = close >= min(0.8, float(np.median(close)))
    return np.asarray(np.median(beats[keep], axis=0), dtype=np.float32)
