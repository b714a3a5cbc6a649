"""The Zarr store (version 3) of an ensemble: its arrays, made whole under another name, and how they are read.

Arrays (dimensions): ``values`` (member, period, variable), or ``ranks`` (chunk, rank, period, variable) and ``moments`` (chunk, moment,
period, variable) where members are not kept; ``draws`` (member, parameter); ``certificates``, ``hidden``, ``status``, ``failed_period``,
``audit``, ``difference`` (member); ``diagnosis`` (member, byte), UTF-8 text. Every file has a checksum (CRC-32C). A chunk of members has a
file in each array, also where it holds nothing but the array's fill value, so that a file that is not there is one that was lost.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.chunks import NOT_AUDITED, WAITING
from dollarflow.ensembles.locks import Hold
from dollarflow.ensembles.summaries import MOMENTS
from dollarflow.errors import BadInput

FORMAT, VERSION = "dollarflow ensemble", 2
TEXT = 1200
"""Bytes of a diagnosis."""
RANKS = 129
"""Order statistics kept of each chunk where members are not stored."""
VARIABLES_A_FILE = 32
PARTIAL = ".partial"
METADATA = "zarr.json"
NOT_FAILED = -1
STATUS = "status"
OF_MEMBERS = ("certificates", "hidden", "failed_period", "audit", "difference")
"""Arrays with a number a member that a chunk has under the same names."""
LABELS = ("identity", "dates", "variables", "units", "parameters", "factors")
"""Attributes that every store has."""
AGAIN = "--resume solves its chunk again"
START_ANEW = "remove it and begin again"


def metadata(identity: Mapping[str, Any], labels: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a store without any member, by place: of the group and of each array.

    Parameters
    ----------
    identity
        Everything that decides the bytes: ``members``, ``chunk``, ``summary``, ``keep`` and the like; compared when an ensemble is resumed.
    labels
        What readers need beside: units, dates, labels.
    """
    import zarr
    from zarr.codecs import BloscCodec, Crc32cCodec

    packing = [BloscCodec(cname="lz4", clevel=5, shuffle="bitshuffle"), Crc32cCodec()]
    members, size, periods = identity["members"], identity["chunk"], len(labels["dates"])
    variables, parameters = len(identity["keep"]), len(identity["variation"]["parameters"])
    chunks = -(-members // size)
    width = max(min(variables, VARIABLES_A_FILE), 1)
    files: dict[str, Any] = {}
    attributes = {"format": FORMAT, "version": VERSION, "identity": dict(identity), **labels}
    group = zarr.create_group(store=files, zarr_format=3, attributes=attributes)

    def array(name: str, shape: tuple[int, ...], parts: tuple[int, ...], kind: str, fill: Any, *dimensions: str) -> None:
        parts = tuple(max(p, 1) for p in parts)
        group.create_array(name, shape=shape, chunks=parts, dtype=kind, fill_value=fill, dimension_names=dimensions, compressors=packing)

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
    return {place: content.to_bytes() for place, content in files.items()}


def arrays_of(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the arrays in which every chunk of members has files, in the order in which they are written: the status last."""
    results = ("ranks", "moments") if identity["summary"] else ("values",)
    drawn = ("draws",) if identity["variation"]["parameters"] else ()
    return (*results, *drawn, *OF_MEMBERS, "diagnosis", STATUS)


def create(place: Path, identity: Mapping[str, Any], labels: Mapping[str, Any]) -> None:
    """Makes an empty store, whole or not at all; removes what a process that was killed at this left beside it.

    Parameters
    ----------
    place
        A path that does not exist.
    identity, labels
        See :func:`metadata`.

    Raises
    ------
    BadInput
        The place cannot be written.
    """
    files = metadata(identity, labels)
    temporary = place.with_name(f".{place.name}.{uuid.uuid4().hex}{PARTIAL}")
    hold: Hold | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        remove_unfinished(place)
        temporary.mkdir()
        hold = Hold(temporary)
        for name, content in files.items():
            file = temporary / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
        os.rename(temporary, place)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        why = "another process has begun it" if place.exists() else error.strerror or error
        raise BadInput(f"cannot write the store {place}: {why}") from None
    finally:
        if hold is not None:
            hold.close()


def remove_unfinished(place: Path) -> None:
    """Removes folders beside a store in which a process began it and was killed; one that is still being made is held and stays."""
    shape = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{32}}{re.escape(PARTIAL)}")
    try:
        found = [entry for entry in place.parent.iterdir() if shape.fullmatch(entry.name) and not entry.is_symlink()]
    except OSError:
        return
    for folder in found:
        try:
            hold = Hold(folder)
        except OSError:
            continue
        if hold.sure:
            shutil.rmtree(folder, ignore_errors=True)
        hold.close()


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
        if not (place / METADATA).is_file():
            raise OSError
        found = json.loads((place / METADATA).read_text(encoding="utf-8"))["attributes"]
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"{place} is no ensemble: it has no readable {METADATA} of one") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadInput(f"{place} is no ensemble of dollarflow")
    if found.get("version") != VERSION:
        raise BadInput(f"{place} has version {found.get('version')!r} of the format; this program reads {VERSION}")
    lacking = [name for name in LABELS if name not in found]
    if lacking:
        raise BadInput(f"{place} is damaged: its {METADATA} lacks {', '.join(lacking)}; {START_ANEW}")
    return found


def read_array(place: Path, group: Any, name: str, selection: Any = ..., chunks: Sequence[int] = ()) -> NDArray[Any]:
    """A part of an array of a store.

    Parameters
    ----------
    chunks
        Numbers of the chunks of members that must be there.

    Raises
    ------
    BadInput
        The array or a file of it is gone, or its bytes are not those that were written.
    """
    try:
        array = group[name]
        lost = next((file for number in chunks for file in files_of(place, array, name, number) if not file.is_file()), None)
        if lost is not None:
            raise BadInput(f"{place} is damaged: {lost.relative_to(place).as_posix()} is gone; {AGAIN}")
        return np.asarray(array[selection])
    except KeyError:
        raise BadInput(f"{place} is damaged: the array {name!r} is gone; --resume restores it") from None
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        raise BadInput(f"{place} is damaged: the array {name!r} cannot be read ({why}); {AGAIN}") from None


def files_of(place: Path, array: Any, name: str, number: int) -> Iterator[Path]:
    """The files that a chunk of members has in an array; none where the array holds nothing."""
    grid = (range(-(-length // part)) for length, part in zip(array.shape[1:], array.chunks[1:], strict=True))
    for rest in product(*grid):
        yield place.joinpath(name, "c", str(number), *(str(k) for k in rest))


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


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


__all__: Sequence[str] = (
    "arrays_of", "create", "differences", "files_of", "metadata", "read_array", "read_attributes", "remove_unfinished",
)  # fmt: skip
