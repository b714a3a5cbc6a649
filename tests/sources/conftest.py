"""A publisher's server for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.server import Publisher, publisher


@pytest.fixture
def server() -> Iterator[Publisher]:
    with publisher() as running:
        yield running
