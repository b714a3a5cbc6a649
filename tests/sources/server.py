"""A local HTTP server that speaks the publishers' protocols and fails in the ways that theirs do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Reply:
    """An answer: status, headers and body; ``cut`` sends only that many bytes, ``delay`` waits before the body."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    delay: float = 0.0
    ranges: bool = False


Route = Callable[["Asked"], Reply]


@dataclass
class Asked:
    """A request as the server saw it."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    count: int


class Publisher(ThreadingHTTPServer):
    """A publisher with routes by path; ``asked`` lists every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def serve(self, path: str, *replies: Reply) -> None:
        """Answer a path with the replies in turn, the last one from then on."""
        self.routes[path] = lambda asked: replies[min(asked.count, len(replies)) - 1]


class Handler(BaseHTTPRequestHandler):
    """Serves the routes of its publisher."""

    protocol_version = "HTTP/1.1"
    server: Publisher

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        count = 1 + sum(item.path == parts.path for item in self.server.asked)
        asked = Asked(parts.path, parse_qs(parts.query, keep_blank_values=True), dict(self.headers), count)
        self.server.asked.append(asked)
        route = self.server.routes.get(parts.path)
        self.answer(route(asked) if route else Reply(b"not found", 404, "text/plain"))

    def answer(self, reply: Reply) -> None:
        body, status = reply.body, reply.status
        extra = dict(reply.headers)
        wanted = self.headers.get("Range", "")
        if reply.ranges and wanted and self.headers.get("If-Range", "") in (extra.get("ETag"), extra.get("Last-Modified")):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            extra["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body, status = body[start:], 206
        self.send_response(status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.delay:
            self.wfile.flush()
            time.sleep(reply.delay)
        try:
            self.wfile.write(body if reply.cut is None else body[: reply.cut])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        if reply.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A running server, stopped afterwards."""
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
