"""Writing a result folder so that it is either whole or not there at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dollarflow.results.digests import table_digest
from dollarflow.results.ledger import Ledger
from dollarflow.results.manifest import manifest_text
from dollarflow.results.schema import FILES, MANIFEST


class Unwritable(ValueError):
    """A place where no result folder can or may be written; the message says why and what to do."""


def check_target(folder: Path) -> None:
    """Refuses a place that is no folder, that holds something else than a result, or that cannot be written.

    Raises
    ------
    Unwritable
        With the reason.
    """
    if folder.is_symlink() and not folder.exists():
        raise Unwritable(f"cannot write to {folder}: it is a link to nothing")
    if folder.exists():
        if not folder.is_dir():
            raise Unwritable(f"cannot write to {folder}: it is a file; name a folder")
        try:
            names = os.listdir(folder)
        except OSError as error:
            raise Unwritable(f"cannot write to {folder}: {error.strerror}") from None
        if names and MANIFEST not in names:
            raise Unwritable(
                f"will not write to {folder}: it holds files but no earlier result ({MANIFEST}); name a new or an empty folder"
            )
        if names and not _of_a_result(folder / MANIFEST):
            raise Unwritable(f"will not write to {folder}: its {MANIFEST} is not a result's; name a new or an empty folder")
    for spot in (folder, *folder.parents):
        if spot.exists():
            if not spot.is_dir():
                raise Unwritable(f"cannot write to {folder}: {spot} is a file")
            break
    with contextlib.ExitStack() as made:
        created = _make_parent(folder)
        made.callback(_remove_empty, created)
        with _scratch(folder):
            pass


def _of_a_result(place: Path) -> bool:
    """True where a manifest was written with a result, altered since or not."""
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"format", "accounts", "digests", "seal"} <= set(found)


def earlier_result(folder: Path) -> str:
    """What a new result replaces there, in brackets: scenario and horizon of the earlier one; empty where there is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        clock = manifest["clock"]
        return f" (replaced the result of {manifest['scenario']['name']}, {clock['start']} to {clock['end']}, {clock['name']} clock)"
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError):
        return " (replaced an earlier result)"


def write_folder(folder: Path, ledger: Ledger, content: Mapping[str, Any]) -> None:
    """Writes the six files to a scratch folder and then puts them in place.

    An earlier result there is replaced; other files in the folder stay.

    Parameters
    ----------
    folder
        The result folder.
    ledger
        The tables.
    content
        The manifest without its digests.

    Raises
    ------
    Unwritable
        As :func:`check_target`, or where the disk refuses.
    """
    check_target(folder)
    created = _make_parent(folder)
    done = False
    try:
        with _scratch(folder) as scratch:
            digests = {}
            for table in ledger.tables:
                digests[table.name] = table_digest(table.content, table.header, table.columns, table.lines)
                (scratch / table.name).write_bytes(table.content)
            (scratch / MANIFEST).write_text(manifest_text(content, digests), encoding="utf-8", newline="\n")
            scratch.chmod(0o777 & ~_umask())
            _put(scratch, folder)
            done = True
    except OSError as error:
        raise Unwritable(f"cannot write to {folder}: {error.strerror or error}") from None
    finally:
        if not done:
            _remove_empty(created)


def _put(scratch: Path, folder: Path) -> None:
    """Moves finished files into place: the whole folder where there is none yet, else file by file with the manifest last."""
    target = folder.resolve()
    if not target.exists():
        os.rename(scratch, target)
        return
    for name in FILES:
        os.replace(scratch / name, target / name)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A new folder beside the target, or in it where it exists; gone afterwards unless it was moved."""
    target = folder.resolve()
    try:
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target if target.exists() else target.parent))
    except OSError as error:
        raise Unwritable(f"cannot write to {folder}: {error.strerror}") from None
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _make_parent(folder: Path) -> list[Path]:
    """Makes the folders above the target and says which."""
    created: list[Path] = []
    for spot in reversed(folder.resolve().parents):
        if not spot.exists():
            try:
                spot.mkdir()
            except OSError as error:
                _remove_empty(created)
                raise Unwritable(f"cannot write to {folder}: {error.strerror} ({spot})") from None
            created.append(spot)
    return created


def _remove_empty(created: list[Path]) -> None:
    for spot in reversed(created):
        with contextlib.suppress(OSError):
            spot.rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
