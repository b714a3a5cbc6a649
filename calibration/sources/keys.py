"""Keys: secrets of publishers' services, from the environment only and never in a message, a log or a file."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from calibration.sources.findings import fail

HIDDEN = "***"
SECRET_PARAMETERS = frozenset({"api_key", "apikey", "key", "token", "$$app_token"})
IN_QUERY = re.compile(r"(?i)([?&](?:" + "|".join(re.escape(name) for name in sorted(SECRET_PARAMETERS)) + r")=)[^&\s\"'<>)]+")
LOGGERS = ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


def key(variable: str, environment: Mapping[str, str] | None = None) -> str:
    """The key in an environment variable.

    Raises
    ------
    SourceError
        None set; the message names the variable and never a value.
    """
    value = (os.environ if environment is None else environment).get(variable, "").strip()
    if not value:
        raise fail("wrong status", variable, f"the environment variable {variable} holds no key; set it, or download the file by hand")
    return value


def hide(text: str, *secrets: str) -> str:
    """A text with every known secret and every secret-looking query value replaced.

    Examples
    --------
    >>> hide("https://api.example/x?series_id=SOFR&api_key=abc")
    'https://api.example/x?series_id=SOFR&api_key=***'
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return IN_QUERY.sub(rf"\g<1>{HIDDEN}", text)


def public(address: str) -> str:
    """An address without its secret parameters, fit for a stamp or a message."""
    parts = urlsplit(address)
    query = [
        (name, HIDDEN if name.lower() in SECRET_PARAMETERS else value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return urlunsplit(parts._replace(query=urlencode(query, safe="[]:,*$")))


class Curtain(logging.Filter):
    """A filter that replaces secrets in whatever a library logs."""

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self.secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message; keep the record."""
        record.msg = hide(record.getMessage(), *self.secrets)
        record.args = ()
        return True


def draw(*secrets: str) -> Curtain:
    """Put a curtain before the loggers of the HTTP library; the caller takes it away with :func:`undraw`."""
    curtain = Curtain(*secrets)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(curtain)
    return curtain


def undraw(curtain: Curtain) -> None:
    """Take a curtain away."""
    for name in LOGGERS:
        logging.getLogger(name).removeFilter(curtain)
