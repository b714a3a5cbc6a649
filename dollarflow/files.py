"""Single output files, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from dollarflow.errors import BadInput


def check_file(place: Path, *inputs: Path | None) -> None:
    """Refuses a place where no file can or may be written, before long work is done for it.

    Parameters
    ----------
    place
        Where the output goes.
    inputs
        Files that the output is made from.

    Raises
    ------
    BadInput
        The place is a folder, its folder does not exist, or the file there is one of the inputs or a result folder's own.
    """
    if place.is_dir():
        raise BadInput(f"cannot write {place}: it is a folder; name a file")
    if not place.parent.is_dir():
        raise BadInput(f"cannot write {place}: there is no folder {place.parent}")
    if not place.exists():
        return
    if any(item is not None and item.exists() and place.samefile(item) for item in inputs):
        raise BadInput(f"will not write {place}: it is the file that is read; name another")
    from dollarflow.results.schema import FILES, MANIFEST

    for spot in (place, place.resolve()):
        if spot.name in FILES and (spot.parent / MANIFEST).is_file():
            raise BadInput(f"will not write {place}: it is a file of the result folder {spot.parent}; name another")


def write_file(place: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there.

    Raises
    ------
    BadInput
        The place is a folder, its folder does not exist, or the disk refuses.
    """
    check_file(place)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    except OSError as error:
        raise BadInput(f"cannot write {place}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, place)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise BadInput(f"cannot write {place}: {error.strerror}") from None


def own_name(file: Path) -> str:
    """The name that a file gives to what it holds: without folder and ending, as UTF-8 whatever the locale.

    Raises
    ------
    BadInput
        A name whose bytes are not UTF-8.
    """
    try:
        return os.fsencode(file.stem).decode("utf-8")
    except UnicodeDecodeError:
        shown = os.fsencode(file.name).decode("utf-8", errors="replace")
        raise BadInput(f"the file name {shown} is not UTF-8 text; give the file another name") from None
