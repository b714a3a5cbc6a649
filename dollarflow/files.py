"""Single output files, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from dollarflow.errors import BadInput


def check_file(place: Path) -> None:
    """Refuses a place where no file can be written, before long work is done for it.

    Raises
    ------
    BadInput
        The place is a folder, or its folder does not exist.
    """
    if place.is_dir():
        raise BadInput(f"cannot write {place}: it is a folder; name a file")
    if not place.parent.is_dir():
        raise BadInput(f"cannot write {place}: there is no folder {place.parent}")


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
