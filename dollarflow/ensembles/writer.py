"""Fills an ensemble's store chunk by chunk, each file written at once, its status last; finds what was lost and damaged.

A chunk counts as finished where its status says so and every file of it is there with the checksum that it was written with.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.chunks import SOLVED, WAITING, Chunk
from dollarflow.ensembles.locks import Hold
from dollarflow.ensembles.store import OF_MEMBERS, PARTIAL, RANKS, STATUS, TEXT, arrays_of, files_of, metadata
from dollarflow.ensembles.summaries import central_sums, order_statistics
from dollarflow.errors import BadInput

RESUMABLE = "what is there can be resumed"


class Writer:
    """Writes chunks into a store, which it holds: one process writes at a time.

    Parameters
    ----------
    place
        A store.
    identity, labels
        What it was made from, see :func:`dollarflow.ensembles.store.metadata`.

    Raises
    ------
    BadInput
        Another process is writing the store, or it cannot be written.
    """

    def __init__(self, place: Path, identity: Mapping[str, Any], labels: Mapping[str, Any]) -> None:
        import zarr

        self.place, self.identity = place, identity
        self._names = arrays_of(identity)
        try:
            self._hold = Hold(place)
        except BlockingIOError:
            raise BadInput(f"another process is writing the store {place}; wait until it ends, or name another --out") from None
        except OSError as error:
            raise self._refused(error) from None
        try:
            self._restore(metadata(identity, labels))
            with zarr.config.set({"array.write_empty_chunks": True}):
                group = zarr.open_group(str(place), mode="r+")
                self._arrays = {name: group[name] for name in self._names}
        except OSError as error:
            self._hold.close()
            raise self._refused(error) from None
        except BaseException:
            self._hold.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hold.close()

    def _restore(self, files: Mapping[str, bytes]) -> None:
        """Writes descriptions of arrays that are gone or were changed, and removes what an interrupted write left behind."""
        for leftover in sorted(self.place.rglob(f"*{PARTIAL}")):
            leftover.unlink(missing_ok=True)
        for name, content in files.items():
            file = self.place / name
            if file.is_file() and file.read_bytes() == content:
                continue
            if file.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
            file.parent.mkdir(exist_ok=True)
            temporary = file.with_name(f"{file.name}.{uuid.uuid4().hex}{PARTIAL}")
            temporary.write_bytes(content)
            os.replace(temporary, file)

    def missing(self) -> list[tuple[int, int]]:
        """The chunks (first, last) that are not there yet, or of which a file was removed or changed; reads the whole store."""
        members, size = self.identity["members"], self.identity["chunk"]
        spans = [(first, min(first + size, members)) for first in range(0, members, size)]
        return [span for number, span in enumerate(spans) if not self._whole(number, slice(*span))]

    def _whole(self, number: int, span: slice) -> bool:
        """Whether a chunk is finished, and all its files are those that were written."""
        for name in (STATUS, *self._names[:-1]):
            array = self._arrays[name]
            try:
                if not all(file.is_file() for file in files_of(self.place, array, name, number)):
                    return False
                content = array[number if name in ("ranks", "moments") else span]
            except (OSError, ValueError, RuntimeError):
                return False
            if name == STATUS and (content == WAITING).any():
                return False
        return True

    def write(self, chunk: Chunk) -> None:
        """Writes a chunk, its status last; what is left of an earlier one is removed first.

        Raises
        ------
        BadInput
            The disk refuses, or the store is no longer where it was.
        """
        span, number = slice(chunk.first, chunk.last), chunk.first // self.identity["chunk"]
        content: dict[str, Any] = {name: getattr(chunk, name) for name in OF_MEMBERS}
        content["diagnosis"] = _texts(chunk.diagnoses, chunk.last - chunk.first)
        if self.identity["summary"]:
            solved = chunk.values[chunk.status == SOLVED]
            content |= {"ranks": order_statistics(solved, RANKS), "moments": central_sums(solved)}
        content |= {"values": chunk.values, "draws": chunk.drawn, STATUS: chunk.status}
        try:
            for name in reversed(self._names):
                for file in files_of(self.place, self._arrays[name], name, number):
                    file.unlink(missing_ok=True)
            for name in self._names:
                if not self._hold.there():
                    raise BadInput(f"the store {self.place} was moved or removed while it was written; wherever it is, {RESUMABLE}")
                self._arrays[name][number if name in ("ranks", "moments") else span] = content[name]
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> BadInput:
        if isinstance(error, IsADirectoryError | NotADirectoryError | FileExistsError):
            return BadInput(f"cannot write the store {self.place}: {error.filename} is in the way of a file; remove it")
        return BadInput(f"cannot write the store {self.place}: {error.strerror or error}; {RESUMABLE}")


def texts(table: NDArray[np.uint8]) -> list[str]:
    """Diagnoses as they are stored, one a row, as text."""
    return [bytes(row).rstrip(b"\0").decode("utf-8", "ignore") for row in table]


def _texts(found: Mapping[int, str], count: int) -> NDArray[np.uint8]:
    table = np.zeros((count, TEXT), dtype=np.uint8)
    for place, text in found.items():
        content = text.encode()[:TEXT].decode("utf-8", "ignore").encode()
        table[place, : len(content)] = np.frombuffer(content, dtype=np.uint8)
    return table


__all__: Sequence[str] = ("Writer", "texts")
