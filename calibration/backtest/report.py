"""The backtest as text, as JSON rows and as the committed table."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from calibration.backtest.events import Clock, Outcome, clocks, outcomes
from calibration.backtest.explanations import EXPLANATIONS
from calibration.backtest.forecast import forecast
from calibration.backtest.scoring import Score, scores, yearly_income
from calibration.backtest.windows import WINDOWS, Window
from calibration.published import published
from calibration.tables import DataError
from model.periods.path import Path

FILE = "backtest.csv"
DIGITS = 8
COLUMNS = (
    "window",
    "variable",
    "unit",
    "timing",
    "count",
    "rmse",
    "bias",
    "rival",
    "rival_rmse",
    "ratio",
    "ratio_low",
    "ratio_high",
    "diebold_mariano",
    "verdict",
    "explanation",
)


@dataclass(frozen=True)
class Result:
    """A window's forecast, scored.

    Parameters
    ----------
    window
        The window.
    scores
        One a variable.
    income
        The Fed's net income by year: forecast and published (nan where it is not).
    events
        Dated facts and the forecast's number for each.
    """

    window: Window
    scores: tuple[Score, ...]
    income: tuple[tuple[int, float, float], ...]
    events: tuple[Outcome, ...]


def on_clocks(window: Window, weekly: Path) -> dict[Clock, Path]:
    """A window's forecast by every clock that its events need."""
    return {clock: weekly if clock == "weekly" else forecast(window, clock=clock) for clock in clocks(window.name)}


@cache
def result(window: Window) -> Result:
    """A window forecast and scored."""
    path = forecast(window)
    rows = []
    for year, amount in yearly_income(path).items():
        try:
            actual = published("fed_net_income_year", f"{year}-12-31")
        except DataError:
            actual = math.nan
        rows.append((year, amount, actual))
    return Result(window, scores(window, path), tuple(rows), outcomes(window.name, on_clocks(window, path)))


def results(windows: Sequence[Window] = WINDOWS) -> tuple[Result, ...]:
    """Windows forecast and scored."""
    return tuple(result(window) for window in windows)


def explanation(score: Score) -> str:
    """Why the model loses a variable; empty where it does not or nothing is recorded."""
    behind = any(item.verdict == "loses" or item.ratio > 1 for item in score.comparisons)
    return EXPLANATIONS.get((score.window, score.variable), "") if behind else ""


def rounded(value: float) -> float:
    """A number to eight significant digits."""
    return float(f"{value:.{DIGITS}g}")


def rows(found: Sequence[Result]) -> list[dict[str, Any]]:
    """A row for every window, variable and rival; not-a-number is None."""
    listed = []
    for item in found:
        for score in item.scores:
            for other in score.comparisons:
                values = (score.rmse, score.bias, other.rmse, other.ratio, other.low, other.high, other.statistic)
                rmse, bias, *rest = (rounded(value) if math.isfinite(value) else None for value in values)
                head = (score.window, score.variable, score.unit, score.timing, score.count, rmse, bias, other.rival, *rest)
                listed.append(dict(zip(COLUMNS, (*head, other.verdict, explanation(score)), strict=True)))
    return listed


def as_json(found: Sequence[Result]) -> str:
    """The windows with their parameters, scores and the Fed's income as JSON."""
    windows = []
    for item in found:
        windows.append(
            {
                "window": item.window.name,
                "opening": item.window.opening.isoformat(),
                "end": item.window.end.isoformat(),
                "remark": item.window.remark,
                "parameters": {
                    name: {"value": rounded(chosen.value), "basis": chosen.basis} for name, chosen in item.window.parameters.items()
                },
                "fed_net_income": [
                    {"year": year, "forecast": rounded(made), "published": actual if math.isfinite(actual) else None}
                    for year, made, actual in item.income
                ],
                "events": [
                    {
                        "event": made.event.name,
                        "unit": made.event.unit,
                        "published": made.event.published,
                        "tolerance": rounded(made.event.tolerance),
                        "model": rounded(made.model) if math.isfinite(made.model) else None,
                        "verdict": made.verdict,
                        "clock": made.event.clock,
                        "cause": made.cause,
                    }
                    for made in item.events
                ],
            }
        )
    return json.dumps({"windows": windows, "scores": rows(found)}, indent=1)


def as_csv(found: Sequence[Result]) -> str:
    """The scores as CSV; the committed ``data/backtest.csv`` is this text for all windows."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(found))
    return stream.getvalue()


def as_text(found: Sequence[Result]) -> str:
    """The scores for reading: error of the model, then the ratio to each rival's with its 95 % interval."""
    lines = []
    for item in found:
        window = item.window
        lines.append(f"{window.name}: from {window.opening} to {window.end}")
        if window.remark:
            lines.append(f"  {window.remark}")
        rivals = [other.rival for other in max((s.comparisons for s in item.scores), key=len)]
        lines.append(f"  {'variable':<17} {'n':>4} {'rmse':>9} {'bias':>9}  " + "".join(f"{name:>26}" for name in rivals))
        for score in item.scores:
            by_name = {other.rival: other for other in score.comparisons}
            cells = "".join(f"{_cell(by_name.get(name)):>26}" for name in rivals)
            lines.append(f"  {score.variable:<17} {score.count:>4} {score.rmse:>9.1f} {score.bias:>+9.1f}  {cells}  {score.unit}")
        for year, made, actual in item.income:
            beside = f"published {actual:.1f}, off by {made - actual:+.1f}" if math.isfinite(actual) else "no published figure"
            lines.append(f"  Fed net income {year}: forecast {made:.1f} bn, {beside}")
        for outcome in item.events:
            event = outcome.event
            made_of = f"{outcome.model:,.1f}" if math.isfinite(outcome.model) else "never"
            said = f"published {event.published:,.1f} ± {event.tolerance:,.1f} {event.unit}, forecast {made_of}"
            lines.append(f"  {outcome.verdict:<5} {event.name}: {said}{f': {outcome.cause}' if outcome.cause else ''}")
        lines += [f"  {score.variable}: {explanation(score)}" for score in item.scores if explanation(score)]
        lines.append("")
    lines.append("Ratios: root mean squared error, model over rival, with the 95 % interval of Diebold and Mariano; + wins, - loses.")
    return "\n".join(lines)


def _cell(other: Any) -> str:
    """A ratio with its interval and a mark for a decided comparison."""
    if other is None or not math.isfinite(other.ratio):
        return ""
    mark = {"wins": " +", "loses": " -", "open": "  "}[other.verdict]
    interval = f" [{other.low:.2f}, {other.high:.2f}]" if math.isfinite(other.low) else ""
    return f"{other.ratio:.2f}{interval}{mark}"
