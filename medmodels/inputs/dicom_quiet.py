"""Keep pydicom and its decoders from writing tag values to logs and warnings."""

from __future__ import annotations

import encodings
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pydicom.config

_LOGGERS = tuple(logging.getLogger(name) for name in ("pydicom", "pylibjpeg", "openjpeg"))
# The settings below belong to the whole process.
_LOCK = threading.RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """Silence pydicom; one reader at a time.

    Its messages quote the values that they complain about, and a value may be
    a name or an identifier.
    """
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        levels = [logger.level for logger in _LOGGERS]
        mode = pydicom.config.settings.reading_validation_mode
        for logger in _LOGGERS:
            logger.setLevel(logging.CRITICAL + 1)
        pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
        try:
            yield
        finally:
            pydicom.config.settings.reading_validation_mode = mode
            for logger, level in zip(_LOGGERS, levels, strict=True):
                logger.setLevel(level)
            _forget_unknown_encodings()


def _forget_unknown_encodings() -> None:
    """Forget what a file called its characters, where that is no encoding.

    Python keeps the name of every encoding that it looked for in vain until it ends
    (``encodings.search_function``), and pydicom looks for whatever stands in Specific
    Character Set.
    """
    known = encodings._cache
    for name in [name for name, found in list(known.items()) if found is None]:
        known.pop(name, None)
