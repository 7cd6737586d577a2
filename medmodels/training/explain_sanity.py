"""The sanity check and the usual places of a bundle's maps, measured once and stored.

Both belong to a method with a bundle, not to one input: too slow to measure
while someone waits, and the same for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from medmodels.bundles import Bundle
from medmodels.explain.judge import by_size
from medmodels.explain.methods import METHODS
from medmodels.explain.randomised import RandomisedCopy
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.sanity import measure
from medmodels.explain.shortcut import usual_shares
from medmodels.explain.subject import Subject
from medmodels.training.explain_inputs import ExplainInput

Tell = Callable[[str], None]


def measure_sanity(
    bundle: Bundle, inputs: Sequence[ExplainInput], methods: Sequence[str], tell: Tell | None = None
) -> dict[str, Any]:
    """Let a bundle's network forget, and see which methods notice.

    Parameters
    ----------
    bundle : Bundle
    inputs : sequence of ExplainInput
        Of the validation split; a dozen or so.
    methods : sequence of str
        Names in `medmodels.explain.methods.METHODS`.
    tell : callable, optional
        Told each method's name before it is measured.

    Returns
    -------
    dict
        ``Sanity.to_dict`` by method, as plain values.
    """
    copy = RandomisedCopy(bundle.network)
    beats = [one.beat for one in inputs]
    found: dict[str, Any] = {}
    for name in methods:
        if tell is not None:
            tell(name)
        settings = [settings_of(bundle, name, one) for one in inputs]

        def explain(
            network: keras.Model,
            k: int,
            name: str = name,
            settings: Sequence[Mapping[str, Any]] = settings,
        ) -> SaliencyMap:
            return by_size(name, explain_input(network, inputs[k], name, settings[k]))

        found[name] = measure(name, explain, bundle.network, copy, beats).to_dict()
    return found


def measure_usual_shares(
    bundle: Bundle, inputs: Sequence[ExplainInput], methods: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Where the maps of a scan bundle usually lie, see `medmodels.explain.shortcut`.

    Parameters
    ----------
    bundle : Bundle
    inputs : sequence of ExplainInput
        Scans of the validation split; some hundreds.
    methods : sequence of str

    Returns
    -------
    dict
        By method, the share of each part that 99% of the maps do not exceed.
    """
    found = {}
    for name in methods:
        found[name] = usual_shares(
            (
                one.x.mean(axis=-1),
                explain_input(bundle.network, one, name, settings_of(bundle, name, one)).values,
            )
            for one in inputs
            if not isinstance(one.x, tuple)
        )
    return found


def settings_of(bundle: Bundle, method: str, one: ExplainInput) -> dict[str, Any]:
    """A method's settings for an input of a bundle: as in the app."""
    subject = Subject(bundle, one.x, one.beat, one.class_index)
    return subject.settings_for(METHODS[method])


def explain_input(
    network: keras.Model, one: ExplainInput, method: str, settings: Mapping[str, Any]
) -> SaliencyMap:
    """Map one input's own class."""
    return METHODS[method].explain(network, one.x, one.class_index, **settings)
