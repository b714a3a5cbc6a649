"""Export files: one format each, written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from dollarflow.errors import BadInput
from dollarflow.exporting.dataset import dataset, needed
from dollarflow.exporting.tables import Frame, Record
from dollarflow.files import write_file


def parquet_bytes(frame: Frame, record: Record) -> bytes:
    """A table as Parquet: doubles, texts and int64, empty fields as null; each field's metadata has its ``unit``.

    Raises
    ------
    BadInput
        pyarrow is not installed.
    """
    needed("pyarrow", "Parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields, arrays = [], []
    for column in frame.columns:
        if column.figures:
            arrays.append(pa.array(column.values, pa.float64(), from_pandas=True))
        elif column.name == "period":
            arrays.append(pa.array(column.values, pa.int64()))
        elif column.name == "date":
            arrays.append(pa.array(np.array(column.values, dtype="datetime64[D]"), pa.date32()))
        else:
            arrays.append(pa.array(column.values.tolist(), pa.string()))
        fields.append(pa.field(column.name, arrays[-1].type, metadata={"unit": column.unit} if column.unit else None))
    about = {"table": frame.name, "about": json.dumps(record.about, sort_keys=True)}
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about)), stream)
    return stream.getvalue()


def netcdf_bytes(record: Record) -> bytes:
    """Everything as one netCDF-4 file, laid out as :func:`dollarflow.exporting.dataset.dataset` says.

    Raises
    ------
    BadInput
        xarray or h5netcdf is not installed.
    """
    for package in ("xarray", "h5netcdf", "h5py"):
        needed(package, "netCDF")
    whole = dataset(record)
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "result.nc"
        whole.to_netcdf(place, engine="h5netcdf", encoding={"date": {"units": "days since 1970-01-01", "dtype": "int64"}})
        return place.read_bytes()


def json_bytes(record: Record) -> bytes:
    """Everything as one JSON object: ``about``, and ``tables`` with columns of ``unit`` and ``values``; null for an empty field."""

    def values(frame: Frame) -> Iterator[tuple[str, Mapping[str, object]]]:
        for column in frame.columns:
            found = [None if x != x else x for x in column.values.tolist()] if column.figures else column.values.tolist()
            yield column.name, {"unit": column.unit, "values": found}

    tables = {name: dict(values(frame)) for name, frame in record.frames.items()}
    return (json.dumps({"about": record.about, "tables": tables}, allow_nan=False, ensure_ascii=False) + "\n").encode()


def csv_bytes(record: Record) -> bytes:
    """The path in long form: ``period,date,variable,unit,value``, a row a period and variable, rows without a value left out."""
    path = record.path
    lead = [f"{period},{day}" for period, day in zip(path["period"].values.tolist(), path["date"].values.tolist(), strict=True)]
    lines = ["period,date,variable,unit,value"]
    for column in path.columns:
        if column.figures:
            pairs = zip(lead, column.values.tolist(), strict=True)
            lines += [f"{first},{column.name},{column.unit},{value!r}" for first, value in pairs if value == value]
    return ("\n".join(lines) + "\n").encode()


WHOLE: Mapping[str, Callable[[Record], bytes]] = {"netcdf": netcdf_bytes, "json": json_bytes, "csv": csv_bytes}
FORMATS = ("parquet", *WHOLE)
ENDINGS = {".parquet": "parquet", ".nc": "netcdf", ".netcdf": "netcdf", ".json": "json", ".csv": "csv"}


def contents(record: Record, form: str, out: Path) -> dict[Path, bytes]:
    """The files that an export consists of.

    Parquet has one table a file: the path under the name asked for and the others beside it, ``run.holdings.parquet`` and so on. The
    other formats are one file.
    """
    if form != "parquet":
        return {out: WHOLE[form](record)}
    beside = {name: out.with_name(f"{out.stem}.{name}{out.suffix}") for name in record.frames}
    return {out if name == "path" else beside[name]: parquet_bytes(frame, record) for name, frame in record.frames.items()}


def export_folder(record: Record, form: str, out: Path) -> tuple[Path, ...]:
    """Writes a record in a format and returns the files.

    Parameters
    ----------
    record
        A result as tables.
    form
        One of :data:`FORMATS`.
    out
        The file; of Parquet, the path's table, with the others beside it.

    Raises
    ------
    BadInput
        A format that does not exist, a package that is missing, or a place that cannot be written; nothing is left half-written.
    """
    if form not in FORMATS:
        raise BadInput(f"no export format is named {form!r}; known: {', '.join(FORMATS)}")
    files = contents(record, form, out)
    made: list[Path] = []
    try:
        for place, content in files.items():
            fresh = not place.exists()
            write_file(place, content)
            made += [place] if fresh else []
    except BadInput:
        for place in made:
            with contextlib.suppress(OSError):
                place.unlink()
        raise
    return tuple(files)
