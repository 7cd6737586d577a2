"""Diaphane's library: calibrated, audited, explained readings of medical inputs.

Usable without the web app. Research and education only; not a medical device.
"""

from __future__ import annotations

__version__ = "0.1.0"

NOTICE = "Research and education only; not a medical device."
