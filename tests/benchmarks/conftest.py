"""One browser for all benchmarks that need one."""

from __future__ import annotations

from tests.browser.conftest import browser  # noqa: F401 - a fixture
