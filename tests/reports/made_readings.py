"""Readings of made inputs that reports are made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from medmodels.inputs.origin import Origin
from medmodels.inputs.scan import Scan, Window
from medmodels.reading import Reading, read
from medmodels.trust.decision import ABSTAIN, Decision, Reason
from tests.bundles_fixture import made_ramps

MADE = datetime(2026, 11, 30, 9, 8, 7, tzinfo=timezone(timedelta(hours=1)))
LATER = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
ORIGIN = Origin("2.25.11", "2.25.12", "2.25.13", "1.2.840.10008.5.1.4.1.1.1")
# Of what its first map reaches: none is drawn brightest.
SCALE = 1.5
WITHHELD = Decision(ABSTAIN, (Reason("dark", True, "It is far too <dark> to read & trust."),))


def ramp_reading(bundle, *, origin: Origin | None = ORIGIN) -> Reading:
    """A ramp, twice as wide as high, read as if it had come as DICOM."""
    pixels = np.repeat(np.asarray(made_ramps(1)[0, ..., 0], np.float32), 2, axis=1)
    window = Window("Full range", 0.5, 1.0)
    reading = read(bundle, Scan(pixels, (0.0, 1.0), (window,), "made", "d" * 64, origin=origin))
    (first, *_), *_ = reading.scan.maps.values()
    return replace(reading, map_scales={first.method: SCALE * float(np.abs(first.values).max())})


def withheld(reading: Reading) -> Reading:
    """The same with its answer withheld."""
    return replace(reading, trust=replace(reading.trust, decision=WITHHELD))
