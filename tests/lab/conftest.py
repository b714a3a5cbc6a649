"""The page on a free port of this machine, served from a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from dollarflow.lab.server import address_of, make_server


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address_of("127.0.0.1", server.port)
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)
