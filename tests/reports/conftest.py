"""One reading of every kind, made once for all tests of reports."""

from __future__ import annotations

import pytest

from tests.reports.reading_kinds import every_kind


@pytest.fixture(scope="session")
def readings(one_of_each):
    """Readings by name; see `tests.reports.reading_kinds`."""
    return every_kind(one_of_each)
