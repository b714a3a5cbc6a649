"""What a window's misses owe to what could not be known: the forecast made again with a later estimate or a published path."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from calibration.backtest.forecast import forecast
from calibration.backtest.scoring import scores
from calibration.backtest.windows import WINDOWS, Window
from calibration.parameters import load_parameters
from model.periods.path import Path

FILE = "lessons.csv"
COLUMNS = ("window", "known_later", "variable", "unit", "rmse", "bias")
VARIABLES = ("reserves", "on_rrp", "sofr_iorb", "mmf_bills", "mmf_repo_private")
CURVE = ("curve_level", "curve_slope", "curve_width", "curve_threshold", "period_end_drain", "quarter_end_drain")
TAKE_UP = ("srf_slope", "srf_width", "srf_stigma")
TAIL = ("on_rrp_tail_size", "on_rrp_tail_decay", "on_rrp_period_end", "on_rrp_quarter_end")
HEDGED = "hedged demand and foreign repo borrowing as published"


@dataclass(frozen=True)
class Lesson:
    """Something learned in or after a window.

    Parameters
    ----------
    window
        The window's name.
    what
        What the second forecast knows.
    parameters
        Parameters at their usual value, which knows later figures, in place of the window's.
    hedged
        True where hedged demand is given as published.
    """

    window: str
    what: str
    parameters: tuple[str, ...] = ()
    hedged: bool = False


@dataclass(frozen=True)
class Learned:
    """A lesson and the errors of the forecast that knows it: by variable root mean square and mean, with the unit."""

    lesson: Lesson
    errors: dict[str, tuple[str, float, float]]


LESSONS = (
    Lesson("2021Q4-2023Q4", "bills beside the ON RRP as judged from June 2023", ("mmf_rrp_boost",)),
    Lesson("2021Q4-2023Q4", HEDGED, hedged=True),
    Lesson("2021Q4-2023Q4", "interest on deposits of 2022 to 2024", ("deposit_beta_target", "deposit_beta_speed")),
    Lesson("2023Q2-2024Q1", "bills beside the ON RRP as judged from June 2023", ("mmf_rrp_boost",)),
    Lesson("2023Q2-2024Q1", HEDGED, hedged=True),
    Lesson("2023Q2-2024Q1", "interest on deposits of 2022 to 2024", ("deposit_beta_target", "deposit_beta_speed")),
    Lesson("2023Q2-2024Q1", "both", ("deposit_beta_target", "deposit_beta_speed"), hedged=True),
    Lesson("2024Q4-2025Q4", "the reserve-demand curve of 2024 and 2025", CURVE),
    Lesson("2024Q4-2025Q4", "take-up and the tail of the ON RRP in 2025", (*TAKE_UP, *TAIL)),
    Lesson("2024Q4-2025Q4", HEDGED, hedged=True),
    Lesson("2024Q4-2025Q4", "all three", (*CURVE, *TAKE_UP, *TAIL), hedged=True),
)


def errors(window: Window, path: Path) -> dict[str, tuple[str, float, float]]:
    """Unit, root mean square and mean error of the shown variables that are published in a window."""
    found = {item.variable: item for item in scores(window, path)}
    return {name: (found[name].unit, found[name].rmse, found[name].bias) for name in VARIABLES if name in found}


@cache
def lessons(window: Window) -> tuple[Learned, ...]:
    """Every lesson of a window with its forecast's errors, after that of the forecast which knows nothing later."""
    own = [item for item in LESSONS if item.window == window.name]
    usual = load_parameters()
    found = [Learned(Lesson(window.name, "nothing later"), errors(window, forecast(window)))] if own else []
    for item in own:
        path = forecast(window, {name: usual[name] for name in item.parameters}, hedged=item.hedged)
        found.append(Learned(item, errors(window, path)))
    return tuple(found)


def lessons_csv(windows: Sequence[Window] = WINDOWS) -> str:
    """The lessons as CSV; the committed ``data/lessons.csv`` is this text for all windows."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for window in windows:
        for item in lessons(window):
            for name, (unit, rmse, bias) in item.errors.items():
                writer.writerow([window.name, item.lesson.what, name, unit, f"{rmse:.8g}", f"{bias:.8g}"])
    return stream.getvalue()


def lessons_text(window: Window) -> str:
    """The lessons for reading: root mean square and mean error by variable; empty for a window without any."""
    found = lessons(window)
    if not found:
        return ""
    names = list(found[0].errors)
    lines = ["  error (bias) if it had known", f"  {'':<54}" + "".join(f"{name:>20}" for name in names)]
    for item in found:
        cells = "".join(f"{f'{rmse:.1f} ({bias:+.1f})':>20}" for _, rmse, bias in item.errors.values())
        lines.append(f"  {item.lesson.what:<54}{cells}")
    return "\n".join(lines)
