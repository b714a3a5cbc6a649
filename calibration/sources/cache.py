"""Cache: downloaded bodies by name and vintage, each with a checksum and a stamp, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from calibration.sources.findings import fail
from calibration.sources.names import suggestion

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*(/[A-Za-z0-9][A-Za-z0-9._+-]*)*")
STAMP, BODY, PARTIAL = "stamp.json", "body", ".partial"
MOMENT = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True)
class Stamp:
    """Where a body came from and when: its vintage.

    Parameters
    ----------
    name
        Name in the cache, as ``FRED/SOFR``.
    address
        Address, without secrets.
    retrieved
        UTC, ISO 8601.
    sha256, size
        Of the body.
    content_type, etag, last_modified
        As the publisher sent them.
    """

    name: str
    address: str
    retrieved: str
    sha256: str
    size: int
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def vintage(self) -> date:
        """The day on which the publisher's figures stood like this."""
        return datetime.fromisoformat(self.retrieved).date()


@dataclass(frozen=True)
class Cached:
    """A body in the cache and its stamp."""

    path: Path
    stamp: Stamp

    def read(self) -> bytes:
        """The body, checked.

        Raises
        ------
        SourceError
            A body that is no longer what was downloaded (``checksum``).
        """
        body = self.path.read_bytes()
        found = hashlib.sha256(body).hexdigest()
        if found != self.stamp.sha256:
            raise fail("checksum", str(self.path), f"sha256 {found[:12]}… where {self.stamp.sha256[:12]}… was downloaded; fetch it again")
        return body

    def text(self) -> str:
        """The body as text, checked."""
        return self.read().decode("utf-8-sig", errors="replace")


class Cache:
    """A folder of downloads: ``<name>/<moment>/body`` and ``stamp.json``; a vintage is never overwritten."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def folder(self, name: str) -> Path:
        """The folder of a name.

        Raises
        ------
        ValueError
            A name that is no plain relative path.
        """
        if not NAME.fullmatch(name) or ".." in name:
            raise ValueError(f"{name!r} is no name for the cache: letters, digits, . _ + - and /")
        return self.root / name

    def vintages(self, name: str) -> tuple[Cached, ...]:
        """Every vintage of a name, oldest first."""
        folder = self.folder(name)
        stamps = sorted(folder.glob(f"*/{STAMP}"), key=lambda path: path.parent.name) if folder.is_dir() else []
        return tuple(Cached(path.parent / BODY, Stamp(**json.loads(path.read_text(encoding="utf-8")))) for path in stamps)

    def names(self) -> tuple[str, ...]:
        """Every name in the cache."""
        found = (
            {path.parent.parent.relative_to(self.root).as_posix() for path in self.root.glob(f"**/{STAMP}")}
            if self.root.is_dir()
            else set()
        )
        return tuple(sorted(found))

    def latest(self, name: str, *, as_of: date | None = None) -> Cached:
        """The last vintage of a name, or the last that existed on a day.

        Raises
        ------
        SourceError
            None in the cache (``unrecognised``), with the nearest name that is there.
        """
        found = [item for item in self.vintages(name) if as_of is None or item.stamp.vintage <= as_of]
        if not found:
            when = f" of {as_of.isoformat()} or before" if as_of else ""
            raise fail("unrecognised", name, f"not in the cache {self.root}{when}; {suggestion(name, self.names())}")
        return found[-1]

    def put(self, name: str, body: bytes, *, address: str, now: datetime | None = None, **sent: str) -> Cached:
        """Keep a body under a name with its vintage; one that equals the latest vintage is not kept twice.

        Parameters
        ----------
        name, body, address
            Name, content and address without secrets.
        now
            Moment of retrieval; the clock's when absent.
        sent
            ``content_type``, ``etag``, ``last_modified``.
        """
        moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        checksum = hashlib.sha256(body).hexdigest()
        earlier = self.vintages(name)
        if earlier and earlier[-1].stamp.sha256 == checksum and earlier[-1].path.is_file() and is_whole(earlier[-1]):
            return earlier[-1]
        stamp = Stamp(name, address, moment.isoformat(), checksum, len(body), **sent)
        folder = self.folder(name) / free_name(self.folder(name), moment.strftime(MOMENT))
        folder.mkdir(parents=True)
        write_whole(folder / BODY, body)
        write_whole(folder / STAMP, (json.dumps(asdict(stamp), indent=1, sort_keys=True) + "\n").encode())
        return Cached(folder / BODY, stamp)

    def partial(self, name: str) -> Path:
        """The file in which an interrupted download of a name waits to be resumed."""
        folder = self.folder(name)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / PARTIAL

    def __iter__(self) -> Iterator[Cached]:
        """The latest vintage of every name."""
        return (self.latest(name) for name in self.names())


def is_whole(item: Cached) -> bool:
    """Whether a cached body still has its checksum."""
    return hashlib.sha256(item.path.read_bytes()).hexdigest() == item.stamp.sha256


def free_name(folder: Path, wanted: str) -> str:
    """A folder name that is not taken: two vintages of one second are told apart by a count."""
    name, count = wanted, 1
    while (folder / name).exists():
        count += 1
        name = f"{wanted}-{count:03d}"
    return name


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that it is there in full or not at all, whatever interrupts."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
