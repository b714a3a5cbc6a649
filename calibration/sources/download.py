"""Downloads: through the cache, offline unless asked, resumable, with timeouts and retries, and no secret in any message.

A request is answered from the cache when it can be. Online, the body goes to a partial file; an interrupted one is resumed with a
``Range`` request that ``If-Range`` ties to the same version. A request with a key follows no redirect. Statuses 429 and 5xx are tried
again after a pause that doubles (or that ``Retry-After`` asks for); any other status than 200 and 206 is final. A body is kept only
when it is whole and of the kind asked for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from calibration.sources import keys
from calibration.sources.cache import Cache, Cached, write_whole
from calibration.sources.containers import SIGNATURE
from calibration.sources.findings import SourceError, fail
from calibration.sources.structure import MARKUP, json_object

if TYPE_CHECKING:
    import httpx

Kind = Literal["json", "csv", "text", "zip"]
AGAIN = frozenset({429, 500, 502, 503, 504})
WHOLE, PART, BEYOND = 200, 206, 416
MOST_PAGES = 1000
MESSAGE = 300


@dataclass(frozen=True)
class Request:
    """What to fetch.

    Parameters
    ----------
    name
        Name in the cache.
    address
        Address with its query, without the key.
    kind
        What the body must be.
    key_name, key_variable
        Query parameter of the key and the environment variable that holds it; empty where none is needed.
    """

    name: str
    address: str
    kind: Kind
    key_name: str = ""
    key_variable: str = ""


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try: seconds to connect and between bytes, tries, first pause and longest pause."""

    connect: float = 10.0
    read: float = 30.0
    tries: int = 5
    pause: float = 1.0
    longest: float = 60.0


@dataclass
class Downloader:
    """Fetches requests through a cache.

    Parameters
    ----------
    cache
        Where bodies are kept.
    online
        False answers from the cache only.
    patience
        Timeouts and retries.
    environment
        Where keys are; the process's when absent.
    sleep
        How to pause; replaced in tests.
    """

    cache: Cache
    online: bool = False
    patience: Patience = field(default_factory=Patience)
    environment: Mapping[str, str] | None = None
    sleep: Callable[[float], None] = time.sleep

    def get(self, request: Request, *, refresh: bool = False) -> Cached:
        """The latest vintage of a request: the cached one, or with ``refresh`` a new one.

        Raises
        ------
        SourceError
            Offline and not in the cache, a final status, a body that is not whole or not of the kind, or no answer in all tries.
        """
        if not refresh or not self.online:
            try:
                return self.cache.latest(request.name)
            except SourceError as error:
                if not self.online:
                    hint = f"{error.findings[0].message}; fetch with online=True, or save {keys.public(request.address)} by hand"
                    raise fail("unrecognised", request.name, hint) from None
        secret = keys.key(request.key_variable, self.environment) if request.key_variable else ""
        with client(self.patience, secret) as http:
            return self.fetch(http, request, secret)

    def pages(self, request: Request, *, refresh: bool = False) -> tuple[Cached, ...]:
        """Every page of a FiscalData request, following ``links.next`` to its end.

        Raises
        ------
        SourceError
            As :meth:`get`, or links that do not end.
        """
        found: list[Cached] = []
        query: str | None = ""
        while query is not None:
            page = replace(request, name=f"{request.name}/page-{len(found) + 1:04d}", address=turned(request.address, query))
            found.append(self.get(page, refresh=refresh))
            answer = json_object(found[-1].text(), page.name)
            links = answer.get("links") or {}
            query = links.get("next") or None
            if len(found) >= MOST_PAGES:
                raise fail("missing pages", request.name, f"no end after {MOST_PAGES} pages")
        return tuple(found)

    def fetch(self, http: httpx.Client, request: Request, secret: str) -> Cached:
        """Fetch a request in as many tries as patience allows."""
        trouble = ""
        for attempt in range(self.patience.tries):
            outcome = self.attempt(http, request, secret)
            if isinstance(outcome, Cached):
                return outcome
            trouble, asked = outcome
            if attempt + 1 < self.patience.tries:
                self.sleep(min(self.patience.longest, asked if asked is not None else self.patience.pause * 2.0**attempt))
        check = "truncated body" if "bytes" in trouble else "wrong status"
        raise fail(check, request.name, f"{trouble} after {self.patience.tries} tries of {keys.public(request.address)}")

    def attempt(self, http: httpx.Client, request: Request, secret: str) -> Cached | tuple[str, float | None]:
        """One try: the cached body, or what went wrong and the pause that the publisher asked for."""
        import httpx

        partial = self.cache.partial(request.name)
        held, tag = resumable(partial)
        headers = {"Range": f"bytes={held}-", "If-Range": tag} if held else {}
        address = with_key(request, secret)
        try:
            with http.stream("GET", address, headers=headers) as answer:
                if urlsplit(address).scheme == "https" and answer.url.scheme != "https":
                    raise fail("wrong content", request.name, f"redirected from https to {answer.url.scheme}://{answer.url.host}")
                if answer.status_code == BEYOND:
                    forget(partial)
                    return "a resumed download was out of range", 0.0
                if answer.status_code in AGAIN:
                    return f"status {answer.status_code}", pause_of(answer.headers.get("Retry-After", ""))
                if answer.status_code not in (WHOLE, PART):
                    answer.read()
                    said = keys.hide(" ".join(answer.text.split())[:MESSAGE], secret)
                    raise fail("wrong status", request.name, f"status {answer.status_code} from {keys.public(request.address)}: {said}")
                continued = answer.status_code == PART and starts_at(answer.headers.get("Content-Range", ""), held)
                if answer.status_code == PART and not continued:
                    forget(partial)
                    return "a resumed download started elsewhere", 0.0
                save_tag(partial, answer.headers)
                coded = answer.headers.get("Content-Encoding", "identity") != "identity"
                with partial.open("ab" if continued else "wb") as stream:
                    for piece in answer.iter_bytes() if coded else answer.iter_raw():
                        stream.write(piece)
                body = partial.read_bytes()
                expected = None if coded else length_of(answer.headers, held if continued else 0)
                if expected is not None and len(body) != expected:
                    return f"{len(body)} of {expected} bytes", None
                sent = {
                    "content_type": answer.headers.get("Content-Type", ""),
                    "etag": answer.headers.get("ETag", ""),
                    "last_modified": answer.headers.get("Last-Modified", ""),
                }
        except httpx.TimeoutException:
            return "no answer in time", None
        except httpx.TransportError as error:
            size = partial.stat().st_size if partial.exists() else 0
            return keys.hide(f"connection lost with {size} bytes ({type(error).__name__})", secret), None
        forget(partial)
        refuse_kind(request, body, sent["content_type"], secret)
        return self.cache.put(request.name, body, address=keys.public(request.address), **sent)


@contextmanager
def client(patience: Patience, secret: str) -> Iterator[httpx.Client]:
    """An HTTP client whose library's logs hide the secret.

    Raises
    ------
    SourceError
        The HTTP library is not installed.
    """
    try:
        import httpx
    except ModuleNotFoundError:
        raise fail("wrong status", "httpx", "downloads need the extra 'data': pip install 'dollarflow[data]'") from None
    curtain = keys.draw(secret)
    try:
        timeout = httpx.Timeout(patience.read, connect=patience.connect)
        agent = {"User-Agent": "dollarflow", "Accept-Encoding": "identity"}
        with httpx.Client(timeout=timeout, headers=agent, follow_redirects=not secret, max_redirects=5) as http:
            yield http
    finally:
        keys.undraw(curtain)


def with_key(request: Request, secret: str) -> str:
    """The address with the key in its query."""
    if not secret:
        return request.address
    parts = urlsplit(request.address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), (request.key_name, secret)]
    return urlunsplit(parts._replace(query=urlencode(query, safe="[]:,*$")))


def turned(address: str, query: str) -> str:
    """An address with the parameters of another page: FiscalData's links are query fragments, others may be addresses."""
    if not query:
        return address
    if "://" in query or query.startswith("/"):
        return urljoin(address, query)
    parts = urlsplit(address)
    merged = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(parse_qsl(query.lstrip("&?"), keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(merged, safe="[]:,*$")))


def resumable(partial: Path) -> tuple[int, str]:
    """Bytes of an interrupted download that may be continued, and the version that they are of; 0 where none may."""
    record = partial.with_suffix(".json")
    if not partial.exists() or not record.exists():
        return 0, ""
    tag = json.loads(record.read_text(encoding="utf-8")).get("tag", "")
    size = partial.stat().st_size
    return (size, tag) if tag and size else (0, "")


def save_tag(partial: Path, headers: Mapping[str, str]) -> None:
    """Note which version a partial download is of: a strong entity tag, else the time of the last change; none for a coded body."""
    coded = headers.get("Content-Encoding", "identity") != "identity"
    tag = "" if coded else headers.get("ETag", "")
    if not tag or tag.startswith("W/"):
        tag = "" if coded else headers.get("Last-Modified", "")
    write_whole(partial.with_suffix(".json"), json.dumps({"tag": tag}).encode())


def forget(partial: Path) -> None:
    """Remove a partial download."""
    partial.unlink(missing_ok=True)
    partial.with_suffix(".json").unlink(missing_ok=True)


def starts_at(content_range: str, held: int) -> bool:
    """Whether a partial answer continues where the held bytes end."""
    return content_range.startswith(f"bytes {held}-")


def length_of(headers: Mapping[str, str], held: int) -> int | None:
    """The length that the whole body must have, when the publisher says."""
    said = headers.get("Content-Length", "")
    return held + int(said) if said.isdigit() else None


def pause_of(retry_after: str) -> float | None:
    """Seconds that a publisher asks to wait; none when it names a date or nothing."""
    return float(retry_after) if retry_after.strip().isdigit() else None


def refuse_kind(request: Request, body: bytes, content_type: str, secret: str) -> None:
    """Refuse a body that is not of the kind asked for.

    Raises
    ------
    SourceError
        ``truncated body`` when empty, else ``wrong content``.
    """
    start = body[:200].decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    if not body.strip():
        raise fail("truncated body", request.name, "an empty body")
    if "html" in content_type.lower() or start.lower().startswith(MARKUP):
        raise fail(
            "wrong content", request.name, f"{content_type or 'a page'} where {request.kind} was expected: {keys.hide(start[:80], secret)}"
        )
    fits = {"json": start.startswith(("{", "[")), "zip": body.startswith(SIGNATURE)}
    if not fits.get(request.kind, not start.startswith(("{", "["))):
        raise fail("wrong content", request.name, f"not {request.kind}: starts with {keys.hide(start[:40], secret)!r}")
