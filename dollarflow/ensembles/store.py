"""The Zarr store (version 3) of an ensemble: made whole under another name, then filled chunk by chunk, each file written at once.

Arrays (dimensions): ``values`` (member, period, variable), or ``ranks`` (chunk, rank, period, variable) and ``moments`` (chunk, moment,
period, variable) where members are not kept; ``draws`` (member, parameter); ``certificates``, ``hidden``, ``status``, ``failed_period``,
``audit``, ``difference`` (member); ``diagnosis`` (member, byte), UTF-8 text. A chunk's ``status`` is written last: where it is there,
everything else of the chunk is.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.chunks import NOT_AUDITED, SOLVED, WAITING, Chunk
from dollarflow.ensembles.summaries import MOMENTS, central_sums, order_statistics
from dollarflow.errors import BadInput

Floats = NDArray[np.float64]
FORMAT, VERSION = "dollarflow ensemble", 1
TEXT = 1200
"""Bytes of a diagnosis."""
RANKS = 129
"""Order statistics kept of each chunk where members are not stored."""
VARIABLES_A_FILE = 32
PARTIAL = ".partial"
METADATA = "zarr.json"
NOT_FAILED = -1
LABELS = ("identity", "dates", "variables", "units", "parameters", "factors")
"""Attributes that every store has."""


def create(place: Path, identity: Mapping[str, Any], labels: Mapping[str, Any]) -> None:
    """Makes an empty store.

    Parameters
    ----------
    place
        A path that does not exist.
    identity
        Everything that decides the bytes: ``members``, ``chunk``, ``summary``, ``keep`` and the like; compared when an ensemble is resumed.
    labels
        What readers need beside: units, dates, labels.

    Raises
    ------
    BadInput
        The place cannot be written.
    """
    import zarr
    from zarr.codecs import BloscCodec

    packing = BloscCodec(cname="lz4", clevel=5, shuffle="bitshuffle")
    members, size, periods = identity["members"], identity["chunk"], len(labels["dates"])
    variables, parameters = len(identity["keep"]), len(identity["variation"]["parameters"])
    chunks = -(-members // size)
    width = max(min(variables, VARIABLES_A_FILE), 1)
    temporary = place.with_name(f".{place.name}.{uuid.uuid4().hex}{PARTIAL}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        attributes = {"format": FORMAT, "version": VERSION, "identity": dict(identity), **labels}
        group = zarr.create_group(store=str(temporary), zarr_format=3, attributes=attributes)

        def array(name: str, shape: tuple[int, ...], parts: tuple[int, ...], kind: str, fill: Any, *dimensions: str) -> None:
            parts = tuple(max(p, 1) for p in parts)
            group.create_array(
                name, shape=shape, chunks=parts, dtype=kind, fill_value=fill, dimension_names=dimensions, compressors=packing
            )

        if identity["summary"]:
            axes = ("period", "variable")
            array("ranks", (chunks, RANKS, periods, variables), (1, RANKS, periods, width), "float64", np.nan, "chunk", "rank", *axes)
            shape = (chunks, len(MOMENTS), periods, variables)
            array("moments", shape, (1, len(MOMENTS), periods, width), "float64", np.nan, "chunk", "moment", *axes)
        else:
            array("values", (members, periods, variables), (size, periods, width), "float64", np.nan, "member", "period", "variable")
        array("draws", (members, parameters), (size, parameters), "float64", np.nan, "member", "parameter")
        array("certificates", (members,), (size,), "float64", np.nan, "member")
        array("hidden", (members,), (size,), "float64", np.nan, "member")
        array("failed_period", (members,), (size,), "int32", NOT_FAILED, "member")
        array("diagnosis", (members, TEXT), (size, TEXT), "uint8", 0, "member", "byte")
        array("audit", (members,), (size,), "int32", NOT_AUDITED, "member")
        array("difference", (members,), (size,), "float64", np.nan, "member")
        array("status", (members,), (size,), "uint8", WAITING, "member")
        os.rename(temporary, place)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise BadInput(f"cannot write the store {place}: {error.strerror or error}") from None


def read_attributes(place: Path) -> dict[str, Any]:
    """The attributes of a store.

    Raises
    ------
    BadInput
        No such folder, or something else than an ensemble's store.
    """
    if not place.exists():
        raise BadInput(f"there is no ensemble at {place}")
    try:
        found = json.loads((place / METADATA).read_text(encoding="utf-8"))["attributes"]
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"{place} is no ensemble: it has no readable {METADATA} of one") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadInput(f"{place} is no ensemble of dollarflow")
    if found.get("version") != VERSION:
        raise BadInput(f"{place} has version {found.get('version')!r} of the format; this program reads {VERSION}")
    lacking = [name for name in LABELS if name not in found]
    if lacking:
        raise BadInput(f"{place} is damaged: its {METADATA} lacks {', '.join(lacking)}; remove it and begin again")
    return found


def read_array(place: Path, group: Any, name: str, selection: Any = ...) -> NDArray[Any]:
    """A part of an array of a store.

    Raises
    ------
    BadInput
        The array is gone, or its bytes are not those that were written.
    """
    try:
        return np.asarray(group[name][selection])
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        why = "it is gone" if isinstance(error, KeyError) else str(error).partition("\n")[0] or type(error).__name__
        raise BadInput(f"{place} is damaged: the array {name!r} cannot be read ({why}); remove it and begin again") from None


def differences(stored: Any, asked: Any, place: str = "") -> list[str]:
    """What differs between two identities, an entry a line: its place, what is stored, what is asked."""
    if isinstance(stored, dict) and isinstance(asked, dict):
        found = []
        for key in [*stored, *(k for k in asked if k not in stored)]:
            found += differences(stored.get(key), asked.get(key), f"{place}.{key}" if place else key)
        return found
    if isinstance(stored, list) and isinstance(asked, list) and len(stored) == len(asked):
        return [line for i, (a, b) in enumerate(zip(stored, asked, strict=True)) for line in differences(a, b, f"{place}[{i}]")]
    return [] if stored == asked else [f"{place}: {_short(stored)} in the store, {_short(asked)} asked"]


class Writer:
    """Writes chunks into a store; only one process writes at a time, though two would write the same bytes."""

    def __init__(self, place: Path) -> None:
        import zarr

        self.place = place
        self.identity: dict[str, Any] = read_attributes(place)["identity"]
        self.group = zarr.open_group(str(place), mode="r+")

    def clean(self) -> None:
        """Removes what an interrupted write left behind."""
        for leftover in sorted(self.place.rglob(f"*{PARTIAL}")):
            leftover.unlink(missing_ok=True)

    def missing(self) -> list[tuple[int, int]]:
        """The chunks (first, last) that are not there yet, or of which files were removed.

        Raises
        ------
        BadInput
            A store without one of its arrays, or whose status cannot be read.
        """
        members, size = self.identity["members"], self.identity["chunk"]
        status = read_array(self.place, self.group, "status")
        grids = {name: self._grid(name) for name in self._filled}
        found = []
        for number, first in enumerate(range(0, members, size)):
            own = status[first : first + size]
            if (own == WAITING).any() or ((own == SOLVED).any() and not self._whole(number, grids)):
                found.append((first, min(first + size, members)))
        return found

    @property
    def _filled(self) -> tuple[str, ...]:
        """Arrays of which every chunk with a solved member has files."""
        results = ("ranks", "moments") if self.identity["summary"] else ("values",)
        return (*results, *(("draws",) if self.identity["variation"]["parameters"] else ()), "certificates", "hidden")

    def _grid(self, name: str) -> tuple[int, ...]:
        """Number of files by dimension of one chunk of members."""
        if name not in self.group:
            raise BadInput(f"{self.place} is damaged: the array {name!r} is gone; remove it and begin again")
        array = self.group[name]
        return tuple(-(-length // part) for length, part in zip(array.shape[1:], array.chunks[1:], strict=True))

    def _whole(self, number: int, grids: Mapping[str, tuple[int, ...]]) -> bool:
        """Whether all files of a finished chunk are there."""
        return all(
            self.place.joinpath(name, "c", str(number), *(str(k) for k in rest)).exists()
            for name, grid in grids.items()
            for rest in product(*(range(length) for length in grid))
        )

    def write(self, chunk: Chunk) -> None:
        """Writes a chunk, its status last.

        Raises
        ------
        BadInput
            The disk refuses.
        """
        span = slice(chunk.first, chunk.last)
        try:
            if self.identity["summary"]:
                number, solved = chunk.first // self.identity["chunk"], chunk.values[chunk.status == SOLVED]
                self.group["ranks"][number] = order_statistics(solved, RANKS)
                self.group["moments"][number] = central_sums(solved)
            else:
                self.group["values"][span] = chunk.values
            if chunk.drawn.shape[1]:
                self.group["draws"][span] = chunk.drawn
            for name in ("certificates", "hidden", "failed_period", "audit", "difference"):
                self.group[name][span] = getattr(chunk, name)
            if chunk.diagnoses:
                self.group["diagnosis"][span] = _texts(chunk.diagnoses, chunk.last - chunk.first)
            self.group["status"][span] = chunk.status
        except OSError as error:
            raise BadInput(f"cannot write the store {self.place}: {error.strerror or error}; what is there can be resumed") from None


def texts(table: NDArray[np.uint8]) -> list[str]:
    """Diagnoses as they are stored, one a row, as text."""
    return [bytes(row).rstrip(b"\0").decode("utf-8", "ignore") for row in table]


def _texts(found: Mapping[int, str], count: int) -> NDArray[np.uint8]:
    table = np.zeros((count, TEXT), dtype=np.uint8)
    for place, text in found.items():
        content = text.encode()[:TEXT].decode("utf-8", "ignore").encode()
        table[place, : len(content)] = np.frombuffer(content, dtype=np.uint8)
    return table


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


__all__: Sequence[str] = ("NOT_FAILED", "RANKS", "Writer", "create", "differences", "read_array", "read_attributes", "texts")
