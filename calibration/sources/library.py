"""Libraries: series of the catalogue from a folder or from the cache, with the vintage of what was downloaded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calibration.sources.addresses import requests
from calibration.sources.cache import Cached
from calibration.sources.catalogue import Catalogue, catalogue
from calibration.sources.containers import bodies
from calibration.sources.download import Downloader, Request
from calibration.sources.figures import Prepared, prepare
from calibration.sources.findings import Finding, SourceError
from calibration.sources.folder import mapped, read_folder
from calibration.sources.formats import read
from calibration.sources.merging import merge
from calibration.sources.published import Published
from calibration.sources.readers import fiscal, fred, ofr


@dataclass(frozen=True)
class Fetched:
    """Series of the catalogue as downloaded, what was asked for, and what was found on the way."""

    series: tuple[Published, ...]
    requests: tuple[Request, ...]
    findings: tuple[Finding, ...]


def open_folder(path: Path | str, *, accepted: Iterable[str] = (), known: Catalogue | None = None) -> Prepared:
    """The checked series of a folder of hand-downloaded files, ready for :func:`calibration.sources.figures.figures`.

    Parameters
    ----------
    path
        The folder.
    accepted
        Checks whose errors are accepted, by name.
    known
        The catalogue.

    Raises
    ------
    SourceError
        Every file that could not be read and every check that failed, unless accepted.
    """
    folder = read_folder(path, known=known)
    return prepare(folder.series, found=folder.findings, accepted=accepted, known=known)


def fetch(
    names: Sequence[str],
    start: date,
    end: date,
    downloader: Downloader,
    *,
    refresh: bool = False,
    known: Catalogue | None = None,
    bases: dict[str, str] | None = None,
) -> Fetched:
    """Series of the catalogue through the cache.

    Parameters
    ----------
    names, start, end
        Series by the catalogue's names and the days wanted.
    downloader
        Cache, and whether it may go online.
    refresh
        Whether to ask again for what is in the cache, as a new vintage.
    known, bases
        The catalogue, and other addresses by publisher.

    Raises
    ------
    SourceError
        A series without an address, a failed download, or a body that its reader refuses.
    """
    known = known or catalogue()
    asked = requests(names, start, end, known=known, bases=bases)
    series: list[Published] = []
    for request in asked:
        if request.name.startswith("Treasury/"):
            pages = downloader.pages(request, refresh=refresh)
            found = fiscal.read_pages([page.text() for page in pages], request.name)
            series += [item.stamped(pages[-1].stamp.vintage) for item in found]
        else:
            cached = downloader.get(request, refresh=refresh)
            series += [item.stamped(cached.stamp.vintage) for item in read_cached(request, cached)]
    kept, unmapped = mapped(series, known)
    merged, revisions = merge(kept)
    return Fetched(merged, asked, (*unmapped, *revisions))


def read_cached(request: Request, cached: Cached) -> tuple[Published, ...]:
    """The series of a downloaded body.

    Raises
    ------
    SourceError
        A body whose checksum changed, or that its reader refuses.
    """
    if request.kind == "zip":
        return read_archive(request, cached.read())
    text = cached.text()
    name = request.name.split("/")[-1].removesuffix(".json")
    if fred.recognises_observations(text):
        return fred.read_observations(text, request.name, name)
    if ofr.recognises_bare(text):
        return ofr.read_bare(text, request.name, name)
    return read(text, request.name)


def read_archive(request: Request, body: bytes) -> tuple[Published, ...]:
    """The series of every text member of an archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / request.name.split("/")[-1]
        path.write_bytes(body)
        found: list[Published] = []
        for origin, text in bodies(path):
            found += read(text, origin)
    if not found:
        raise SourceError([Finding("unrecognised", request.name, "an archive without series")])
    return tuple(found)
