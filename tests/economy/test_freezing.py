"""Freezing a sector moves SOFR, the 10-year yield or reserves, while the accounts still close; the page says what moves nothing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from dollarflow.economy import economy, opening_state
from dollarflow.errors import BadInput
from dollarflow.freezing import (
    ALONE,
    CASH_MARKET,
    COMMAND,
    DECISIONS,
    EXPERIMENTS,
    GROUPS,
    MEASURES,
    Freezing,
    document,
    freeze,
    frozen,
    held,
)
from dollarflow.scenarios import scenario
from dollarflow.simulation import Simulation, simulate
from tests.economy.ledger import SECTORS

WEEKS = 40
DOCUMENT = Path(__file__).parents[2] / "docs" / "sectors.md"
SHOCK = {"treasury": "deficit_up", "foreign_official": "foreign_sale", "hedge_funds": "margin_shock"}


@lru_cache(maxsize=8)
def free(name: str) -> Simulation:
    """A run in which every sector reacts."""
    return simulate(economy(scenario("baseline")), opening_state("2025-10-29"), scenario(name), periods=WEEKS)


@pytest.mark.parametrize("sector", SECTORS)
def test_a_frozen_sector_moves_the_market_and_nothing_leaks(sector: str) -> None:
    name = SHOCK.get(sector, "baseline")
    system, decided = frozen(economy(scenario("baseline")), sector)
    given = held(decided, free("baseline"))
    run = simulate(system, opening_state("2025-10-29"), scenario(name), periods=WEEKS, exogenous=given)
    assert run.sound, run.violations[:3]
    for variable in decided:
        ratio = run[variable.base][1:] / run["trend_gdp"][1:] ** float(variable.unit.usd)
        assert np.allclose(ratio, ratio[0], rtol=1e-12, atol=0.0), variable
    moved = {m.variable: m.scale * float(np.abs(run[m.variable] - free(name)[m.variable])[1:].max()) for m in MEASURES}
    assert any(moved[m.variable] >= m.noticed for m in MEASURES), moved


def test_the_decisions_are_behaviour_of_eight_sectors() -> None:
    """Identities are never frozen: then accounts would not close by themselves."""
    assert tuple(DECISIONS) == SECTORS
    system = economy(scenario("baseline"))
    for names in DECISIONS.values():
        for name in names:
            assert system.equation(name).kind in ("behaviour", "policy", "complementarity"), name


def test_the_price_of_cash_is_no_decision_of_banks() -> None:
    """The curve is estimated over the cash of all lenders: it stands alone, and no decision is counted twice."""
    assert ALONE["curve_spread"] == CASH_MARKET
    assert GROUPS[CASH_MARKET] == ("curve_spread",)
    assert sum(len(names) for names in GROUPS.values()) == len(ALONE)


def test_an_unknown_sector_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"'bank'.*banks"):
        frozen(economy(scenario("baseline")), "bank")


def test_the_document_states_its_command_and_every_sector() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert COMMAND in text
    for group in GROUPS:
        assert sum(line.startswith(f"| {group} | ") and "`" not in line for line in text.splitlines()) == len(MEASURES), group
        assert f"- **{group}**: " in text, group
    for name, group in ALONE.items():
        assert f"| {group} | `{name}` | " in text, name


def test_what_moves_nothing_is_named() -> None:
    quiet = ("mmf", "imports")
    changes = {(s, e, m.variable): 0.0 if s in quiet else 100.0 for s in (*GROUPS, *ALONE) for e in EXPERIMENTS for m in MEASURES}
    changes["banks", "qe", "sofr"] = float("nan")
    text = document(Freezing(52, changes))
    assert "of reserves (tga_rebuild); not measurable in any experiment" in text
    assert text.count("; not measurable in any experiment") == 1
    assert "| private | `imports` | 0 | 0 | 0 | no |" in text
    assert f"Not measurable alone, 1 of {len(ALONE)}: `imports`." in text
    assert "| banks | 100 | – |" in text


def figures(text: str) -> list[tuple[str, list[float]]]:
    """The rows of the document's tables: what is frozen, and numbers."""
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    named = [("".join(row[:2]), row[2:-1]) if "`" in row[1] else (row[0], row[1:]) for row in rows if row[0] not in ("frozen", "of")]
    return [(name, [float(cell.replace("–", "nan")) for cell in cells]) for name, cells in named]


@pytest.mark.slow
def test_the_document_is_what_the_command_finds() -> None:
    stated, found = figures(DOCUMENT.read_text(encoding="utf-8")), figures(document(freeze()))
    assert [name for name, _ in stated] == [name for name, _ in found]
    for (name, old), (_, new) in zip(stated, found, strict=True):
        assert np.allclose(old, new, rtol=0.1, atol=0.3, equal_nan=True), name
