"""A forecast's tables: bands by date, the plan as the model's paths, what was varied; and a short table for the screen."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.errors import BadInput
from dollarflow.files import write_file
from dollarflow.forecasts.members import Members

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = ("date", "variable", "unit", *(f"q{100 * level:02.0f}" for level in QUANTILES), "central")
SHOWN = 8
TABLES = ("bands.csv", "exogenous.csv", "forecast.json")
UNITS: dict[str, tuple[str, float]] = {
    "sofr_iorb": ("bp", 1e4),
    "sofr": ("percent", 100.0),
    "effr": ("percent", 100.0),
    "yield_bonds": ("percent", 100.0),
    "fed_net_income": ("USD bn/yr", 1.0),
    "fed_net_income_to_date": ("USD bn", 1.0),
}
"""Unit and factor of a variable; others are in USD bn."""
TITLES = {
    "sofr_iorb": "SOFR less IORB, bp",
    "reserves": "reserves, bn",
    "on_rrp": "ON RRP, bn",
    "tga": "Treasury's account, bn",
    "fed_net_income_to_date": "Fed income since the start, bn",
}


def to_date(income: Floats, lengths: Sequence[float]) -> Floats:
    """The Fed's income since the opening, USD bn: the sum of rates times lengths along the last axis."""
    steps = np.asarray(lengths, dtype=np.float64) * np.nan_to_num(income)
    steps[..., 0] = 0.0
    return np.asarray(np.cumsum(steps, axis=-1), dtype=np.float64)


def series(members: Members) -> dict[str, tuple[Floats, Floats]]:
    """Draws, shape (draws, weeks + 1), and central path, shape (weeks + 1,), by variable, in the units of the tables."""
    draws, central = dict(members.draws), dict(members.central)
    draws["fed_net_income_to_date"] = to_date(draws["fed_net_income"], members.lengths)
    central["fed_net_income_to_date"] = to_date(central["fed_net_income"], members.lengths)
    factor = {name: UNITS.get(name, ("USD bn", 1.0))[1] for name in draws}
    return {name: (factor[name] * values, factor[name] * central[name]) for name, values in draws.items()}


def bands_csv(members: Members) -> str:
    """Quantiles over the draws and the central path of every variable and week, as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, (draws, central) in series(members).items():
        unit = UNITS.get(name, ("USD bn", 1.0))[0]
        levels = np.quantile(draws[:, 1:], QUANTILES, axis=0)
        for place, day in enumerate(members.dates[1:]):
            writer.writerow([day, name, unit, *(f"{value:.6g}" for value in levels[:, place]), f"{central[place + 1]:.6g}"])
    return stream.getvalue()


def exogenous_csv(members: Members) -> str:
    """The plan as dated paths of the model, for ``dollarflow run --exogenous``; empty where the plan changes nothing."""
    if not members.given:
        return ""
    lines = [",".join(["date", *members.given])]
    for place, day in enumerate(members.dates):
        lines.append(",".join([str(day), *(f"{float(path[place])!r}" for path in members.given.values())]))
    return "\n".join(lines) + "\n"


def record_json(members: Members, asked: dict[str, Any]) -> str:
    """What was asked for, and what was varied with its sizes and samples."""
    from dollarflow.forecasts.uncertainty import uncertainty

    unknown = uncertainty(members.dates[0])
    noises = {
        name: {"persistence": n.persistence, "innovation": n.innovation, "white": n.white, "basis": n.basis}
        for name, n in unknown.noises.items()
    }
    content = {
        **asked,
        "first": members.dates[0].isoformat(),
        "last": members.dates[-1].isoformat(),
        "drawn_again": members.failed,
        "curves": {label: members.curves.count(label) for label in unknown.curves},
        "parameter_errors": dict(unknown.others),
        "weekly_surprises": noises,
    }
    return json.dumps(content, indent=1) + "\n"


def text_of(members: Members) -> str:
    """Bands of the headline variables at some dates, for reading."""
    found = series(members)
    count = len(members.dates)
    places = sorted({round(k * (count - 1) / SHOWN) for k in range(1, SHOWN + 1)} - {0})
    lines = [f"forecast {members.dates[0]} to {members.dates[-1]}: median and 90 % band of {len(members.curves)} draws"]
    for name, title in TITLES.items():
        draws, _ = found[name]
        low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95), axis=0)
        lines += ["", title]
        lines += [f"  {members.dates[k]}  {middle[k]:>10,.1f}   {low[k]:>10,.1f} to {high[k]:>10,.1f}" for k in places]
    return "\n".join(lines)


def write_forecast(members: Members, asked: dict[str, Any], folder: Path) -> tuple[Path, ...]:
    """Writes the tables into a folder, all of them or none.

    Raises
    ------
    BadInput
        A place that cannot be written.
    """
    tables = dict(zip(TABLES, (bands_csv(members), exogenous_csv(members), record_json(members, asked)), strict=True))
    tables = {name: text for name, text in tables.items() if text}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".forecast-") as holding:
            for name, text in tables.items():
                write_file(Path(holding) / name, text.encode())
            for name in tables:
                shutil.move(str(Path(holding) / name), folder / name)
    except OSError as error:
        raise BadInput(f"cannot write into {folder}: {error.strerror}") from None
    return tuple(folder / name for name in tables)
