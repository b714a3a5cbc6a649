"""No sector is decoration: freezing any one of them moves SOFR, the 10-year yield or reserves, while the accounts still close."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from dollarflow.economy import economy, opening_state
from dollarflow.errors import BadInput
from dollarflow.freezing import COMMAND, DECISIONS, EXPERIMENTS, MEASURES, Freezing, document, freeze, frozen, held
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


def test_an_unknown_sector_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"'bank'.*banks"):
        frozen(economy(scenario("baseline")), "bank")


def test_the_document_states_its_command_and_every_sector() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert COMMAND in text
    for sector in SECTORS:
        assert text.count(f"| {sector} |") == len(MEASURES), sector
        assert f"**{sector}** (measurable in" in text, sector


def test_decoration_would_be_named() -> None:
    changes = {(s, e, m.variable): 0.0 if s == "mmf" else 100.0 for s in DECISIONS for e in EXPERIMENTS for m in MEASURES}
    changes["banks", "qe", "sofr"] = float("nan")
    text = document(Freezing(52, changes))
    assert "**mmf** (not measurable in any experiment)" in text
    assert "| banks | 100 | – |" in text


def figures(text: str) -> list[tuple[str, list[float]]]:
    """The rows of the document's tables: sector and numbers."""
    rows = [line.strip("| \n").split("|") for line in text.splitlines() if line.startswith("| ") and "frozen sector" not in line]
    return [(row[0].strip(), [float(cell.replace("–", "nan")) for cell in row[1:]]) for row in rows]


@pytest.mark.slow
def test_the_document_is_what_the_command_finds() -> None:
    stated, found = figures(DOCUMENT.read_text(encoding="utf-8")), figures(document(freeze()))
    assert [name for name, _ in stated] == [name for name, _ in found]
    for (name, old), (_, new) in zip(stated, found, strict=True):
        assert np.allclose(old, new, rtol=0.1, atol=0.3, equal_nan=True), name
