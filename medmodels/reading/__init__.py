"""The one way from an input to an answer."""

from medmodels.reading.read import read, warm
from medmodels.reading.reading import BeatEvidence, Reading, ScanEvidence

__all__ = ["BeatEvidence", "Reading", "ScanEvidence", "read", "warm"]
