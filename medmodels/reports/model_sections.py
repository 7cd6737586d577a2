"""The parts of a model report in their order, built one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from medmodels.bundles import Bundle
from medmodels.reports.model_blocks import Block, Section
from medmodels.reports.model_calibration import calibration_blocks
from medmodels.reports.model_card import card_blocks
from medmodels.reports.model_context import helped_blocks, mistake_blocks, published_blocks
from medmodels.reports.model_declines import declines_blocks
from medmodels.reports.model_discrimination import discrimination_blocks
from medmodels.reports.model_explained import explained_blocks
from medmodels.reports.model_groups import groups_blocks


@dataclass(frozen=True)
class Part:
    """A section that is built when it is wanted.

    Parameters
    ----------
    key, title : str
    build : callable
        From a bundle to its blocks.
    """

    key: str
    title: str
    build: Callable[[Bundle], list[Block]]

    def of(self, bundle: Bundle) -> Section:
        """The section of one bundle."""
        return Section(self.key, self.title, self.build(bundle))


PARTS = (
    Part("discrimination", "Telling apart", discrimination_blocks),
    Part("calibration", "Believing its percentages", calibration_blocks),
    Part("declining", "When it declines", declines_blocks),
    Part("explained", "Its explanations", explained_blocks),
    Part("groups", "For whom", groups_blocks),
    Part("mistakes", "Worst mistakes", mistake_blocks),
    Part("helped", "What helped", helped_blocks),
    Part("published", "Against others", published_blocks),
    Part("card", "Card", card_blocks),
)
