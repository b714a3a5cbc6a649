"""The digests of a result folder, held against its files: which line and which column was altered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from dollarflow.results.digests import column_digest, file_digest, row_digests
from dollarflow.results.entries import ManifestEntries, TableEntry
from dollarflow.results.findings import Finding
from dollarflow.results.manifest import DIGESTS, SEAL, dump, entries, entry_digest, line_in
from dollarflow.results.schema import MANIFEST, TABLES, line_of
from dollarflow.results.sheets import Sheet


def read_manifest(content: bytes) -> tuple[dict[str, Any], ManifestEntries | None, list[Finding]]:
    """The manifest of a result folder as far as it can be read.

    Returns
    -------
    The whole content, the entries that the auditor relies on (None where they are not there), and what is wrong with its form.
    """
    doubled: list[str] = []
    try:
        text = content.decode("utf-8")
        whole = json.loads(text, parse_constant=_no_constant, object_pairs_hook=lambda pairs: _mapping(pairs, doubled))
    except UnicodeDecodeError as error:
        return {}, None, [Finding(MANIFEST, content[: error.start].count(b"\n") + 1, "", f"byte {error.start} is not UTF-8 text")]
    except json.JSONDecodeError as error:
        return {}, None, [Finding(MANIFEST, error.lineno, "", f"not JSON: {error.msg} at column {error.colno}")]
    except (ValueError, RecursionError) as error:
        return {}, None, [Finding(MANIFEST, 0, "", f"not readable: {error}")]
    if not isinstance(whole, dict):
        return {}, None, [Finding(MANIFEST, 1, "", "not a mapping")]
    keys = {json.dumps(key, ensure_ascii=False): key for key in doubled}
    written = [(number, line.strip().partition('": ')[0] + '"') for number, line in enumerate(text.split("\n"), 1)] if keys else []
    findings = [Finding(MANIFEST, number, "", f"the key {keys[head]!r} stands twice") for number, head in written if head in keys]
    if keys and not findings:
        findings = [Finding(MANIFEST, 0, "", f"the key {key!r} stands twice") for key in keys.values()]
    try:
        return whole, ManifestEntries.model_validate(whole), findings
    except ValidationError as error:
        for item in error.errors():
            place = "/" + "/".join(str(part) for part in item["loc"])
            findings.append(Finding(MANIFEST, line_in(text, place), place, item["msg"]))
        return whole, None, findings


def check_manifest(content: bytes, whole: dict[str, Any]) -> Iterator[Finding]:
    """Every entry of the manifest has its digest, the text has its one form and the seal is that of the text."""
    text = content.decode("utf-8")
    recorded = whole.get(DIGESTS, {}).get(MANIFEST, {}) if isinstance(whole.get(DIGESTS), dict) else {}
    recorded = recorded if isinstance(recorded, dict) else {}
    open_part = {key: item for key, item in whole.items() if key not in (DIGESTS, SEAL)}
    found = dict(entries(open_part))
    if not recorded:
        yield Finding(MANIFEST, line_in(text, "/" + DIGESTS), f"/{DIGESTS}/{MANIFEST}", "no digests of the manifest's own entries")
        return
    off = {place: right for place, entry in found.items() if recorded.get(place) != (right := entry_digest(entry))}
    clean = not off
    digest_alone = len(off) == 1 and _seals({**whole, DIGESTS: {**whole[DIGESTS], MANIFEST: {**recorded, **off}}})
    for place in off:
        if digest_alone:
            line = line_in(text, (DIGESTS, MANIFEST, place))
            yield Finding(MANIFEST, line, f"/{DIGESTS}/{MANIFEST}", f"the digest of {place} differs from its entry {found[place]!r}")
        else:
            yield Finding(MANIFEST, line_in(text, place), place, f"{found[place]!r} differs from what its digest was taken of")
    for place in recorded:
        if place not in found:
            clean = False
            line = line_in(text, (DIGESTS, MANIFEST, place))
            yield Finding(MANIFEST, line, f"/{DIGESTS}/{MANIFEST}", f"there is no entry {place}, of which this is the digest")
    canonical = dump(whole)
    if canonical != text:
        pairs = zip(canonical.split("\n"), text.split("\n"), strict=False)
        line = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 0)
        clean = False
        yield Finding(MANIFEST, line, "", "the text is not as it was written")
    if clean and not _seals(whole):
        yield Finding(
            MANIFEST, line_in(text, "/" + SEAL), "/" + SEAL, "the seal differs from the manifest's text: a digest or the seal was altered"
        )


def _seals(whole: dict[str, Any]) -> bool:
    """True where the seal is that of the content."""
    return bool(whole.get(SEAL) == file_digest(dump({**whole, SEAL: ""}).encode()))


def check_table(sheet: Sheet, whole: dict[str, Any], manifest_text: str) -> Iterator[Finding]:
    """A table's bytes, columns and rows have the digests that the manifest records; what differs is named by line and column."""
    place = f"/{DIGESTS}/{sheet.name}"
    recorded = whole[DIGESTS].get(sheet.name) if isinstance(whole.get(DIGESTS), dict) else None
    try:
        recorded = TableEntry.model_validate(recorded)
    except ValidationError:
        for key in recorded if isinstance(recorded, dict) else ():
            if key not in TableEntry.model_fields:
                yield Finding(MANIFEST, line_in(manifest_text, f"{place}/{key}"), f"{place}/{key}", "not the name of a digest")
        yield Finding(MANIFEST, line_in(manifest_text, place), place, "no digests of this file")
        return
    rows = recorded.rows.split()
    same_bytes = file_digest(sheet.content) == recorded.sha256
    actual = row_digests(sheet.lines)
    altered_rows = [i for i, (a, b) in enumerate(zip(actual, rows, strict=False)) if a != b]
    altered_columns = [name for name, digest in recorded.columns.items() if column_digest(sheet.columns.get(name, [])) != digest]
    if same_bytes:
        if altered_rows or len(actual) != len(rows):
            what = f"the digest of {sheet.name} line {line_of(altered_rows[0])}" if altered_rows else f"the row digests of {sheet.name}"
            yield Finding(MANIFEST, line_in(manifest_text, f"{place}/rows"), f"{place}/rows", f"{what} differs from the file's")
        for name in altered_columns:
            spot = f"{place}/columns/{name}"
            yield Finding(MANIFEST, line_in(manifest_text, spot), spot, "the column's digest differs from the file's")
        return
    if len(actual) != len(rows):
        off = altered_rows[:1]
        hint = f"; the first that differs is line {line_of(off[0])}" if off else ""
        yield Finding(sheet.name, 0, "", f"{len(actual)} data lines, {len(rows)} were written{hint}")
        return
    if altered_rows and altered_columns:
        for i in altered_rows:
            for name in altered_columns:
                fields = sheet.columns.get(name)
                shown = f"{fields[i]!r} is not" if fields else "is not"
                yield Finding(sheet.name, line_of(i), name, f"{shown} what was written", f"fields of {sheet.name} are not what was written")
    elif altered_rows:
        cause = f"lines of {sheet.name} are not what was written"
        yield from (Finding(sheet.name, line_of(i), "", "the line is not what was written", cause) for i in altered_rows)
    elif altered_columns:
        yield from (Finding(sheet.name, 1, name, "the column is not what was written") for name in altered_columns)
    elif tuple(recorded.columns) != sheet.header:
        yield Finding(sheet.name, 1, "", "the header is not what was written")
    elif not whole_matches(sheet):
        yield Finding(sheet.name, 0, "", "line ends are not what was written")
    else:
        spot = f"{place}/sha256"
        yield Finding(MANIFEST, line_in(manifest_text, spot), spot, f"the digest of {sheet.name} differs from the file's")


def whole_matches(sheet: Sheet) -> bool:
    """True where the bytes are header and lines, each ended by a line feed."""
    return sheet.content == ("\n".join([",".join(sheet.header), *sheet.lines]) + "\n").encode()


def check_listing(names: set[str], whole: dict[str, Any]) -> Iterator[Finding]:
    """Every file of the contract is there and is named in the manifest."""
    for name in TABLES:
        if name not in names:
            yield Finding(name, 0, "", "the file is missing")
    digests = whole.get(DIGESTS)
    for name in digests if isinstance(digests, dict) else {}:
        if name not in (*TABLES, MANIFEST):
            yield Finding(MANIFEST, 0, f"/{DIGESTS}/{name}", "not a file of a result folder")


def _mapping(pairs: list[tuple[str, Any]], doubled: list[str]) -> dict[str, Any]:
    """A JSON object; keys that stand twice in it are noted."""
    found = dict(pairs)
    if len(found) < len(pairs):
        doubled.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
