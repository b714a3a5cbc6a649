"""What the command says of an ensemble: bands of the headline variables, members that failed by cause, what the audit found."""

from __future__ import annotations

from collections import Counter

import numpy as np

from dollarflow.ensembles.result import Ensemble, Failure
from dollarflow.summary import GROUPS, SPREADS, aligned

SHOWN = 16
LEVELS = (0.05, 0.5, 0.95)
MIDDLE = LEVELS.index(0.5)
CAUSES = 5
SMALL = 0.001
"""Total index below which a factor is not listed."""


def bands(found: Ensemble) -> str:
    """Quantiles of the kept variables in the last period, with the opening's value."""
    labels = {name: label for group in GROUPS.values() for name, label in group}
    last = found.dates[-1].isoformat()
    rows = [[f"{found.solved:,} member{'' if found.solved == 1 else 's'}, {last}", "opening", *(f"{100 * level:g} %" for level in LEVELS)]]
    units = dict(zip(found.variables, found.attributes["units"], strict=True))
    names = found.variables[:SHOWN]
    table = found.quantiles_in((0, len(found.dates) - 1), names, LEVELS)
    for j, name in enumerate(names):
        figures = [table[MIDDLE, 0, j], *table[:, -1, j]]
        rows.append([f"  {labels.get(name, name)}", *(shown(float(x), units[name], name) for x in figures)])
    text = aligned(rows)
    more = len(found.variables) - SHOWN
    return f"{text}\n  and {more} more in the store" if more > 0 else text


def shown(number: float, unit: str, name: str) -> str:
    """A figure in the units that economists write."""
    from model.language.units import FLOW, ONE, RATE, USD

    known = {str(u): u for u in (FLOW, ONE, RATE, USD)}
    if not np.isfinite(number):
        return ""
    if unit in known:
        from dollarflow.summary import written

        return written(number, known[unit], name)
    return f"{number:.4g}"


def failed(found: Ensemble) -> list[str]:
    """Members that failed, most frequent cause first; nothing where none did."""
    failures = found.failures
    if not failures:
        return []
    causes = Counter(cause(f) for f in failures)
    first: dict[str, Failure] = {}
    for failure in failures:
        first.setdefault(cause(failure), failure)
    lines = [f"{len(failures):,} of {found.members:,} members have no path; quantiles rest on the other {found.solved:,}"]
    for text, count in causes.most_common(CAUSES):
        lines.append(f"- {count:,} times: {text}; the first: {first[text]}")
    if len(causes) > CAUSES:
        lines.append(f"- and {len(causes) - CAUSES} other causes")
    return lines


def cause(failure: Failure) -> str:
    """A failure without its figures, so that equal ones can be counted."""
    if not failure.period:
        return failure.diagnosis.partition(" is ")[0]
    equation = failure.diagnosis.partition("worst equation: ")[2].partition(",")[0]
    return f"no solution, worst equation {equation}"


def sensitivity(found: Ensemble, variable: str) -> str:
    """The Sobol' indices of a variable in the last period."""
    table = found.sobol(variable)
    spread = np.sqrt(table.attrs["variance"])
    unit = dict(zip(found.variables, found.attributes["units"], strict=True))[variable]
    head = f"{variable} on {found.dates[-1]}, sd {shown(spread, unit, variable if variable in SPREADS else '').lstrip('+')}"
    rows = [[f"{head}, {table.attrs['points']:,} base points", "first order", "total"]]
    small = int((table["total"] < SMALL).sum())
    for factor, row in table[table["total"] >= SMALL].iterrows():
        first, total = f"{row['first']:.3f} ± {row['first_error']:.3f}", f"{row['total']:.3f} ± {row['total_error']:.3f}"
        rows.append([f"  {factor}", first, total])
    return aligned(rows) + (f"\n  and {small} factors with a total below {SMALL:g}" if small else "")
