"""A decoded scan and how a viewer shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from medmodels.inputs.origin import Origin


@dataclass(frozen=True)
class Window:
    """A display window: linear from ``centre - width / 2`` to ``centre + width / 2``.

    Parameters
    ----------
    name : str
        As shown to the user ("From the file", "Full range").
    centre, width : float
        In the units of the scan's pixels; ``width`` is greater than 0.
    """

    name: str
    centre: float
    width: float


@dataclass(frozen=True)
class Scan:
    """One decoded image.

    Parameters
    ----------
    pixels : ndarray, float32, shape (H, W) or (H, W, 3)
        Grey values after the modality transform (DICOM rescale), bright is
        dense (MONOCHROME1 already inverted), or RGB in 0 to 255. Finite.
    value_range : tuple of float
        Lowest and highest value the source's encoding can hold or, for DICOM
        after rescale, the lowest and highest present.
    windows : tuple of Window
        Never empty; the first is the default.
    source : str
        Encoding in words ("PNG, 16-bit grey", "DICOM, JPEG 2000 lossless").
    digest : str
        SHA-256 of the source bytes, hexadecimal.
    frame, frames : int
        Index of this frame and number of frames in the source.
    spacing_mm : tuple of float or None
        Row and column spacing, millimetres per pixel, when the source says.
    modality, body_part, view : str
        DICOM's codes ("CR", "CHEST", "PA"), empty when not stated.
    notes : tuple of str
        What was done to the pixels on the way in, in plain sentences.
    origin : Origin or None
        The image's place in its series; None unless it came as DICOM.
    """

    pixels: npt.NDArray[np.float32]
    value_range: tuple[float, float]
    windows: tuple[Window, ...]
    source: str
    digest: str
    frame: int = 0
    frames: int = 1
    spacing_mm: tuple[float, float] | None = None
    modality: str = ""
    body_part: str = ""
    view: str = ""
    notes: tuple[str, ...] = field(default=())
    origin: Origin | None = None

    @property
    def place(self) -> str:
        """Which of several frames this is, as a sentence; empty where there is but one."""
        return f"Frame {self.frame + 1} of {self.frames} in the file." if self.frames > 1 else ""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return int(self.pixels.shape[0]), int(self.pixels.shape[1])


def apply_window(
    pixels: npt.NDArray[np.float32], window: Window, *, inverted: bool = False
) -> npt.NDArray[np.float32]:
    """Map pixels through a window to display values.

    Parameters
    ----------
    pixels : ndarray, float32, any shape
        In the scan's units.
    window : Window
        Linear display window (DICOM PS3.3 C.11.2.1.3.2, LINEAR_EXACT).
    inverted : bool
        Show dense as dark.

    Returns
    -------
    ndarray, float32, same shape
        Display values in 0 (black) to 1 (white).
    """
    low = window.centre - window.width / 2
    shown = np.asarray(pixels - low, dtype=np.float32)
    # In place: a large picture would be held four times over.
    shown /= window.width
    np.clip(shown, 0.0, 1.0, out=shown)
    return 1.0 - shown if inverted else shown
