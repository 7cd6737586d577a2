"""How readily sites are called along a sequence, and what that costs.

Where every second window of the data is a site and along a gene one place in
thousands is, the largest probability calls sites in vain at every hundredth
place. So along a sequence a site is called above a threshold, which was chosen
for the calls in vain that it makes at places known to hold no site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ClassLevel:
    """One class at one level.

    Parameters
    ----------
    threshold : float
        A site is called where its probability is above it.
    in_vain_per_1000 : float
        Observed calls for each 1,000 places without a site.
    found, sites : int
        Known sites above the threshold, and all of them.
    places : int
        Places without a site that were read.
    """

    threshold: float
    in_vain_per_1000: float
    found: int
    sites: int
    places: int


@dataclass(frozen=True)
class CallLevel:
    """Thresholds of all classes for one rate of calls in vain.

    Parameters
    ----------
    rate : float
        Calls in vain for each 1,000 places, of each class, that the thresholds
        were chosen for.
    classes : mapping of str to ClassLevel
        By class name; classes that are no site are not in it.
    """

    rate: float
    classes: Mapping[str, ClassLevel]


@dataclass(frozen=True)
class CallLevels:
    """All levels that a bundle knows, from ready to strict.

    Parameters
    ----------
    levels : tuple of CallLevel
    usual : int
        Index of the one that is used unless another is asked for.
    chosen_on : str
        What the thresholds were measured on.
    """

    levels: tuple[CallLevel, ...]
    usual: int
    chosen_on: str

    @classmethod
    def from_trust(cls, trust: Mapping[str, Any]) -> CallLevels | None:
        """Read ``scan`` of ``trust.json``; None where a bundle has none.

        Parameters
        ----------
        trust : mapping
            ``scan`` holds ``usual`` (a rate), ``chosen_on`` and ``classes``: by
            class name a list of rows, the same rates in the same order.
        """
        table = trust.get("scan")
        if table is None:
            return None
        names, rows = list(table["classes"]), list(table["classes"].values())
        levels = []
        for same in zip(*rows, strict=True):
            by_class = {
                name: ClassLevel(**{key: row[key] for key in ClassLevel.__dataclass_fields__})
                for name, row in zip(names, same, strict=True)
            }
            levels.append(CallLevel(float(same[0]["rate"]), by_class))
        usual = [level.rate for level in levels].index(float(table["usual"]))
        return cls(tuple(levels), usual, str(table["chosen_on"]))
