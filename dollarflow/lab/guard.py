"""What the server refuses: foreign names and origins, oversized and malformed requests; and the headers that it sends."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

LOG = logging.getLogger("dollarflow.lab")
MOST_REQUEST = 1_048_576
UPDATE = "/_dash-update-component"
DEFECT = "The page met a defect; the terminal that runs dollarflow lab has the details."
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protect(app: Dash, host: str) -> None:
    """Puts checks before every request and headers after it.

    Parameters
    ----------
    app
        The page.
    host
        The address that it listens on.
    """
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = MOST_REQUEST

    @server.before_request
    def check() -> None:
        check_address(host)
        if request.method == "POST":
            check_post(app)

    @server.after_request
    def add_headers(response: Response) -> Response:
        for name, text in HEADERS.items():
            response.headers.setdefault(name, text)
        response.headers.setdefault("Content-Security-Policy", policy(app))
        return response

    @server.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int, dict[str, str]]:
        return f"{error.description}\n", error.code or 500, {"Content-Type": "text/plain; charset=utf-8"}

    @server.errorhandler(Exception)
    def failed(error: Exception) -> tuple[str, int, dict[str, str]]:
        LOG.error("a request failed", exc_info=error)
        return f"{DEFECT}\n", 500, {"Content-Type": "text/plain; charset=utf-8"}


def policy(app: Dash) -> str:
    """The content policy: everything from this server, no other host, no text turned into code."""
    scripts = " ".join(f"'{found}'" if not found.startswith("'") else found for found in app.csp_hashes())
    return (
        f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "connect-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; object-src 'none'"
    )


def check_address(host: str) -> None:
    """Refuses a request that came by a name which is not this server's, or from another site's page."""
    name = hostname(request.host)
    if not allowed(name, host):
        abort(403, f"This page answers to localhost, not to {name[:80]!r}.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403, "This page answers only to itself, not to other sites' pages.")


def hostname(text: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def allowed(name: str, host: str) -> bool:
    """Whether a name in a request can be this server's: localhost, the address that it listens on, or a bare address.

    A name that an attacker's server resolves to this machine is none of these. A server on the loopback takes loopback addresses only.

    Examples
    --------
    >>> [allowed(name, "127.0.0.1") for name in ("127.0.0.1", "evil.example", "192.0.2.1")], allowed("192.0.2.1", "0.0.0.0")
    ([True, False, False], True)
    """
    if name in ("localhost", host):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not loopback(host)


def loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_post(app: Dash) -> None:
    """Refuses a POST that is no well-formed call of one of the page's own callbacks."""
    if request.path != UPDATE:
        abort(405, "Nothing can be sent here.")
    if request.mimetype != "application/json":
        abort(415, "Send application/json.")
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    fault = malformed(body, app.callback_map)
    if fault:
        abort(400, f"This request cannot be used: {fault}.")


def malformed(body: Any, known: Mapping[str, Any]) -> str:
    """What is wrong with the body of a call; empty where nothing is."""
    if not isinstance(body, dict):
        return "it is no JSON object"
    output = body.get("output")
    if not isinstance(output, str) or output not in known:
        return "it names no callback of the page"
    for key in ("inputs", "state"):
        given = body.get(key, [])
        wanted = [(item["id"], item["property"]) for item in known[output][key]]
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            return f"{key} is no list of objects"
        if [(item.get("id"), item.get("property")) for item in given] != wanted:
            return f"{key} are not those of the callback"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(item, str) and "." in item for item in changed):
        return "changedPropIds is no list of texts"
    return malformed_outputs(body.get("outputs"), output)


def malformed_outputs(outputs: Any, output: str) -> str:
    """What is wrong with the list of outputs; empty where it spells the callback's name."""
    several = output.startswith("..")
    items = outputs if isinstance(outputs, list) else [outputs]
    if several != isinstance(outputs, list) or not all(isinstance(item, dict) for item in items):
        return "outputs are not those of the callback"
    named = [f"{item.get('id')}.{item.get('property')}" for item in items]
    spelled = output.strip(".").split("...") if several else [output]
    return "" if named == spelled else "outputs are not those of the callback"
