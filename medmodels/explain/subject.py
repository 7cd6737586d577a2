"""One answer that is explained: the network, the input, the class, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.explain.arguments import Array, beats_among, is_bases
from medmodels.explain.base_masking import BaseMasking
from medmodels.explain.base_parts import BaseParts
from medmodels.explain.baselines import base_baseline, beat_baseline, say_all, scan_baseline
from medmodels.explain.contrast import (
    Contrast,
    choose_contrasts,
    masked_beat,
    typical_contrasts,
    usual_contrast,
)
from medmodels.explain.faithfulness import Score, log_odds_of
from medmodels.explain.masking import BeatMasking, Masking, ScanMasking
from medmodels.explain.method import Method
from medmodels.explain.methods import METHODS
from medmodels.explain.once import once
from medmodels.explain.parts import BeatParts, Parts, ScanParts
from medmodels.explain.place import Place, place_of
from medmodels.explain.plan import CONTRASTS, ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap

# What is not asked about is not hidden.
_AROUND = " (within the square around it; all else stays)"


@dataclass(frozen=True, eq=False)
class Subject:
    """One answer about one input.

    Parameters
    ----------
    bundle : Bundle
    x : ndarray, float32, shape (H, W, C) or (L, 4), or tuple of ndarray (T, L, leads) and (T, R)
        A prepared scan; a sequence of bases; or windows and numbers of the
        beats around one.
    beat : int or None
        That beat, 0 to T - 1; None for a scan or a sequence.
    class_index : int
        The class explained.
    """

    bundle: Bundle
    x: Array | tuple[Array, Array]
    beat: int | None
    class_index: int

    @once
    def score(self) -> Score:
        """Log-odds of the class explained."""
        return log_odds_of(self.bundle.operating_point.probabilities, self.class_index)

    @once
    def logits(self) -> npt.NDArray[np.float32]:
        """The network's answer to the input as it is, (1, K)."""
        explained = self.x if self.beat is None else self._beats[0]
        return self._answer(self._whole(np.asarray(explained)))

    @once
    def place(self) -> Place | None:
        """What of a scan is asked about; None for all of it."""
        return place_of(self.bundle.card.input, np.asarray(self.x))

    @once
    def others(self) -> tuple[int, ...]:
        """The other classes, the likeliest first."""
        shares = self.bundle.operating_point.probabilities(self.logits.astype(np.float64))[0]
        return tuple(int(k) for k in np.argsort(-shares) if k != self.class_index)

    @once
    def contrasts(self) -> tuple[Contrast, ...]:
        """The other beats that a beat is compared with."""
        windows, numbers, beat = self._beats
        card = self.bundle.card
        typical = typical_contrasts(self.bundle.reference, [entry.title for entry in card.classes])
        unclaimed = card.evaluation.get("unclaimed", ())
        claimed = [k for k in self.others if card.class_names[k] not in unclaimed]
        return choose_contrasts(
            self.bundle.network, (windows, numbers), beat, self.score, claimed, typical
        )

    def answers(self, x: Array) -> npt.NDArray[np.float32]:
        """The network's answers to inputs (N, *shape) in this one's place, (N, K)."""
        return np.concatenate([self._answer(self._whole(one)) for one in x])

    def instead(self, x: Array | tuple[Array, Array]) -> Subject:
        """The same question about another input."""
        return Subject(self.bundle, x, self.beat, self.class_index)

    def settings_for(self, method: Method) -> dict[str, Any]:
        """What a method is told of this bundle and this input."""
        settings: dict[str, Any] = {} if self.beat is None else {"beat": self.beat}
        if method.uses_layer:
            settings["layer_name"] = self.bundle.card.network["explained_layer"]
        if method.uses_place:
            settings["place"] = self.place
        if method.uses_contrast:
            settings["contrast"] = self.contrasts[0]
        if method.uses_contrasts:
            settings["contrasts"] = self.contrasts
        return settings

    def explain(self, method: Method | str, **settings: Any) -> SaliencyMap:
        """Run a method with the settings that this bundle wants.

        Parameters
        ----------
        method : Method or str
        **settings
            More of the method's own.
        """
        chosen = METHODS[method] if isinstance(method, str) else method
        settings = self.settings_for(chosen) | settings
        found = chosen.explain(self.bundle.network, self.x, self.class_index, **settings)
        return found if self.beat is None else _on_beats(found, beats_among(self._beats[:2]))

    def parts(self, plan: ExplainPlan) -> Parts:
        """The input, cut as the plan says."""
        if self.beat is None:
            network, x = self.bundle.network, np.asarray(self.x)
            instead = [self._baseline(name)[0] for name in plan.baselines]
            if is_bases(x):
                return BaseParts([BaseMasking(network, x, other) for other in instead], x)
            hidden = [ScanMasking(network, x, other) for other in instead]
            return ScanParts(hidden, x, plan.cells, self.place)
        windows, numbers, beat = self._beats
        maskings = [one for name in plan.baselines for one in self._beat_maskings(name)]
        return BeatParts(maskings, (windows, numbers), beat, plan.samples)

    def say_baselines(self, plan: ExplainPlan) -> str:
        """What the audit puts in the place of parts, in words."""
        if self.beat is None:
            words = [self._baseline(name)[1] for name in plan.baselines]
        else:
            words = [
                word
                for name in plan.baselines
                for word in (
                    [contrast.words for contrast in self.contrasts]
                    if name == CONTRASTS
                    else [beat_baseline(self._beats[0], name)[1]]
                )
            ]
        around = "" if self.beat is not None or self.place is None else _AROUND
        return say_all(words) + around

    def _baseline(self, name: str) -> tuple[Array, str]:
        """What stands in the place of a scan or a sequence, and in words."""
        x = np.asarray(self.x)
        return base_baseline(x, name) if is_bases(x) else scan_baseline(x[None], name)

    def _whole(self, x: Array) -> Masking:
        """Another input in this one's place, of which nothing is replaced."""
        network = self.bundle.network
        if self.beat is not None:
            return BeatMasking(network, (x, self._beats[1]), self.beat, x)
        return BaseMasking(network, x, x) if is_bases(x) else ScanMasking(network, x, x)

    @staticmethod
    def _answer(masking: Masking) -> npt.NDArray[np.float32]:
        return masking.logits(np.ones((1, *masking.shape), np.float32))

    def _beat_maskings(self, baseline: str) -> list[BeatMasking]:
        windows, numbers, beat = self._beats
        network = self.bundle.network
        if baseline == CONTRASTS:
            return [
                masked_beat(network, (windows, numbers), beat, contrast)
                for contrast in self.contrasts
            ]
        trace = beat_baseline(windows, baseline)[0]
        usual = usual_contrast((windows, numbers)).numbers
        rows = np.ascontiguousarray(np.broadcast_to(usual, numbers.shape))
        return [BeatMasking(network, (windows, numbers), beat, trace, rows)]

    @property
    def _beats(self) -> tuple[Array, Array, int]:
        assert self.beat is not None
        windows, numbers = self.x
        return windows, numbers, self.beat


def _on_beats(found: SaliencyMap, held: npt.NDArray[np.bool_]) -> SaliencyMap:
    """A map without what it says of rows that hold no beat."""
    if held.all():
        return found
    values = np.where(held[:, None, None], found.values, 0)
    context = None if found.context is None else np.where(held[:, None], found.context, 0)
    return replace(found, values=values, context=context)
