"""One watched server for the tests of what it answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.watched import Watched, watched_server


@pytest.fixture(scope="package")
def door(tmp_path_factory, tiny_root) -> Iterator[Watched]:
    """The app on tiny bundles, without a browser."""
    folder = tmp_path_factory.mktemp("door")
    with watched_server(folder, tiny_root, "--server.maxUploadSize", "2") as running:
        yield running
