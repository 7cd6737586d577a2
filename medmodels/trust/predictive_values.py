"""From sensitivity, specificity and prevalence to what an alarm means at one clinic.

Sensitivity and specificity belong to the test, PPV and NPV to the place where
it is used: Bayes' theorem leads from one to the other. Counts of people ("of
1,000 people, ...") are understood where conditional probabilities are not
(Gigerenzer and Hoffrage 1995, "How to improve Bayesian reasoning without
instruction: frequency formats").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def positive_predictive_value(
    sensitivity: npt.ArrayLike, specificity: npt.ArrayLike, prevalence: float
) -> Floats:
    """Share of the alarms that are right (PPV), by Bayes' theorem.

    Parameters
    ----------
    sensitivity, specificity : array_like, shape (...)
        In 0 to 1. For an interval, pass pairs that were resampled together:
        row *r* of both must come from the same bootstrap sample.
    prevalence : float
        Share of people who have it, in 0 to 1.

    Returns
    -------
    ndarray, float64, shape (...)
        NaN where nobody is alarmed.

    Raises
    ------
    ValueError
        When the prevalence is not in 0 to 1.

    Examples
    --------
    >>> round(float(positive_predictive_value(0.9, 0.8, 0.5)), 3)
    0.818
    """
    found, _, alarmed, _ = _cells(sensitivity, specificity, prevalence)
    return _ratio(found, found + alarmed)


def negative_predictive_value(
    sensitivity: npt.ArrayLike, specificity: npt.ArrayLike, prevalence: float
) -> Floats:
    """Share of those left alone who are well (NPV), by Bayes' theorem.

    Parameters
    ----------
    sensitivity, specificity, prevalence
        As in `positive_predictive_value`.

    Returns
    -------
    ndarray, float64, shape (...)
        NaN where everybody is alarmed.

    Raises
    ------
    ValueError
        When the prevalence is not in 0 to 1.
    """
    _, missed, _, left_alone = _cells(sensitivity, specificity, prevalence)
    return _ratio(left_alone, left_alone + missed)


@dataclass(frozen=True)
class NaturalFrequencies:
    """What becomes of a number of people, in whole people.

    Parameters
    ----------
    found, missed : int
        Those who have it, with an alarm and without.
    alarmed, left_alone : int
        Those who do not have it, with an alarm and without.
    """

    found: int
    missed: int
    alarmed: int
    left_alone: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.ill + self.well

    @property
    def ill(self) -> int:
        """Those who have it."""
        return self.found + self.missed

    @property
    def well(self) -> int:
        """Those who do not have it."""
        return self.alarmed + self.left_alone

    @property
    def alarms(self) -> int:
        """Those with an alarm, right or wrong."""
        return self.found + self.alarmed

    @property
    def quiet(self) -> int:
        """Those without an alarm, rightly or wrongly."""
        return self.missed + self.left_alone


def natural_frequencies(
    sensitivity: float, specificity: float, prevalence: float, people: int
) -> NaturalFrequencies:
    """Of so many people, how many are found, missed, alarmed and left alone.

    First the people are parted into ill and well, then each part by its rate,
    so that the counts add up as they are told ("of the 100 who have it, 97").

    Parameters
    ----------
    sensitivity, specificity, prevalence : float
        In 0 to 1.
    people : int
        At least 1.

    Returns
    -------
    NaturalFrequencies
        Each count within 1 of the exact figure.

    Raises
    ------
    ValueError
        When a rate is not in 0 to 1, or ``people`` is less than 1.

    Examples
    --------
    >>> natural_frequencies(0.97, 0.92, 0.1, 1000)
    NaturalFrequencies(found=97, missed=3, alarmed=72, left_alone=828)
    """
    for rate in (sensitivity, specificity, prevalence):
        if not 0 <= rate <= 1:
            raise ValueError(f"a rate must lie in 0 to 1, found {rate}")
    if people < 1:
        raise ValueError(f"at least one person is needed, found {people}")
    ill, well = largest_remainder((prevalence, 1 - prevalence), people)
    found, missed = largest_remainder((sensitivity, 1 - sensitivity), ill)
    left_alone, alarmed = largest_remainder((specificity, 1 - specificity), well)
    return NaturalFrequencies(found, missed, alarmed, left_alone)


def largest_remainder(shares: tuple[float, ...], total: int) -> tuple[int, ...]:
    """Whole numbers in proportion to shares that add up to a total (Hare and Niemeyer).

    Parameters
    ----------
    shares : tuple of float
        At least 0, together more than 0.
    total : int
        At least 0.

    Returns
    -------
    tuple of int
        Each is its exact part rounded down or up; of equal remainders the
        first is rounded up.

    Raises
    ------
    ValueError
        When the shares cannot be parts of a whole.

    Examples
    --------
    >>> largest_remainder((0.5, 0.3, 0.2), 5)
    (3, 1, 1)
    """
    parts = np.asarray(shares, dtype=np.float64)
    if not (parts >= 0).all() or not parts.sum() > 0:
        raise ValueError(f"these are no parts of a whole: {shares}")
    exact = parts / parts.sum() * total
    # 0.29 * 100 is 28.999... in floating point: what is a whole number but for that stays one.
    whole = np.floor(exact + 1e-9).astype(int)
    remainder = np.round(exact - whole, 9)
    rounded_up = np.argsort(-remainder, kind="stable")[: total - int(whole.sum())]
    whole[rounded_up] += 1
    return tuple(int(count) for count in whole)


def _cells(
    sensitivity: npt.ArrayLike, specificity: npt.ArrayLike, prevalence: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Shares of found, missed, alarmed and left alone among all."""
    if not 0 <= prevalence <= 1:
        raise ValueError(f"a prevalence must lie in 0 to 1, found {prevalence}")
    ill = np.asarray(sensitivity, dtype=np.float64)
    well = np.asarray(specificity, dtype=np.float64)
    return (
        ill * prevalence,
        (1 - ill) * prevalence,
        (1 - well) * (1 - prevalence),
        well * (1 - prevalence),
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
