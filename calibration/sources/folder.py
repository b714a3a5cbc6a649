"""Folders: files that a person downloaded by hand, each recognised by its content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs

from calibration.sources.catalogue import Catalogue, catalogue
from calibration.sources.containers import bodies
from calibration.sources.findings import Finding, SourceError
from calibration.sources.formats import read, recognise
from calibration.sources.merging import merge
from calibration.sources.names import suggestion
from calibration.sources.published import Published
from calibration.sources.readers import fiscal, fred

PASSED_OVER = ("README.md", "README.txt", "README")
CHOSEN = (fred.PUBLISHER, "OFR")
SHOWN = 5


@dataclass(frozen=True)
class Folder:
    """What a folder of published files holds.

    Parameters
    ----------
    path
        The folder.
    series
        The series of the catalogue, one a publisher's identifier.
    formats
        Recognised files (of an archive, its members) and the name of their format.
    findings
        Everything found; errors among them keep figures from being made.
    """

    path: Path
    series: tuple[Published, ...]
    formats: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """The files in none of the documented formats."""
        return tuple(item.where for item in self.findings if item.check == "unrecognised")


def read_folder(path: Path | str, *, known: Catalogue | None = None) -> Folder:
    """The series in a folder's files, whatever their names, with every file that could not be read named in the findings.

    Sub-folders are read too; hidden files and README files are passed over. Where a file states no vintage, it is the day on which
    the file was last changed. FRED's and OFR's answers that do not name their series are read by their file's name.

    Raises
    ------
    SourceError
        No folder, or an empty one.
    """
    root, known = Path(path), known or catalogue()
    if not root.is_dir():
        raise SourceError([Finding("unrecognised", str(root), "no such folder")])
    files = sorted(item for item in root.rglob("*") if item.is_file() and not is_passed_over(item, root))
    if not files:
        raise SourceError([Finding("unrecognised", str(root), "no files")])
    series: list[Published] = []
    formats: dict[str, str] = {}
    findings: list[Finding] = []
    pages: dict[str, list[tuple[int, str, str, date]]] = {}
    for file in files:
        changed = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC).date()
        try:
            for inner, text in bodies(file):
                origin = (file.relative_to(root).parent / inner).as_posix()
                try:
                    found, name = read_body(text, origin, pages, changed, known)
                    findings += found[1]
                    series += [item.stamped(changed) for item in found[0]]
                    formats[origin] = name
                except SourceError as error:
                    findings += error.findings
        except SourceError as error:
            findings += error.findings
    for group in pages.values():
        ordered = sorted(group)
        try:
            joined = fiscal.read_pages([text for _, text, _, _ in ordered], ordered[0][2])
            series += [item.stamped(max(day for *_, day in ordered)) for item in joined]
        except SourceError as error:
            findings += error.findings
    kept, unmapped = mapped(series, known)
    merged, revisions = merge(kept)
    return Folder(root, merged, formats, (*findings, *unmapped, *revisions))


def is_passed_over(file: Path, root: Path) -> bool:
    """Whether a file is hidden or a README."""
    return file.name in PASSED_OVER or any(part.startswith(".") for part in file.relative_to(root).parts)


def read_body(
    text: str, origin: str, pages: dict[str, list[tuple[int, str, str, date]]], changed: date, known: Catalogue
) -> tuple[tuple[tuple[Published, ...], list[Finding]], str]:
    """The series and findings of a body, and the name of its format; a page of several is put aside in ``pages``."""
    if fred.recognises_description(text):
        return ((), described(fred.read_description(text, origin), origin, known)), "FRED description (JSON)"
    found = recognise(text)
    if found is not None and found.read is fiscal.read_json:
        place = page_of(text)
        if place is not None:
            pages.setdefault(place[0], []).append((place[1], text, origin, changed))
            return ((), []), found.name
    return (read(text, origin), []), found.name if found else ""


def described(description: fred.Description, origin: str, known: Catalogue) -> list[Finding]:
    """A finding when FRED's own description of a series gives another unit than the catalogue."""
    if not known.knows(fred.PUBLISHER, description.series) or not description.unit:
        return []
    entry = known.entry(fred.PUBLISHER, description.series)
    amount = entry.unit.removesuffix("/yr")
    if description.unit in (entry.unit, amount):
        return []
    return [Finding("unit", description.series, f"FRED says {description.units!r} ({origin}), the catalogue {entry.unit}")]


def page_of(text: str) -> tuple[str, int] | None:
    """Which answer a FiscalData body is a page of, and its number; none when it is whole or cannot be read."""
    try:
        answer = json.loads(text)
        meta, rows = answer["meta"], answer["data"]
        if int(meta.get("total-pages", 1)) <= 1 or not rows:
            return None
        number = int(parse_qs(str((answer.get("links") or {}).get("self") or ""))["page[number]"][0])
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return f"{','.join(sorted(rows[0]))};{meta.get('total-count')}", number


def mapped(series: list[Published], known: Catalogue) -> tuple[list[Published], list[Finding]]:
    """The series of the catalogue, and findings about the others.

    Somebody chose each series of FRED and OFR, so an unknown one is an error; tables of the other publishers hold many more
    series than are used, so one is an error only when nothing in its file is known.
    """
    kept = [item for item in series if known.knows(*item.key)]
    useful = {item.origin for item in kept}
    findings = []
    others: dict[str, list[Published]] = {}
    for item in series:
        if not known.knows(*item.key):
            others.setdefault(item.origin, []).append(item)
    for origin, unknown in others.items():
        severe = origin not in useful
        chosen = [item for item in unknown if item.publisher in CHOSEN or severe]
        for item in chosen[:SHOWN]:
            own = [entry.series for entry in known.entries if entry.publisher == item.publisher]
            text = f"{item.publisher} series {item.series!r} of {origin} is not mapped; {suggestion(item.series, own)}"
            findings.append(Finding("not in the catalogue", item.series, text))
        rest = len(unknown) - min(len(chosen), SHOWN)
        if rest:
            severity = "error" if chosen else "note"
            text = f"{rest} other series of the file are not used"
            findings.append(Finding("not in the catalogue", origin, text, "error" if severity == "error" and severe else "note"))
    return kept, findings
