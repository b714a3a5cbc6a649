"""The lab's server: the page, its checks, and a socket on this machine."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from dollarflow.errors import BadInput

if TYPE_CHECKING:
    from dash import Dash
    from werkzeug.serving import BaseWSGIServer

PORT, HOST = 8050, "127.0.0.1"
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
{%favicon%}
{%css%}
</head>
<body>
{%app_entry%}
<footer>
{%config%}
{%scripts%}
{%renderer%}
</footer>
</body>
</html>
"""


def make_app(host: str = HOST) -> Dash:
    """The page, ready to be served; everything that a browser needs comes from this server.

    Parameters
    ----------
    host
        The address that it will listen on: requests under other names are refused.

    Raises
    ------
    BadInput
        Dash is not installed.
    """
    try:
        from dash import Dash
    except ImportError:
        raise BadInput("the lab page needs Dash; install it with: pip install 'dollarflow[lab]'") from None
    from dollarflow.lab.callbacks import connect
    from dollarflow.lab.guard import protect
    from dollarflow.lab.layout import page

    app = Dash(
        "dollarflow.lab",
        assets_folder=str(Path(__file__).parent / "assets"),
        title="Dollar system lab",
        update_title="",
        serve_locally=True,
        index_string=INDEX,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.layout = page()
    connect(app)
    protect(app, host)
    return app


def make_server(host: str = HOST, port: int = PORT) -> BaseWSGIServer:
    """The page on a socket, a thread for each request.

    Parameters
    ----------
    host, port
        Where it listens; port 0 takes a free one.

    Raises
    ------
    BadInput
        The place cannot be listened on.
    """
    from werkzeug.serving import make_server as listening

    app = make_app(host)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with listen(host, port) as opened:
        return listening(host, opened.getsockname()[1], app.server, threaded=True, fd=opened.detach())


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises
    ------
    BadInput
        No such address, or somebody else listens there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BadInput(f"--host {host}: {error.strerror}") from None
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(64)
    except (OSError, OverflowError) as error:
        opened.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"cannot listen on {host} port {port}: {reason}; choose another with --port") from None
    return opened


def address_of(host: str, port: int) -> str:
    """The page's address, as one types it into a browser."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
