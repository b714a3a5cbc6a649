"""A failure to solve in the words of the economy: which stock ran out on which day, and where the money went."""

from __future__ import annotations

from dataclasses import replace

from model.language.accounts import Chart, total
from model.language.symbols import Variable
from model.language.system import System
from model.periods.failure import SolveFailure
from model.periods.path import Path

SMALL = 0.5
"""Part of the opening's stock below which its fall is told as the cause."""
SHOWN = 4
NOTICED = 1.0
"""USD bn: smaller changes are not told."""
ADVICE = "a smaller or slower shock, a setting nearer to the calibrated one, or fewer periods: the periods before are a valid path"


def explained(failure: SolveFailure, system: System) -> SolveFailure:
    """The failure with the stock that ran out as its likely cause; unchanged where the failing equation has none that did.

    Parameters
    ----------
    failure
        Of a path with dates.
    system
        What was solved, with its chart of accounts.
    """
    path, found, chart = failure.path, failure.diagnosis, system.chart
    if chart is None or path.periods < 1 or found.equation not in system.by_name:
        return failure
    used = {symbol.base for symbol in system.by_name[found.equation].total_right.free_symbols if isinstance(symbol, Variable)}
    stocks = [item.name for item in chart.instruments if total(item.name).base in used]
    gone = [name for name in stocks if _left(path, name) < SMALL]
    if not gone:
        return failure
    scarcest = min(gone, key=lambda name: _left(path, name))
    cause = f"{_told(path, scarcest)}, and the next period would need more than there is"
    moves = _moves(path, chart, scarcest)
    if moves:
        cause += f"; since the opening {', '.join(moves)}"
    return SolveFailure(replace(found, cause=f"{cause} ({found.cause})", advice=ADVICE), path)


def _left(path: Path, name: str) -> float:
    """The part of the opening's stock that is left after the last period's fall, repeated."""
    series = path[total(name).base]
    first, before, last = float(series[0]), float(series[-2]), float(series[-1])
    return (last + min(last - before, 0.0)) / first if first > NOTICED else 1.0


def _told(path: Path, name: str) -> str:
    series = path[total(name).base]
    dates = [day.isoformat() for day in path.dates] if path.dates else [f"period {number}" for number in range(path.periods + 1)]
    fall = float(series[-2] - series[-1])
    return (
        f"{name.replace('_', ' ')} run out: {float(series[0]):,.0f} bn on {dates[0]}, {float(series[-1]):,.0f} bn on {dates[path.periods]} "
        f"after a fall of {fall:,.0f} bn in that period"
    )


def _moves(path: Path, chart: Chart, name: str) -> list[str]:
    """What else is on the balance sheets of those who owe the stock, by the size of its change since the opening."""
    issuers = {cell.issuer for cell in chart.cells() if cell.instrument == name}
    changes = []
    for cell in chart.cells():
        if cell.instrument != name and (cell.issuer in issuers or cell.holder in issuers):
            change = float(path[cell.key][-1] - path[cell.key][0])
            words = f"{cell.instrument} of {cell.holder}".replace("_", " ")
            changes.append((abs(change), f"{words} {change:+,.0f} bn"))
    return [words for size, words in sorted(changes, reverse=True)[:SHOWN] if size > NOTICED]
