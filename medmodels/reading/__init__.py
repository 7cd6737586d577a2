"""The one way from an input to an answer."""

from medmodels.reading.as_json import reading_json
from medmodels.reading.read import read, warm
from medmodels.reading.reading import BeatEvidence, Reading, ScanEvidence, Trust

__all__ = ["BeatEvidence", "Reading", "ScanEvidence", "Trust", "read", "reading_json", "warm"]
