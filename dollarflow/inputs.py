"""What a caller gives beside a scenario: NAME=VALUE settings, dated paths from a file, an opening from a file."""

from __future__ import annotations

import csv
import io
import math
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dollarflow.errors import BadInput
from dollarflow.state import State
from equations.anchors import follows_from
from model.language.system import System, nearest
from model.scenarios.places import read_toml
from model.scenarios.scenario import LARGEST
from model.scenarios.shocks import interval, levers, out_of_limits, set_by_clock

Floats = NDArray[np.float64]
Dated = dict[str, list[tuple[date, float]]]
MOST_NAMES = 12


def read_text(file: Path, what: str) -> str:
    """A text file's content; an unreadable one is bad input."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"cannot read the {what} {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"cannot read the {what} {file}: byte {error.start} is not UTF-8 text") from None


def settings(texts: Iterable[str]) -> dict[str, float]:
    """``NAME=VALUE`` texts as numbers by name.

    Raises
    ------
    BadInput
        A text of another form, a value that is no finite number, or a name given twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name:
            raise BadInput(f"--set {text!r}: write NAME=VALUE, such as --set a_notes=0.18")
        if name in found:
            raise BadInput(f"--set {name}: given twice")
        found[name] = _number(value, f"--set {name}")
    return found


def split(system: System, values: Mapping[str, float], where: str = "--set") -> tuple[dict[str, float], dict[str, float]]:
    """Settings as those of parameters and those of exogenous variables, within their bounds.

    Raises
    ------
    BadInput
        An unknown name (with the nearest known one), a variable that is solved for, or a value out of bounds.
    """
    bounds = {p.name: p for p in system.parameters}
    parameters, exogenous = {}, {}
    for name, value in values.items():
        if name in bounds:
            low, high = bounds[name].lower, bounds[name].upper
            if (low is not None and value < low) or (high is not None and value > high):
                raise BadInput(f"{where} {name}={value:.15g}: out of bounds; allowed: {interval(low, high)}")
            parameters[name] = value
        else:
            check_given(system, name, [value], where)
            exogenous[name] = value
    return parameters, exogenous


def check_given(system: System, name: str, values: Sequence[float], where: str) -> None:
    """Refuses a name that is not exogenous, the length of a period and a rate that is not a decimal per year."""
    fixed = set_by_clock(system, name)
    if fixed:
        raise BadInput(f"{where} {name}: {fixed} (--clock)")
    if name not in system.given:
        if name in system.unknowns:
            factor = f"; its add-factor is add__{name}" if f"add__{name}" in system.add_factors else ""
            made_of = levers(system, name)
            way = f"; give {' or '.join(made_of)}, of which it is made" if made_of else ""
            raise BadInput(f"{where} {name}: it is solved for, not given{way}{factor}; a scenario file can list it under [exogenise]")
        parameters = [p.name for p in system.parameters]
        if name in parameters:
            raise BadInput(f"{where} {name}: it is a parameter; give it with --set, or a path of it as a [[shock]] of a scenario file")
        following = [parameter for parameter in follows_from(name) if parameter in parameters]
        if following:
            raise BadInput(f"{where} {name}: it is a figure of the opening; set what follows from it, {' or '.join(following)}")
        known = (*system.given, *parameters)
        raise BadInput(f"{where} {name}: no parameter or exogenous variable has that name{nearest(name, known)}")
    wrong = out_of_limits(system, name, values)
    if wrong:
        raise BadInput(f"{where} {name}={wrong}")


def read_paths(file: Path) -> Dated:
    """Dated values by variable from a CSV (``date`` and a column a variable) or a TOML file (a table a variable, or a number).

    Raises
    ------
    BadInput
        A file that cannot be read, or a field that is no date or number; with the line.
    BadFile
        Broken TOML.
    """
    text = read_text(file, "file of exogenous paths")
    readers = {".toml": _toml_paths, ".csv": _csv_paths}
    if file.suffix.lower() not in readers:
        raise BadInput(f"--exogenous {file}: write a .csv or a .toml file")
    found = readers[file.suffix.lower()](text, file)
    if not any(found.values()):
        raise BadInput(f"--exogenous {file}: the file gives no value of any variable")
    return found


def _csv_paths(text: str, file: Path) -> Dated:
    rows = _rows(text, file)
    if not rows or not rows[0] or rows[0][0].strip() != "date" or len(rows[0]) < 2:
        raise BadInput(
            f"{file}:1: the header must be date and then the names of variables, here {','.join(rows[0]) if rows else 'nothing'!r}"
        )
    names = [name.strip() for name in rows[0][1:]]
    found: Dated = {name: [] for name in names}
    if len(found) < len(names):
        raise BadInput(f"{file}:1: column {next(n for n in names if names.count(n) > 1)!r} stands twice")
    for line, row in enumerate(rows[1:], 2):
        if not any(field.strip() for field in row):
            continue
        if len(row) != len(rows[0]):
            raise BadInput(f"{file}:{line}: {len(row)} fields, the header has {len(rows[0])}")
        day = _day(row[0].strip(), f"{file}:{line}")
        for name, field in zip(names, row[1:], strict=True):
            if field.strip():
                found[name].append((day, _number(field.strip(), f"{file}:{line}: {name}")))
    return {name: _ordered(path, f"{file}: {name}") for name, path in found.items() if path}


def _rows(text: str, file: Path) -> list[list[str]]:
    """The fields of a CSV file; a header split by something else than commas is refused."""
    header = text.partition("\n")[0].strip("\r\ufeff ")
    found = next((name for sign, name in ((";", "semicolons"), ("\t", "tabs")) if sign in header), "")
    if found and "," not in header:
        raise BadInput(f"{file}:1: the header {header!r} is split by {found}; separate columns with commas")
    reader = csv.reader(io.StringIO(text))
    try:
        return list(reader)
    except csv.Error as error:
        raise BadInput(f"{file}:{reader.line_num}: {error}") from None


def _toml_paths(text: str, file: Path) -> Dated:
    content, places = read_toml(text, str(file))
    found: Dated = {}
    for name, entry in content.items():
        where = f"{file}:{places.line((name,))}: {name}"
        if isinstance(entry, Mapping):
            path = [(_day(day, where), _finite(value, where)) for day, value in entry.items()]
            found[name] = _ordered(path, where)
        else:
            found[name] = [(date.min, _finite(entry, where))]
    return found


def on_grid(paths: Dated, dates: Sequence[date], baseline: Mapping[str, Floats], where: str) -> dict[str, Floats]:
    """Dated values on the dates of a run: each holds until the next, the baseline stands before the first.

    Raises
    ------
    BadInput
        A path none of whose dates lies in the run.
    """
    found = {}
    for name, path in paths.items():
        days = [day for day, _ in path]
        if days[0] > dates[-1]:
            raise BadInput(f"{where} {name}: its first date {days[0]} is outside the run, {dates[0]} to {dates[-1]}")
        base = baseline.get(name, np.zeros(len(dates)))
        places = [bisect_right(days, day) - 1 for day in dates]
        found[name] = np.array([path[k][1] if k >= 0 else base[i] for i, k in enumerate(places)])
    return found


def read_opening(file: Path, base: State, known: Collection[str], derived: Mapping[str, Sequence[str]] = MappingProxyType({})) -> State:
    """An opening with the values of a file (CSV ``variable,value``, or TOML) over those of a base.

    A file that has ``date`` among its variables sets the day.

    Parameters
    ----------
    file
        The file.
    base
        The opening that it changes.
    known
        Names of the system's variables.
    derived
        Names that follow from others, with those others.

    Raises
    ------
    BadInput
        A file that cannot be read, a value that is no number, a name that is unknown, derived or given twice.
    """
    text = read_text(file, "opening file")
    values: dict[str, float] = {}
    day, dated = base.date, False
    if file.suffix.lower() not in (".toml", ".csv"):
        raise BadInput(f"--opening {file}: write a .csv or a .toml file")
    for where, name, value in _opening_entries(text, file):
        if name == "date":
            if dated:
                raise BadInput(f"{where}: 'date' is given twice")
            dated = True
            day = _day(str(value), where)
            continue
        check_opened(name, known, derived, where)
        if name in values:
            raise BadInput(f"{where}: {name!r} is given twice")
        values[name] = _number(value if isinstance(value, str) else str(value), where)
    if not values:
        raise BadInput(f"--opening {file}: the file gives no value of any variable")
    return replace(base, date=day, values={**base.values, **values}, changes={**base.changes, **values})


def check_opened(name: str, known: Collection[str], derived: Mapping[str, Sequence[str]], where: str) -> None:
    """Refuses a name of which an opening takes no value: unknown, or worked out from others."""
    if name not in known:
        raise BadInput(f"{where}: {name!r} is no variable of the system{nearest(name, known)}")
    if name in derived and not derived[name]:
        raise BadInput(f"{where}: every period works {name!r} out anew and none looks back to it, so an opening takes no value of it")
    if name in derived:
        parts = derived[name]
        more = f" and {len(parts) - MOST_NAMES} more" if len(parts) > MOST_NAMES else ""
        raise BadInput(f"{where}: {name!r} follows from other values; set instead {', '.join(parts[:MOST_NAMES])}{more}")


def _opening_entries(text: str, file: Path) -> Iterable[tuple[str, str, object]]:
    if file.suffix.lower() == ".toml":
        content, places = read_toml(text, str(file))
        return [(f"{file}:{places.line((name,))}: {name}", name, value) for name, value in content.items()]
    rows = _rows(text, file)
    if not rows or [field.strip() for field in rows[0]] != ["variable", "value"]:
        raise BadInput(f"{file}:1: the header must be variable,value")
    entries = []
    for line, row in enumerate(rows[1:], 2):
        if any(field.strip() for field in row):
            if len(row) != 2:
                raise BadInput(f"{file}:{line}: {len(row)} fields, expected variable,value")
            entries.append((f"{file}:{line}: {row[0].strip()}", row[0].strip(), row[1].strip()))
    return entries


def _ordered(path: list[tuple[date, float]], where: str) -> list[tuple[date, float]]:
    days = [day for day, _ in path]
    if len(set(days)) < len(days):
        raise BadInput(f"{where}: {next(d for d in days if days.count(d) > 1)} has two values")
    return sorted(path)


def _day(text: object, where: str) -> date:
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise BadInput(f"{where}: {text!r} is not a date; write 2025-12-31") from None


def _number(text: str, where: str) -> float:
    try:
        if not text.isascii() or "_" in text:
            raise ValueError
        found = float(text)
    except ValueError:
        raise BadInput(f"{where}: {text!r} is not a number") from None
    return _finite(found, where)


def _finite(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{where}: {value!r} is not a finite number")
    if abs(value) > LARGEST:
        raise BadInput(f"{where}: {value!r} is out of bounds; allowed: {-LARGEST:g} to {LARGEST:g}")
    return float(value)
