"""A window of bases in numbers that tell DNA from letters that are none.

No network is needed for them: which words of two and three bases there are, how much
the window repeats itself, how even and how sure its letters are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from medmodels.trust.base_quality import measure_bases

Values = npt.NDArray[np.floating[Any]]

LAGS: Final = 12
"""Bases at which a window is compared with itself: repeats of up to so many bases show."""
SHARES: Final = 4 + 16 + 64 + LAGS
WIDTH: Final = 2 * SHARES + 3 + 4
_TINY = 1e-9
#: What each share is where letters are drawn evenly.
_EVEN: Final = np.repeat([1 / 4, 1 / 16, 1 / 64, 1 / 4], [4, 16, 64, LAGS]).astype(np.float32)


def base_rows(windows: Values) -> npt.NDArray[np.float32]:
    """Describe windows by their letters.

    Parameters
    ----------
    windows : ndarray, shape (n, L, 4)
        Mixtures of A, C, G and T; L is more than `LAGS`.

    Returns
    -------
    ndarray, float32, shape (n, 199)
        Shares of the 4 bases, the 16 pairs and the 64 triplets of neighbours, a mixture
        counting as its parts, and the share of bases that are the same 1 to 12 places
        further on; the squared distance of each of these from what it is where letters
        are drawn evenly, for there may be too many or too few; the entropy of bases,
        pairs and triplets (nats); the four measures of
        `medmodels.trust.base_quality.BaseQuality`, an unknown complexity as 1.
    """
    x = np.asarray(windows, dtype=np.float32)
    n, length = x.shape[:2]
    single = x.mean(axis=1)
    # Sums of products as matrix products: twenty times as fast as `einsum` over three axes.
    along = x.transpose(0, 2, 1)
    pairs = (along[:, :, :-1] @ x[:, 1:]).reshape(n, 16) / (length - 1)
    both = (along[:, :, np.newaxis, :-2] * along[:, np.newaxis, :, 1:-1]).reshape(n, 16, -1)
    triplets = (both @ x[:, 2:]).reshape(n, 64) / (length - 2)
    same = [
        np.einsum("nla,nla->n", x[:, :-lag], x[:, lag:]) / (length - lag)
        for lag in range(1, LAGS + 1)
    ]
    shares = np.concatenate([single, pairs, triplets, np.stack(same, axis=1)], axis=1)
    entropies = [-(p * np.log(p + _TINY)).sum(axis=1) for p in (single, pairs, triplets)]
    quality = np.nan_to_num(measure_bases(x), nan=1.0)
    parts = [shares, (shares - _EVEN) ** 2, np.stack(entropies, axis=1), quality]
    return np.concatenate(parts, axis=1).astype(np.float32)
