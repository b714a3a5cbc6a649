"""Containers: the text bodies in a file, one for a plain file, one a member for a ZIP archive."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from calibration.sources.findings import fail

LARGEST = 512 * 1024 * 1024
SIGNATURE = b"PK\x03\x04"
TEXT_ENDINGS = (".csv", ".txt", ".json", ".tsv")


def bodies(path: Path) -> Iterator[tuple[str, str]]:
    """Origin and text of each body in a file; of an archive, its CSV, text and JSON members in order of their names.

    Raises
    ------
    SourceError
        A file that is too large, an archive cut short (``truncated body``), an archive without text members, bytes that are no text
        (``unrecognised``).
    """
    if path.stat().st_size > LARGEST:
        raise fail("unrecognised", path.name, f"{path.stat().st_size:,} bytes; at most {LARGEST:,}")
    body = path.read_bytes()
    if not body.startswith(SIGNATURE):
        yield path.name, decode(body, path.name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(info for info in archive.namelist() if info.lower().endswith(TEXT_ENDINGS))
            if sum(archive.getinfo(name).file_size for name in members) > LARGEST:
                raise fail("unrecognised", path.name, f"more than {LARGEST:,} bytes when unpacked")
            if not members:
                raise fail("unrecognised", path.name, f"an archive without {', '.join(TEXT_ENDINGS)} files")
            for name in members:
                yield f"{path.name}/{name}", decode(archive.read(name), f"{path.name}/{name}")
    except zipfile.BadZipFile as error:
        raise fail("truncated body", path.name, f"an archive that cannot be read: {error}") from None


def decode(body: bytes, origin: str) -> str:
    """A body's text: UTF-8, with or without a mark, else the Windows code page that some agencies write.

    Raises
    ------
    SourceError
        Bytes that are no text (``unrecognised``).
    """
    if b"\0" in body:
        raise fail("unrecognised", origin, "bytes that are no text")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")
