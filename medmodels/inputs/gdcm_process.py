"""A decoding plugin for pydicom: GDCM in a process of its own.

It is the one decoder under a permissive licence for JPEG lossless and 12-bit
JPEG, and it aborts, and takes its process along, on some damaged streams.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from pydicom import uid
from pydicom.pixels import get_decoder
from pydicom.pixels.decoders.base import DecodeRunner

PLUGIN = "gdcm in its own process"

DECODER_DEPENDENCIES = dict.fromkeys(
    (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1),
    ("python-gdcm>=3.0.10",),
)

_WORKER = Path(__file__).with_name("gdcm_worker.py")
_SECONDS = 30.0


def is_available(syntax: str) -> bool:
    """Tell pydicom whether a transfer syntax can be decoded.

    Parameters
    ----------
    syntax : str
        UID.

    Returns
    -------
    bool
    """
    return syntax in DECODER_DEPENDENCIES and importlib.util.find_spec("gdcm") is not None


def decode_in_process(src: bytes, runner: DecodeRunner) -> bytes:
    """Decode a frame.

    Parameters
    ----------
    src : bytes
        One encoded frame, its header already compared with the data set.
    runner : DecodeRunner

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        GDCM failed, died or took too long.
    """
    described = {
        "rows": runner.rows,
        "columns": runner.columns,
        "samples": runner.samples_per_pixel,
        "allocated": runner.bits_allocated,
        "stored": runner.bits_stored,
        "signed": runner.pixel_representation,
        "planar": runner.planar_configuration if runner.samples_per_pixel > 1 else 0,
        "photometric": str(runner.photometric_interpretation),
        "syntax": str.__str__(runner.transfer_syntax),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER)],
            input=json.dumps(described).encode() + b"\n" + src,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError:
        raise ValueError("GDCM cannot decode the frame") from None
    return done.stdout


def register() -> None:
    """Offer this plugin to pydicom; does nothing the second time."""
    for syntax in DECODER_DEPENDENCIES:
        decoder = get_decoder(syntax)
        if PLUGIN not in decoder.available_plugins:
            decoder.add_plugin(PLUGIN, (__name__, decode_in_process.__name__))
