"""A simulation linearised at a date: roots in words, and the balanced growth path that the system is near to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.compiler.compilation import compile_system
from model.derivatives.stability import Root, Transition, roots, transition
from model.derivatives.steady import NoSteadyState, SteadyState, steady_state
from model.periods.path import Path

TREND = "trend_gdp"
SHARES = 3
HEADLINE = ("debt", "deficit", "reserves", "m2", "bills", "yield_notes", "yield_bonds", "sofr", "hf_equity")
EDGE = 1e-8
"""Relative distance from one, or from trend growth, within which a root counts as on it."""


@dataclass(frozen=True)
class Stability:
    """What the linearised system does at a date.

    Parameters
    ----------
    period
        The period.
    length
        Its length in years; 1 where the system has no clock.
    growth
        Trend growth per period, 0 where there is none.
    law
        The law of motion of deviations.
    roots
        The largest roots.
    balance
        The steady state or balanced growth path, or why there is none.
    """

    period: int
    length: float
    growth: float
    law: Transition
    roots: tuple[Root, ...]
    balance: SteadyState | NoSteadyState

    def kind(self, root: Root) -> str:
        """``faster`` than trend growth, ``trend``, ``growing``, ``unit`` or ``dying out``."""
        edge, size = EDGE * max(1.0, root.count), root.modulus
        if abs(size - 1 - self.growth) <= edge and self.growth > 0:
            return "trend"
        if size > 1 + self.growth + edge:
            return "faster"
        if abs(size - 1) <= edge:
            return "unit"
        return "growing" if size > 1 else "dying out"

    def rate(self, root: Root) -> float:
        """Growth of a deviation at an annual rate, continuously compounded."""
        return math.log(root.modulus) / self.length

    def half_life(self, root: Root) -> float:
        """Years until half of a deviation is gone."""
        return root.half_life * self.length


def stability(path: Path, when: int | str = -1, most: int = 20, growth: float | None = None) -> Stability:
    """The roots and the balanced growth path at a period of a solved path.

    Parameters
    ----------
    path
        A solved path.
    when
        Period or date.
    most
        How many roots.
    growth
        Growth of amounts of money per period; that of trend income, or 0, for None.

    Raises
    ------
    StabilityError
        A period that cannot be linearised.
    """
    period = path.period(when)
    length = float(path["dt"][period]) if "dt" in path else 1.0
    if growth is None:
        growth = float(path[TREND][period] / path[TREND][period - 1] - 1) if TREND in path and period else 0.0
    law = transition(path, period)
    program = compile_system(path.system)
    balance: SteadyState | NoSteadyState
    try:
        balance = steady_state(program, path.values[period], path.parameter_rows[period], growth)
    except NoSteadyState as none:
        balance = none
    return Stability(period, length, growth, law, roots(law, most=most), balance)


def in_words(found: Stability, path: Path) -> str:
    """The roots as a table, then the balanced growth path."""
    day = f" on {path.dates[found.period]}" if path.dates else f" in period {found.period}"
    unit = "years" if found.length != 1.0 else "periods"
    lines = [f"{len(found.law.states)} states, {len(found.law.equations)} equations, linearised{day}"]
    if found.growth:
        lines.append(
            f"trend growth {100 * math.log1p(found.growth) / found.length:.2f} % a year: a root of {1 + found.growth:.6f} a period"
        )
    lines.append("")
    lines.append(f"{'root':>10}{'times':>6}{'% a year':>10}{'half-life':>11}{'cycle':>9}  {'':10}carried by; moved most by the equations")
    for root in found.roots:
        half, cycle = found.half_life(root), root.cycle * found.length
        life = f"{half:.2f}" if math.isfinite(half) and half < 1e6 else "-"
        turn = f"{cycle:.1f}" if math.isfinite(cycle) else "-"
        who = ", ".join(f"{name} {share:.0%}" for name, share in root.states[:SHARES])
        what = ", ".join(name for name, _ in root.equations[:SHARES])
        rate = 100 * found.rate(root)
        numbers = f"{root.modulus:>10.6f}{root.count:>6}{rate if abs(rate) > 5e-6 else 0.0:>+10.2f}{life:>11}{turn:>9}"
        lines.append(f"{numbers}  {found.kind(root):10}{who}; {what}")
    lines.append(f"half-lives and cycles in {unit}; a root that counts several times belongs to that many states together")
    lines.append("")
    lines += _balance(found, path)
    return "\n".join(lines)


def _balance(found: Stability, path: Path) -> list[str]:
    balance = found.balance
    named = "steady state" if not found.growth else "balanced growth path"
    names = [n for n in HEADLINE if n in path] or [n for n in path.columns if n in path.system.unknowns][:12]
    if isinstance(balance, SteadyState):
        free = f"{len(balance.free)} free direction{'s' * (len(balance.free) != 1)}"
        lines = [f"{named}: largest scaled residual {balance.residual:.1e} after {balance.steps} steps, {free}"]
        for direction in balance.free[:5]:
            lines.append("  free: " + ", ".join(f"{n} {100 * c:+.0f} %" for n, c in direction[:4]))
        values = balance.values
    else:
        lines = [f"no {named}: {balance}", "  equations that stay open at the nearest point, which is no solution (--format json has it):"]
        return lines + [f"    {name:40s} {gap:+.2e} of its terms" for name, gap in balance.open[:6]]
    lines.append(f"  {'':24s}{'there':>14}{'now':>14}")
    lines += [f"  {name:24s}{values[name]:>14.6g}{path[name][found.period]:>14.6g}" for name in names]
    return lines


def as_json(found: Stability, path: Path) -> dict[str, object]:
    """The same content as plain data."""
    balance = found.balance
    solved = isinstance(balance, SteadyState)
    return {
        "period": found.period,
        "date": path.dates[found.period].isoformat() if path.dates else None,
        "growth": found.growth,
        "roots": [
            {
                "real": r.value.real,
                "imaginary": r.value.imag,
                "modulus": r.modulus,
                "count": r.count,
                "kind": found.kind(r),
                "states": dict(r.states[:10]),
                "equations": dict(r.equations[:10]),
            }
            for r in found.roots
        ],
        "balanced": solved,
        "residual": balance.residual if isinstance(balance, SteadyState) else balance.open[0][1],
        "values": dict(balance.values if isinstance(balance, SteadyState) else balance.nearest),
        "open": [] if isinstance(balance, SteadyState) else [list(item) for item in balance.open],
    }


__all__ = ["Stability", "as_json", "in_words", "stability"]
