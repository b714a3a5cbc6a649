"""Compiled code is kept on disk by what it was compiled from; a cache that cannot be used is the same as none.

Files carry a checksum, are written under a temporary name and renamed, and the oldest go when the folder grows. ``DOLLARFLOW_CACHE``
names the folder; ``off`` turns the cache off. Only plain files that belong to the user and that nobody else can write are read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
import time
from pathlib import Path

VARIABLE = "DOLLARFLOW_CACHE"
HEADER = b"dollarflow object 1\n"
LARGEST = 256 * 2**20
"""Bytes that the folder may hold."""
ABANDONED = 3600.0
"""Seconds after which a file under a temporary name is one of a process that was killed."""
_DIGEST = 32


def folder() -> Path | None:
    """Where compiled code is kept; None where the cache is off or there is no home."""
    asked = os.environ.get(VARIABLE, "")
    if asked.lower() == "off":
        return None
    if asked:
        return Path(asked)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "dollarflow"


def load(key: str) -> bytes | None:
    """What was stored under a key; None where there is nothing, or nothing whole."""
    where = folder()
    if where is None:
        return None
    file = where / f"{key}.o"
    try:
        with open(file, "rb", opener=_at_once) as stream:
            if not _own(os.fstat(stream.fileno())):
                return None
            content = stream.read(LARGEST)
    except OSError:
        return None
    _touch(file)
    head = len(HEADER) + _DIGEST
    data = content[head:]
    if not content.startswith(HEADER) or content[len(HEADER) : head] != hashlib.sha256(key.encode() + data).digest():
        return None
    return data


def store(key: str, data: bytes) -> None:
    """Keep data under a key, where that is possible."""
    where = folder()
    if where is None:
        return
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=where)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(HEADER + hashlib.sha256(key.encode() + data).digest() + data)
        os.replace(temporary, where / f"{key}.o")
    except OSError:
        _remove(Path(temporary))
    _shrink(where)


def _at_once(file: str, flags: int) -> int:
    """Opens a file without waiting for the other end of a pipe."""
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))


def _own(status: os.stat_result) -> bool:
    """Whether a file is a plain one that belongs to the user and that only the user can write."""
    if not stat.S_ISREG(status.st_mode):
        return False
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _touch(file: Path) -> None:
    """Mark a file as used."""
    try:
        os.utime(file)
    except OSError:
        return


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        return


def _shrink(where: Path) -> None:
    """Remove what killed processes left, and the files that were not used for longest until the folder is within its bound."""
    found: list[tuple[float, int, Path]] = []
    try:
        with os.scandir(where) as entries:
            for entry in entries:
                if entry.name.endswith((".o", ".part")):
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(".part") and status.st_mtime < time.time() - ABANDONED:
                        _remove(Path(entry.path))
                    else:
                        found.append((status.st_mtime, status.st_size, Path(entry.path)))
    except OSError:
        return
    total = sum(size for _, size, _ in found)
    for _, size, file in sorted(found):
        if total <= LARGEST:
            return
        _remove(file)
        total -= size


__all__ = ["VARIABLE", "folder", "load", "store"]
