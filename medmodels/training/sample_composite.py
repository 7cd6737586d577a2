"""Composite radiographs: many patients' images drawn to one shape and blended.

The images are aligned to their own mean, which is found anew after each round
(groupwise registration: Joshi et al. 2004, doi 10.1016/j.neuroimage.2004.07.068),
by demons forces on contrast-normalised images (Thirion 1998,
doi 10.1016/S1361-8415(98)80022-4). They are blended band by band in an
undecimated Laplacian pyramid (Burt and Adelson 1983,
doi 10.1109/TCOM.1983.1095851), in each place mostly from images that agree
there, and no image ever has more than one sixth of the weight in any place.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, map_coordinates, zoom

FEWEST_MEMBERS = 12
HEAVIEST_WEIGHT = 1.0 / 6.0

Array = npt.NDArray[np.float32]


def normalise_contrast(images: Array, sigma: float) -> Array:
    """Subtract the local mean and divide by the local standard deviation.

    Parameters
    ----------
    images : ndarray, float32, shape (N, H, W)
        Grey values in 0 to 1.
    sigma : float
        Of the Gaussian neighbourhood, pixels.

    Returns
    -------
    ndarray, float32, shape (N, H, W)
    """
    around = (0.0, sigma, sigma)
    centred = images - gaussian_filter(images, around)
    spread = np.sqrt(gaussian_filter(centred * centred, around))
    return np.asarray(centred / (spread + 0.02), np.float32)


def find_flows(images: Array, rounds: int = 6) -> Array:
    """Find how each image departs from the shape in their middle.

    Parameters
    ----------
    images : ndarray, float32, shape (N, H, W)
        At least 12, of one class; H and W are multiples of 4.
    rounds : int
        Rounds of alignment: the first half at a quarter of the size, then at half.

    Returns
    -------
    ndarray, float32, shape (2, N, H, W)
        For each place of the middle shape, how many rows and columns further
        the same anatomy lies in each image. The mean over the images is 0.

    Raises
    ------
    ValueError
        Fewer than 12 images.
    """
    if len(images) < FEWEST_MEMBERS:
        raise ValueError(f"a composite takes at least {FEWEST_MEMBERS} images, not {len(images)}")
    count, height, width = images.shape
    flows = np.zeros((2, count, height // 4, width // 4), np.float32)
    for step in range(rounds):
        scale = 4 if step < rounds // 2 else 2
        flows = _resize_flows(flows, height // scale, width // scale)
        small = _shrink(images, scale)
        features = normalise_contrast(small, 24.0 / scale) + 4.0 * small
        flows = _demons(features, flows, stiffness=10.0 / scale)
        flows -= flows.mean(axis=1, keepdims=True)
    return _resize_flows(flows, height, width)


def warp(images: Array, flows: Array, order: int = 3) -> Array:
    """Sample each image where its flow points.

    Parameters
    ----------
    images : ndarray, float32, shape (N, H, W)
    flows : ndarray, float32, shape (2, N, H, W)
        Rows, then columns, in pixels.
    order : int
        Of the spline.

    Returns
    -------
    ndarray, float32, shape (N, H, W)
        Beyond the border the nearest pixel is repeated.
    """
    grid = np.mgrid[: images.shape[1], : images.shape[2]].astype(np.float32)
    warped = [
        map_coordinates(image, grid + flows[:, i], order=order, mode="nearest")
        for i, image in enumerate(images)
    ]
    return np.stack(warped).astype(np.float32)


def fuse(aligned: Array, rng: np.random.Generator, levels: int = 5) -> Array:
    """Blend aligned images of one class into one that is none of them.

    Averaging weakens what differs between the members (vessels, grain, rib
    edges a pixel apart), so each band is brought back to the strength that it
    has in one member, place by place.

    Parameters
    ----------
    aligned : ndarray, float32, shape (N, H, W)
        Grey values in 0 to 1.
    rng : numpy.random.Generator
        Draws which members lend their detail where.
    levels : int
        Bands, each of twice the scale of the one before.

    Returns
    -------
    ndarray, float32, shape (H, W)
        Grey values in 0 to 1.
    """
    rest, blended = aligned, np.zeros(aligned.shape[1:], np.float32)
    for level in range(levels):
        sigma = 2.0**level
        near, wide = 3.0 * sigma, 6.0 * sigma
        smooth = gaussian_filter(rest, (0, sigma, sigma))
        band, rest = _without_outliers(rest - smooth), smooth
        gap = (band - robust_mean(band)) / (band.std(axis=0) + 1e-4)
        strength = -gaussian_filter(gap * gap, (0, near, near))
        lots = gaussian_filter(rng.standard_normal(band.shape), (0, 2 * near, 2 * near))
        strength += 0.5 * lots / lots.std()
        mixed = (capped_weights(np.exp(strength)) * band).sum(axis=0)
        power = np.quantile(gaussian_filter(band * band, (0, wide, wide)), 0.6, axis=0)
        gain = np.sqrt(power / (gaussian_filter(mixed * mixed, wide) + 1e-8))
        blended += mixed * np.clip(gain, 1.0, 4.0)
    return np.clip(blended + robust_mean(rest), 0.0, 1.0).astype(np.float32)


def draw_shape(flows: Array, rng: np.random.Generator, spread: float) -> Array:
    """Draw a new shape from the Gaussian that the members' own shapes span.

    Parameters
    ----------
    flows : ndarray, float32, shape (2, N, H, W)
        As `find_flows` returns them: their mean is 0.
    rng : numpy.random.Generator
    spread : float
        1 for the members' own covariance.

    Returns
    -------
    ndarray, float32, shape (2, 1, H, W)
        A flow for `warp`.
    """
    count = flows.shape[1]
    shares = spread * rng.standard_normal(count) / np.sqrt(count)
    return np.tensordot(flows, shares.astype(np.float32), axes=(1, 0))[:, np.newaxis]


def capped_weights(strength: Array, heaviest: float = HEAVIEST_WEIGHT) -> Array:
    """Weights that sum to 1 over the members, none above a cap.

    Parameters
    ----------
    strength : ndarray, float32, shape (N, H, W)
        Positive; what each member would weigh against the others.
    heaviest : float
        The cap, more than 1 / N.

    Returns
    -------
    ndarray, float32, shape (N, H, W)
    """
    share = strength + 1e-6 * strength.max(axis=0)
    capped = np.zeros(share.shape, bool)
    # What the capped ones leave is shared out among the others, which may cap some of those.
    for _ in range(len(share)):
        free = np.where(capped, 0.0, share)
        room = 1.0 - heaviest * capped.sum(axis=0)
        weights = np.where(capped, heaviest, free * room / free.sum(axis=0))
        over = weights > heaviest * (1 + 1e-6)
        if not over.any():
            break
        capped |= over
    return weights.astype(np.float32)


def robust_mean(images: Array) -> Array:
    """Mean without the two highest and two lowest at each pixel.

    Parameters
    ----------
    images : ndarray, float32, shape (N, H, W)

    Returns
    -------
    ndarray, float32, shape (H, W)
    """
    return np.sort(images, axis=0)[2:-2].mean(axis=0)


def _without_outliers(band: Array) -> Array:
    """Cut off what one or two members alone have: letters, lines, electrodes."""
    middle = np.median(band, axis=0)
    reach = 3.0 * 1.4826 * np.median(np.abs(band - middle), axis=0)
    return np.clip(band, middle - reach, middle + reach)


def _demons(features: Array, flows: Array, *, stiffness: float, steps: int = 30) -> Array:
    """Move every image towards the mean of all, in small smooth steps."""
    for step in range(steps):
        moved = warp(features, flows, order=1)
        if step % 10 == 0:
            target = robust_mean(moved)
            slope = np.stack([np.gradient(target, axis=axis) for axis in (0, 1)])
        gap = moved - target
        own = np.stack([np.gradient(moved, axis=axis) for axis in (1, 2)])
        slopes = (own + slope[:, np.newaxis]) / 2
        force = slopes * gap / ((slopes**2).sum(axis=0) + 0.25 * gap * gap + 1e-3)
        flows = flows - gaussian_filter(np.clip(force, -2, 2), (0, 0, 1.5, 1.5))
        flows = gaussian_filter(flows, (0, 0, stiffness, stiffness))
    return flows


def _shrink(images: Array, scale: int) -> Array:
    smooth = gaussian_filter(images, (0, scale / 2, scale / 2))
    return smooth[:, scale // 2 :: scale, scale // 2 :: scale]


def _resize_flows(flows: Array, height: int, width: int) -> Array:
    if flows.shape[2:] == (height, width):
        return flows
    factor = height / flows.shape[2]
    steps = (1, 1, factor, width / flows.shape[3])
    larger = zoom(flows, steps, order=1, grid_mode=True, mode="nearest")
    return np.asarray(larger * factor, np.float32)
