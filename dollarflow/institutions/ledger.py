"""A run of institutions as a result folder: every member a sector of its own, so that ``dollarflow audit`` and ``graph`` apply to it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np

from dollarflow.files import write_file
from dollarflow.results import Ledger, MissingFigure, write_folder
from dollarflow.results.digests import ALGORITHMS
from dollarflow.results.ledger import texts
from dollarflow.results.schema import FORMAT
from equations.institutions.system import institutions_system
from model.language.later import Later
from model.members.expansion import Expansion
from model.members.population import ECONOMY
from model.periods.path import Consistency, Judgement, Path, Statistics

if TYPE_CHECKING:
    from dollarflow.institutions.run import Run

SUMS = ("hf_book", "hf_failed", "hf_write_off", "hf_capacity", "bank_failed", "bank_shortfall", "bank_bail_in", "mmf_repo_need")
"""Variables of members that path.csv has the sum of."""
MEMBERS = "institutions.csv"
MEASURES = "measures.json"


@dataclass(frozen=True)
class MemberLedger(Ledger):
    """The tables of members: cells and payments between institutions, totals and rates in path.csv.

    Parameters
    ----------
    path
        Totals, rates and sums; members' figures are read from ``run``.
    chart
        The chart of accounts with members as sectors.
    run
        The simulation.
    """

    run: Run

    @cached_property
    def _places(self) -> dict[str, tuple[str, int]]:
        expansion = Expansion(self.run.generated.lifted)
        chosen = (*expansion.lifted.cell_variables, *(flow.key for flow in expansion.lifted.population.chart.flows))
        return {name: (base, j) for base in chosen if base in self.run.path.values for j, name in enumerate(expansion.names(base))}

    def figures(self, name: str, first: int = 1) -> list[str]:
        """A member's numbers from period ``first`` as text; an absent or not finite one is an error."""
        if name not in self._places:
            raise MissingFigure(f"the path has no variable {name!r}, which the result folder needs")
        base, column = self._places[name]
        numbers = np.asarray(self.run.path[base][first:, column])
        if not np.isfinite(numbers).all():
            raise MissingFigure(f"{name!r} has no number in some period")
        return texts(numbers)


def narrow_path(run: Run) -> Path:
    """Totals, rates and sums over members of a run as a path of the sector-level system."""
    lifted, path = run.generated.lifted, run.path
    single = {n: path[n][:, 0] for n, axis in sorted(lifted.axes.items()) if axis == ECONOMY and n in path.values and "__" not in n}
    ends = {f"{item}__{part}": path[f"{item}__{part}"][:, 0] for item in ("notes", "bonds") for part in ("face", "coupon")}
    figures = single | ends | {name: path[name].sum(axis=1) for name in SUMS}
    start = run.generated.plan.day
    dates = tuple(start + timedelta(days=7 * week) for week in range(run.periods + 1))
    none = np.zeros((run.periods + 1, 0))
    numbers = {n: float(v) for n, v in run.generated.parameters.items() if np.ndim(v) == 0}
    rows = np.tile(np.array(list(numbers.values())), (run.periods + 1, 1))
    effort = path.effort
    statistics = Statistics(
        effort.equations,
        len(effort.core_sizes),
        len(effort.core_sizes),
        max(effort.core_sizes, default=0),
        sum(effort.torn_sizes),
        int(effort.steps.sum()),
        int(effort.steps.max(initial=0)),
    )
    values = np.stack(list(figures.values()), axis=1)
    return Path(
        Later.known(lifted.system),
        tuple(figures),
        values,
        tuple(numbers),
        rows,
        dates,
        path.certificates.copy(),
        (),
        none,
        none.copy(),
        ({},) * run.periods,
        Judgement.known(Consistency(), path.certificates.copy()),
        statistics,
    )


def manifest(run: Run, narrow: Path, ledger: MemberLedger) -> dict[str, Any]:
    """The manifest without its digests."""
    from dollarflow.provenance import accounts_entry, digest_of, system_digest, versions

    plan, effort = run.generated.plan, run.path.effort
    dates: tuple[date, ...] = narrow.dates or ()
    return {
        "format": FORMAT,
        "versions": versions(),
        "scenario": {
            "name": "institutions",
            "title": run.shock.title,
            "story": run.shock.story,
            "source": run.shock.source,
            "what_if": "" if run.what_if is None else run.what_if.title,
            "banks": plan.banks,
            "money_funds": plan.money_funds,
            "hedge_funds": plan.hedge_funds,
            "changed": dict(plan.changed),
        },
        "clock": {"name": "weekly", "start": dates[0].isoformat(), "end": dates[-1].isoformat(), "periods": run.periods},
        "seed": plan.seed,
        "hashes": {
            "system": system_digest(institutions_system()),
            "parameters": digest_of({n: np.asarray(v).tolist() for n, v in run.generated.parameters.items()}),
            "opening": digest_of({n: np.asarray(v).tolist() for n, v in run.generated.opening.items()}),
        },
        "accounts": accounts_entry(ledger.chart),
        "parameters": {name: float(row) for name, row in zip(narrow.parameter_names, narrow.parameter_rows[0], strict=True)},
        "parameter_paths": {},
        "solver": {
            "equations": effort.equations,
            "derivatives": effort.entries,
            "largest_block": max(effort.core_sizes, default=0),
            "torn_unknowns": sum(effort.torn_sizes),
            "factorisations": effort.factorisations,
            "iterations": int(effort.steps.sum()),
        },
        "certificates": {
            "largest": float(run.path.certificates.max(initial=0.0)),
            "by_period": run.path.certificates.tolist(),
            "hidden": float(run.path.hidden_gap),
        },
        "audit": {
            "verdict": "passed" if run.report.sound else "failed",
            "checks": list(run.report.checks),
            "violations": [str(v) for v in run.report.violations],
        },
        "digest_algorithms": dict(ALGORITHMS),
    }


def write_run(run: Run, folder: FilePath, measures: dict[str, Any]) -> None:
    """The result folder of members, with a table of institutions and the measures beside it.

    Raises
    ------
    Unwritable
        The place cannot or may not be written.
    """
    narrow = narrow_path(run)
    ledger = MemberLedger(narrow, Expansion(run.generated.lifted).chart, run)
    write_folder(folder, ledger, manifest(run, narrow, ledger))
    write_file(folder / MEMBERS, members_csv(run))
    write_file(folder / MEASURES, (json.dumps(measures, indent=1, ensure_ascii=False) + "\n").encode())


def members_csv(run: Run) -> bytes:
    """One row an institution: size, capital and leverage at the opening, capital at the end, when it failed and what was lost on it."""
    first, last = run.network(0), run.network(run.periods)
    failed = {f.name: f for f in run.failures}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["name", "sector", "assets", "capital", "capital_end", "owed_to_institutions", "claims_on_institutions", "failed", "loss"]
    )
    inside = np.asarray(first.debts.sum(axis=1)).ravel()
    for i, name in enumerate(first.names):
        event = failed.get(name)
        figures = (first.outside_assets[i] + first.claims[i], first.capital[i], last.capital[i], inside[i], first.claims[i])
        writer.writerow(
            [
                name,
                first.sectors[i],
                *(repr(float(x)) for x in figures),
                "" if event is None else event.week,
                "" if event is None else repr(event.loss),
            ]
        )
    return stream.getvalue().encode()
