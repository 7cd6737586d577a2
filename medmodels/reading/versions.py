"""Which software made a reading."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version

from medmodels import __version__

_LIBRARIES = ("tensorflow", "keras", "numpy", "scipy", "pillow", "pydicom")


@cache
def library_versions() -> dict[str, str]:
    """Versions of Diaphane, Python and the libraries that compute a reading."""
    return {
        "diaphane": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
