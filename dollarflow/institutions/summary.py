"""A run of institutions in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.institutions.draws import FIGURES, figures
from dollarflow.institutions.run import Run
from equations.accounts import BANKS, HF, MMF

WORDS = {BANKS: "banks", MMF: "money funds", HF: "hedge funds"}
SHOWN = 10
Floats = NDArray[np.float64]
CAPITAL = {HF: "hedge_fund_equity", BANKS: "bank_equity", MMF: "mmf_shares"}


def summary(run: Run, found: Mapping[str, Any], twin: Run | None = None, twin_found: Mapping[str, Any] | None = None) -> str:
    """Opening, weeks, failures, losses, netting and measures; beside them those of the run without the what-if, if given."""
    parts = [opening_text(run, found), weeks_text(run), failures_text(run), losses_text(run), measures_text(found), verdict(run)]
    if twin is not None and twin_found is not None:
        parts.insert(-1, comparison_text(run, found, twin, twin_found))
    return "\n\n".join(parts)


def opening_text(run: Run, found: Mapping[str, Any]) -> str:
    """What was generated."""
    plan, effort = run.generated.plan, run.path.effort
    people = run.path.lifted.population
    links = sum(len(pairs) for pairs in people.network.values())
    lines = [
        f"{run.shock.title}: institutions of {plan.day.isoformat()}, seed {plan.seed}, {run.periods} weeks",
        *([] if run.what_if is None else [f"what if: {run.what_if.title}"]),
        f"{people.institutions:,} institutions, {links:,} links; {effort.equations:,} equations, {effort.entries:,} derivatives, "
        f"{sum(effort.core_sizes):,} solved together",
        "",
        f"{'opening':13}{'members':>8}{'assets':>10}{'capital':>9}{'largest':>9}{'HHI':>7}"
        f"{'leverage':>10}{'highest':>9}{'lends to':>10}{'borrows':>9}",
    ]
    for row in found["opening"]:
        lines.append(
            f"{WORDS[row['sector']]:13}{row['members']:8,}{row['assets']:10,.0f}{row['capital']:9,.0f}{row['largest_share']:9.1%}"
            f"{row['herfindahl']:7.3f}{row['median_leverage']:10.1f}{row['highest_leverage']:9.1f}{row['debtors']:10.1f}{row['creditors']:9.1f}"
        )
    return "\n".join(lines)


def weeks_text(run: Run) -> str:
    """Week by week: yields, books, failures, write-offs."""
    path = run.path
    widths = (7, 7, 8, 9, 7, 9, 8, 7, 8)
    above = ("notes", "bonds", "book", "capital", "funds", "written", "seized", "banks", "others")
    below = ("%", "%", "funds", "funds", "failed", "off", "", "failed", "bear")
    head = f"{'week':>4} {'date':10}" + "".join(f"{word:>{width}}" for word, width in zip(above, widths, strict=True))
    under = " " * 15 + "".join(f"{word:>{width}}" for word, width in zip(below, widths, strict=True))
    lines = [head, under]
    for week in range(run.periods + 1):
        day = run.generated.plan.day + timedelta(days=7 * week)
        seized = sum(float(np.nansum(path[f"repo_seized_{kind}"][week])) for kind in ("notes", "bonds"))
        lines.append(
            f"{week:4} {day.isoformat()}{100 * path['yield_notes'][week, 0]:7.2f}{100 * path['yield_bonds'][week, 0]:7.2f}"
            f"{run.sum('hf_book')[week]:8,.0f}{run.sum('hedge_fund_equity')[week]:9,.1f}{int(run.failed(HF)[week].sum()):7,}"
            f"{run.sum('hf_write_off')[week]:9.2f}{abs(seized):8.1f}{int(run.failed(BANKS)[week].sum()):7,}{run.sum('bank_shortfall')[week]:8.2f}"
        )
    return "\n".join(lines)


def failures_text(run: Run) -> str:
    """Who failed when."""
    failures = run.failures
    if not failures:
        return "nobody failed"
    counted = ", ".join(f"{sum(f.sector == s for f in failures)} {WORDS[s]}" for s in (HF, BANKS, MMF))
    lines = [f"failed: {counted}; the largest losses:"]
    for f in sorted(failures, key=lambda f: -f.loss)[:SHOWN]:
        lines.append(f"  week {f.week:3}  {f.name:18} equity {f.equity:8.3f}, leverage {f.leverage:6.1f}, lenders lost {f.loss:8.3f}")
    if len(failures) > SHOWN:
        lines.append(f"  and {len(failures) - SHOWN} more (institutions.csv)")
    return "\n".join(lines)


def losses_text(run: Run) -> str:
    """Capital of institutions (money funds: losses on shares), net worth of the others, against calm: at the first failure and the end."""
    last = run.periods
    first = min((f.week for f in run.failures), default=last)
    lines = [f"losses against calm, USD bn {'week ' + str(first):>22}{'week ' + str(last):>12}"]
    for sector, name in CAPITAL.items():
        gap = run.sum(name) - run.calm.aggregate(name) if sector != MMF else -share_losses(run)
        lines.append(f"  capital of {WORDS[sector]:24}{gap[first]:12,.2f}{gap[last]:12,.2f}")
    for sector, gap in run.losses.items():
        if sector not in CAPITAL:
            lines.append(f"  net worth of {sector.replace('_', ' '):22}{gap[first]:12,.2f}{gap[last]:12,.2f}")
    sums = np.sum(list(run.losses.values()), axis=0)
    lines.append(f"  all sectors' net worth together    {sums[first]:12.1e}{sums[last]:12.1e}")
    return "\n".join(lines)


def share_losses(run: Run) -> Floats:
    """What holders of money fund shares have lost by each week, redemptions apart, USD bn."""
    return np.asarray(-np.cumsum(sum(run.sum(f"mmf_shares__mmf__{holder}__rv") for holder in ("private", "rest_of_world"))))


def measures_text(found: Mapping[str, Any]) -> str:
    """Concentration of losses, clearing and spectral radius."""
    banks, radius = found["banks"], found["spectral_radius"]
    lines = [
        f"banks wrote off {banks['written_off']:.2f} bn on funds; {banks['with_losses']} banks had losses, the largest "
        f"{banks['largest_loss_over_capital']:.2%} of capital",
        f"spectral radius of claims over capital: {radius['opening']:.3f} at the opening, "
        f"{radius['worst_week']:.3f} in week {found['worst_week']}",
        "clearing of the opening's debts after a fall of Treasury prices (one seniority, no hedges, no sales):",
    ]
    for row in found["clearing"]:
        who = ", ".join(f"{n} {WORDS[s]}" for s, n in row["defaults"].items())
        lines.append(
            f"  {row['price_fall']:4.0%}: {who} default in {row['rounds']} rounds ({row['first_round']} in the first), "
            f"unpaid {row['unpaid']:.2f}; DebtRank {row['capital_lost_at_first']:.1f} to {row['capital_lost_in_the_end']:.1f}"
        )
    return "\n".join(lines)


def comparison_text(run: Run, found: Mapping[str, Any], twin: Run, twin_found: Mapping[str, Any]) -> str:
    """The what-if beside the same shock without it."""
    lines = [f"{'against the same shock without it':36}{'without':>12}{'what if':>12}"]
    rows = list(zip(FIGURES, figures(twin), figures(run), strict=True))
    rows.append(("spectral radius at the opening", twin_found["spectral_radius"]["opening"], found["spectral_radius"]["opening"]))
    for name, before, after in rows:
        lines.append(f"{name:36}{before:12,.2f}{after:12,.2f}")
    return "\n".join(lines)


def verdict(run: Run) -> str:
    """Whether every flow nets to zero and every cell accumulates."""
    effort = run.path.effort
    seconds = effort.seconds[1:].sum()
    worst = float(run.path.certificates.max(initial=0.0))
    return (
        f"audit: {run.report}\n"
        f"largest residual {worst:.1e} of its terms, hidden equations {run.path.hidden_gap:.1e}; {int(effort.steps.sum())} Newton steps, "
        f"{effort.factorisations} factorisations, {1000 * seconds / max(run.periods, 1):.0f} ms a week"
    )
