"""``dollarflow lab``: a page on this machine where policy's knobs are turned."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from dollarflow.console import Quiet, Verbose, complain, say


def lab(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8050,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; only 127.0.0.1 keeps the page to this machine.")] = "127.0.0.1",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Serve a local page where policy's knobs are turned and the model answers; Ctrl-C ends it."""
    from dollarflow.lab.guard import loopback
    from dollarflow.lab.server import address_of, make_server
    from dollarflow.lab.settings import Setting
    from dollarflow.lab.solving import compared

    if not loopback(host):
        complain(f"dollarflow lab: warning: on {host} anybody who reaches this machine can use the page; without --host it stays local")
    server = make_server(host, port)
    compared(Setting())
    if not quiet:
        say(f"serving on {address_of(host, server.port)} (Ctrl-C ends it)")
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    finally:
        server.server_close()
    if verbose:
        say("ended")
