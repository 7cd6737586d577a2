"""What stands beside a saliency map over a scan: how coarse it is, and what its colours say."""

from __future__ import annotations

from medmodels.explain.place import Place
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_scale import SaliencyScale
from medmodels.figures.scan_view import Extent


def grid_sentence(saliency: SaliencyMap, extent: Extent) -> str:
    """Say how coarse a map is, in the scan's own size where that is known."""
    rows, columns = saliency.grid[0], saliency.grid[1]
    if saliency.grid == saliency.values.shape:
        return f"The map has one value for each of the {columns} × {rows} points the network saw."
    place = saliency.place or Place.all_of(saliency.values.shape)
    across = place.width / saliency.values.shape[1] / columns
    down = place.height / saliency.values.shape[0] / rows
    if extent.unit == "mm":
        size = f"{extent.width * across:.0f} × {extent.height * down:.0f} mm"
    else:
        size = f"{across:.0%} of the width and {down:.0%} of the height"
    if saliency.place is not None:
        return (
            f"This map has {columns} × {rows} fields over the square around what is asked about; "
            f"one covers {size} of the scan. The rest was not hidden, and the map says nothing "
            "of it."
        )
    return (
        f"This map has {columns} × {rows} fields; one covers {size} of the scan, "
        "so it points at a region, not at a finding."
    )


def scale_sentence(saliency: SaliencyMap, scale: SaliencyScale) -> str:
    """Say what the colours can be compared with, and what the map reaches."""
    highest = float(abs(saliency.values).max()) / scale.highest
    if not scale.comparable:
        text = (
            "No common scale is known for this method here: colours span this map's own range and "
            "cannot be compared with another scan's."
        )
    elif highest < 0.25:
        text = (
            f"The colours have the same scale on every scan. This map reaches only "
            f"{highest:.0%} of it: there is little to see."
        )
    else:
        reach = "the top" if highest >= 1 else f"{highest:.0%}"
        text = f"The colours have the same scale on every scan; this map reaches {reach} of it."
    if saliency.baseline:
        text += f" Compared with {saliency.baseline}."
    if saliency.completeness_error is not None:
        text += (
            f" Its values miss the sum they promise by {saliency.completeness_error:.2g} "
            f"{saliency.unit}."
        )
    return text
