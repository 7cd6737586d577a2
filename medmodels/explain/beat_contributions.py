"""What made a beat's answer differ from that for other beats in its place.

A beat network reads more than the trace: intervals and measurements stand
beside it, and a premature beat is told by them first of all. So trace and
numbers are compared together, by integrated gradients (Sundararajan, Taly and
Yan 2017, arXiv 1703.01365), and their shares add up to the difference in logit.
With several beats to compare with, the shares are averaged (Erion et al. 2021,
"expected gradients", doi 10.1038/s42256-021-00343-w).
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.beat_derivative import derive_beat
from medmodels.explain.contrast import Contrast, usual_contrast
from medmodels.explain.path_integral import integrate_along
from medmodels.explain.saliency_map import SaliencyMap


def explain(
    network: keras.Model,
    x: Sequence[Array],
    class_index: int,
    *,
    beat: int,
    contrasts: Sequence[Contrast] = (),
    steps: int = 16,
) -> SaliencyMap:
    """Replace one beat by others, and share out what that changes.

    The beats around it stay as they are.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, logits (N, T, K).
    x : sequence of ndarray, (T, L, leads) and (T, R)
        Windows and numbers of the beats around the chosen one.
    class_index : int
    beat : int
        The beat explained, 0 to T - 1.
    contrasts : sequence of Contrast
        The other beats; the usual one among those given if there is none. See
        `medmodels.explain.contrast.choose_contrasts`.
    steps : int
        Points on the path, at least 1.

    Returns
    -------
    SaliencyMap
        values (T, L, leads) and context (T, R), zero but for the beat; in
        logits; signed; with ``completeness_error`` of both together.

    Raises
    ------
    ValueError
    """
    ends = as_inputs(network, x)
    check_target(network, class_index, beat, ends[0].shape[1])
    chosen = tuple(contrasts) or (usual_contrast([part[0] for part in ends]),)
    integrals = []
    derive = derive_beat(network, [part[0] for part in ends], class_index, beat)
    own = [part[:, beat] for part in ends]
    for contrast in chosen:
        other = [contrast.window[np.newaxis], contrast.numbers[np.newaxis]]
        integrals.append(integrate_along(derive, other, own, steps, steps + 2))
    shares = zip(*(integral.shares for integral in integrals), strict=True)
    values, context = (np.zeros(part.shape[1:], np.float32) for part in ends)
    values[beat], context[beat] = (np.mean(each, axis=0) for each in shares)
    return SaliencyMap(
        values=values,
        grid=values.shape,
        signed=True,
        method="Contributions",
        class_index=class_index,
        unit="logit",
        completeness_error=max(integral.completeness_error for integral in integrals),
        baseline=" and ".join(contrast.words for contrast in chosen),
        context=context,
    )
