"""The independent audit of a result folder: from its files alone, with no model, no equations and no solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dollarflow.results.books import Books
from dollarflow.results.calendar import check_calendar
from dollarflow.results.findings import Finding
from dollarflow.results.laws import LAWS
from dollarflow.results.schema import MANIFEST, TABLES
from dollarflow.results.seals import check_listing, check_manifest, check_table, read_manifest
from dollarflow.results.sheets import Sheet, read_sheet


class NotAResult(ValueError):
    """A place that is no result folder at all."""


@dataclass(frozen=True)
class FolderAudit:
    """The outcome of an audit.

    Parameters
    ----------
    folder
        What was audited.
    findings
        Everything that is off, in the order of the files; empty for a sound folder.
    periods, figures
        Number of solved periods and of figures read.
    """

    folder: Path
    findings: tuple[Finding, ...]
    periods: int
    figures: int

    @property
    def sound(self) -> bool:
        """True where nothing is off."""
        return not self.findings


def audit_folder(folder: Path) -> FolderAudit:
    """Checks (a) to (e) of the result folder's contract and every digest.

    Raises
    ------
    NotAResult
        ``folder`` is no folder, or holds none of a result's files.
    """
    if not folder.is_dir():
        raise NotAResult(f"{folder} is not a folder")
    names = {item.name for item in folder.iterdir() if item.is_file()}
    if not names & {MANIFEST, *TABLES}:
        raise NotAResult(f"{folder} is not a result folder: it has no {MANIFEST}")
    findings: list[Finding] = []
    whole: dict[str, object] = {}
    entries = None
    text = ""
    if MANIFEST not in names:
        findings.append(Finding(MANIFEST, 0, "", "the file is missing"))
    else:
        content = _bytes(folder, MANIFEST, findings)
        whole, entries, off = read_manifest(content)
        findings.extend(off)
        if whole:
            text = content.decode("utf-8")
            findings.extend(check_manifest(content, whole))
        findings.extend(check_listing(names, whole))
    sheets: dict[str, Sheet] = {}
    for name in TABLES:
        if name in names:
            sheet = Sheet(name, _bytes(folder, name, findings))
            form = list(sheet.form())
            sealed = list(check_table(sheet, whole, text)) if whole else []
            findings.extend(form + sealed)
            if not form:
                sheets[name] = sheet
    periods = 0
    if entries is not None and len(sheets) == len(TABLES):
        books = Books(sheets, entries)
        periods = books.periods
        for law in (*LAWS, check_calendar):
            findings.extend(law(books))
        for violation in entries.audit.violations:
            findings.append(Finding(MANIFEST, 0, "/audit/violations", f"the run itself found: {violation}"))
    figures = sum(len(sheet.lines) * len(sheet.header) for sheet in sheets.values())
    return FolderAudit(folder, tuple(dict.fromkeys(findings)), periods, figures)


def _bytes(folder: Path, name: str, findings: list[Finding]) -> bytes:
    """A file's bytes; an unreadable one is a finding."""
    try:
        return read_sheet(folder, name).content
    except OSError as error:
        findings.append(Finding(name, 0, "", f"cannot be read: {error.strerror}"))
        return b""
