"""A comparison as text, JSON or CSV: what differs, by variable, balance sheet, financier and mechanism."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dollarflow.attribution.runs import NoInputs
from dollarflow.comparison import FINANCIER, M2, MECHANISM, SOURCE, Comparison
from dollarflow.cumulated import DEBT, totals
from dollarflow.differences import differing, moved, unit_of
from dollarflow.expectations import checked
from dollarflow.summary import GROUPS
from model.language.units import USD, Unit

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("txt", "json", "csv")
WIDE = max(len(label) for group in GROUPS.values() for _, label in group) + 2
LEAST = 0.05
"""Difference in USD bn below which a line of the printed balance sheet is left out."""
OF = (M2, "sofr", "yield_bonds")
"""Variables explained by mechanism and by input unless others are asked for."""
MOST = 10
"""Inputs that the text names."""


@dataclass(frozen=True)
class Report:
    """A comparison worked out once for every format.

    Parameters
    ----------
    comparison
        The two runs.
    of
        Variables that are explained by mechanism and by input.
    at
        The date shown, or the first one after it; None for the end.

    Raises
    ------
    ValueError
        A date outside the runs, when a report is asked for.
    """

    comparison: Comparison
    of: tuple[str, ...] = OF
    at: date | str | None = None

    @property
    def period(self) -> int:
        """The period that is shown."""
        return len(self.comparison.base.dates) - 1 if self.at is None else self.comparison.base.number(self.at)

    def explained(self) -> tuple[dict[str, pd.DataFrame], str]:
        """Decompositions by mechanism, and why there are none where there are none."""
        try:
            return {name: self.comparison.decompose(name, by=MECHANISM) for name in self.of}, ""
        except NoInputs as reason:
            return {}, str(reason)

    def by_input(self) -> tuple[dict[str, pd.Series[float]], str]:
        """Decompositions by input on the date shown, and why there are none where there are none."""
        try:
            order = self.comparison.inputs
        except NoInputs as reason:
            return {}, str(reason)
        solved = [name for name in self.of if name in order.path.system.unknowns]
        return {name: order.contributions(name, (self.period,)).iloc[-1] for name in solved}, ""

    def financed(self, by: str = FINANCIER) -> pd.DataFrame | None:
        """The difference in M2 by financier; None where the runs have no sources of money."""
        try:
            return self.comparison.decompose(M2, by=by)
        except ValueError:
            return None

    def content(self) -> dict[str, Any]:
        """Everything, as texts and numbers: variables (last date and mean), balance sheet, sources of money, mechanisms."""
        c = self.comparison
        explained, reason = self.explained()
        inputs, no_inputs = self.by_input()
        sources = self.financed(SOURCE)
        period = self.period
        sheet = c.balance_sheet(period)
        return {
            "base": c.base.label,
            "changed": c.changed.label,
            "start": c.base.dates[0].isoformat(),
            "end": c.base.dates[-1].isoformat(),
            "at": c.base.dates[period].isoformat(),
            "variables": {
                name: {
                    "end": float(series.iloc[-1]),
                    "at": float(series.iloc[period]),
                    "mean": float(series.iloc[1:].mean()),
                    "largest": float(series.iloc[1:].abs().max()),
                }
                for name, series in c.frame.items()
                if series.iloc[1:].abs().max() > 0.0
            },
            "over_the_run": {name: {"base": before, "changed": after} for name, (before, after) in self.totals().items()},
            "expected": [str(outcome) for outcome in checked(c.base, c.changed)],
            "balance_sheet": {str(k): {str(s): float(v) for s, v in row.items()} for k, row in sheet.iterrows()},
            "m2_by_source": {} if sources is None else {str(k): float(v) for k, v in sources.iloc[period].items()},
            "changed_inputs": {k: list(v) for k, v in c.mechanisms.groups.items()} if explained else {},
            "mechanisms": {n: {str(k): float(v) for k, v in t.iloc[period].items()} for n, t in explained.items()},
            "not_explained": reason,
            "inputs": {name: {str(k): float(v) for k, v in row.items()} for name, row in inputs.items()},
            "one_sided": dict(c.inputs.one_sided) if inputs else {},
            "not_by_input": no_inputs,
        }

    def text(self) -> str:
        """The printed report."""
        c, period = self.comparison, self.period
        when = "at the end" if self.at is None else f"on {c.base.dates[period]}"
        lines = [f"{c.changed.label} less {c.base.label}, {c.base.dates[0]} to {c.base.dates[-1]}", ""]
        lines += [f"{'by variable':<{WIDE + 2}}{when:>15s}{'average':>15s}{'largest':>15s}"]
        rows = differing(c, period)
        lines += [f"  {label:{WIDE}s}" + "".join(f"{figure:>15s}" for figure in figures) for label, *figures in rows]
        if not rows:
            lines.append("  nothing differs")
        lines += self._totals()
        outcomes = checked(c.base, c.changed)
        if outcomes:
            lines += ["", f"expected of {c.changed.scenario}, against {c.changed.baseline}", *(f"  {outcome}" for outcome in outcomes)]
        lines += ["", f"by balance sheet on {c.base.dates[period]}, USD bn", *_sheet(c.balance_sheet(period))]
        financed = self.financed()
        if financed is not None:
            lines += [
                "",
                f"M2 by financier, cumulated to {c.base.dates[period]}, USD bn",
                *_entries(financed.iloc[period].items(), USD, M2),
            ]
        explained, reason = self.explained()
        if reason:
            lines += ["", f"by mechanism: not known, because {reason}"]
        for name, table in explained.items():
            how = "every order averaged" if c.mechanisms.exact else "one order and its reverse averaged"
            lines += ["", f"{name} by mechanism, {when} ({how})", *_entries(table.iloc[period].items(), unit_of(c, name), name)]
        if explained:
            lines += ["", "changed inputs", *[f"  {k}: {_names(v)}" for k, v in c.mechanisms.groups.items()]]
        lines += self._inputs(when)
        return "\n".join(lines)

    def _inputs(self, when: str) -> list[str]:
        """The decomposition by input in words, with what is one-sided and which regimes changed."""
        found, reason = self.by_input()
        if reason:
            return ["", f"by input: not known, because {reason}"]
        lines: list[str] = []
        for name, row in found.items():
            named, (remainder, total) = row.iloc[:-2], row.iloc[-2:]
            rest = {f"{len(named) - MOST} more": named.iloc[MOST:].sum()} if len(named) > MOST else {}
            entries = {**named.iloc[:MOST], **rest, "remainder": remainder, "total": total}
            unit = unit_of(self.comparison, name)
            lines += ["", f"{name} by input, {when} (first order at the base)", *_entries(entries.items(), unit, name)]
        if found:
            order = self.comparison.inputs
            lines += [f"  one-sided: {name} {words}" for name, words in order.one_sided.items()]
            lines += [f"  regime changed: {name}, first in period {period}" for name, period in order.crossed.items()]
        return lines

    def totals(self) -> dict[str, tuple[float, float]]:
        """Growth of debt by what it paid for and the Fed's purchases, over the run in both, USD bn."""
        base, changed = (
            totals(run.frame.__getitem__, run.frame.columns.__contains__) for run in (self.comparison.base, self.comparison.changed)
        )
        return {name: (base.get(name, 0.0), changed.get(name, 0.0)) for name in {**base, **changed}} if base and changed else {}

    def _totals(self) -> list[str]:
        rows = self.totals()
        if not rows:
            return []
        heads = ("base", "changed", "difference")
        lines = ["", f"{'over the run, USD bn':<{WIDE + 2}}" + "".join(f"{head:>15s}" for head in heads)]
        for name, (before, after) in rows.items():
            figures = (f"{before:+,.1f}", f"{after:+,.1f}", f"{after - before:+,.1f}" if abs(after - before) > LEAST else ".")
            lines.append(f"  {f'= {name}' if name == DEBT else name:{WIDE}s}" + "".join(f"{figure:>15s}" for figure in figures))
        return lines

    def bytes(self, form: str) -> bytes:
        """The report in one of :data:`FORMATS`; CSV has every variable by date in long form."""
        if form == "json":
            return (json.dumps(self.content(), indent=1, allow_nan=False) + "\n").encode()
        if form == "csv":
            table = self.comparison.frame.reset_index().melt(id_vars="date", var_name="variable", value_name="difference")
            stream = io.StringIO()
            table.dropna().to_csv(stream, index=False, lineterminator="\n")
            return stream.getvalue().encode()
        return (self.text() + "\n").encode()


def _entries(items: Iterable[tuple[Any, float]], unit: Unit, name: str) -> list[str]:
    return [f"  {key!s:34s}{moved(value, unit, name):>15s}" for key, value in items if abs(value) > 1e-9 or key == "total"]


def _sheet(sheet: pd.DataFrame) -> list[str]:
    shown = sheet[(sheet.abs() > LEAST).any(axis=1)]
    if shown.empty:
        return ["  nothing differs"]
    heads = [str(s) for s in shown.columns]
    widths = [max(len(head), 9) + 2 for head in heads]
    lines = [f"  {'':20s}" + "".join(f"{head:>{width}s}" for head, width in zip(heads, widths, strict=True))]
    for instrument, row in shown.iterrows():
        entries = (f"{value:+,.1f}" if abs(value) > LEAST else "." for value in row)
        lines.append(f"  {instrument!s:20s}" + "".join(f"{entry:>{width}s}" for entry, width in zip(entries, widths, strict=True)))
    return lines


def _names(names: Sequence[str], limit: int = 6) -> str:
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")
