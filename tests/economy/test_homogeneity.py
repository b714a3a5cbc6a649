"""T17-T20: the currency unit, the level of rates and the names of sectors do not matter."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
import sympy as sp
from networkx.algorithms.isomorphism import numerical_multiedge_match

from equations.anchors import ANCHORED_PARAMETERS, anchor
from model.accounting.graphs import holdings_graph
from model.language.accounts import Chart
from model.language.equation import Complementarity, Equation
from model.language.symbols import Variable
from model.language.system import System
from model.periods.path import Path
from tests.economy.laboratory import Experiment, economy, experiment, quiet
from tests.economy.ledger import SECTORS

LEVELS = (
    "iorb",
    "on_rrp_rate",
    "srf_rate",
    "dw_rate",
    "frp_rate",
    "policy_rate",
    "bill_average_rate",
    "fed_agency_rate",
    "sofr",
    "dvp_rate",
    "triparty_rate",
    "effr",
    "mmf_yield",
    "deposit_rate",
    "loan_rate",
    "agency_rate",
    "other_rate",
    "bill_rate",
    "yield_bonds",
    "yield_notes",
)
"""Levels of interest rates; every other rate of the model is a spread, a speed or a growth rate."""


def in_unit(figures: Mapping[str, Any], powers: Mapping[str, float], k: float) -> dict[str, Any]:
    """Figures in a currency unit k times smaller."""
    return {name: value * k ** powers.get(name, 0.0) for name, value in figures.items()}


def powers_of(system: System) -> dict[str, float]:
    """The exponent of the currency in the unit of each variable and parameter."""
    return {n: float(v.unit.usd) for n, v in system.variables.items()} | {p.name: float(p.unit.usd) for p in system.parameters}


def rescaled(setting: Experiment, k: float) -> Experiment:
    """Everything nominal multiplied by k to the power that its unit says."""
    powers = powers_of(setting.system)
    return replace(
        setting,
        opening=in_unit(setting.opening, powers, k),
        parameters=in_unit(setting.parameters, powers, k),
        exogenous=in_unit(setting.exogenous, powers, k),
        paths=in_unit(setting.paths, powers, k),
    )


@pytest.mark.parametrize("k", [1000.0, 1 / 7.25])
def test_t17_the_currency_unit_does_not_matter(k: float) -> None:
    """Nominal stocks, GDP and every parameter with dollars in its unit times k: rates are the same, amounts are k times as large."""
    setting = experiment(13)
    powers = powers_of(setting.system)
    plain, large = setting.run(), rescaled(setting, k).run()
    size = float(plain["gdp"][0]) * 1e-9
    for name in setting.system.unknowns:
        expected, found = plain[name][1:] * k ** powers[name], large[name][1:]
        slack = size * k ** powers[name] if powers[name] else 1e-10
        assert np.abs(found - expected).max() <= 1e-9 * np.abs(expected).max() + slack, name
    for name in ("sofr", "bill_rate", "yield_notes", "yield_bonds", "basis", "effr"):
        assert np.abs(large[name] - plain[name])[1:].max() < 1e-10, name


def test_t17_anchors_are_homogeneous() -> None:
    """Curves drawn through a rescaled opening have rescaled intercepts."""
    setting = quiet(1)
    powers = powers_of(setting.system)
    free = {n: v for n, v in setting.parameters.items() if n not in ANCHORED_PARAMETERS}
    given = dict(setting.opening) | {n: float(v[0]) for n, v in setting.exogenous.items()} | {"priced_move": 0.0}
    _, plain = anchor(given, free)
    _, large = anchor(in_unit(given, powers, 1000.0), in_unit(free, powers, 1000.0))
    for name in sorted(ANCHORED_PARAMETERS & set(plain)):
        assert large[name] == pytest.approx(plain[name] * 1000.0 ** powers.get(name, 0.0), rel=1e-12, abs=1e-15), name


def test_t17_a_forgotten_parameter_is_noticed() -> None:
    """The test can fail: one nominal parameter left in the old unit moves rates."""
    setting = quiet(2)
    large = rescaled(setting, 1000.0)
    broken = replace(large, parameters={**large.parameters, "curve_threshold": setting.parameters["curve_threshold"]})
    assert abs(broken.run()["sofr_iorb"][1] - setting.run()["sofr_iorb"][1]) > 1e-4


def lifted(setting: Experiment, c: float) -> Experiment:
    """All levels of interest rates up by c, coupons included so that every stock keeps its value."""
    opening = dict(setting.opening)
    for name in LEVELS:
        if name in opening:
            opening[name] += c
    for kind in ("notes", "bonds"):
        keys = [n.removesuffix("__coupon") for n in opening if n.startswith(f"{kind}__treasury__") and n.endswith("__coupon")]
        for key in keys:
            opening[f"{key}__coupon"] += c * opening[key]
        opening[f"{kind}__coupon"] += c * sum(opening[key] for key in keys)
    numbers = {n: setting.parameters[n] + c for n in ("r_star", "yield_bonds_opening", "hf_hurdle")}
    up = {n: (lambda before: before + c) for n in ("rate_lower", "rate_upper", "foreign_rate")}
    return replace(setting, opening=opening).changed(**numbers).given(**up)


SPREADS = ("sofr_iorb", "curve_spread", "core_spread", "floor_spread", "dealer_wedge", "basis")


@pytest.mark.parametrize("c", [0.001, 0.01])
def test_t18_a_shift_of_all_rates_leaves_spreads_at_impact(c: float) -> None:
    """What is left is one period's larger interest flows: it vanishes with the length of the period."""
    left = {}
    for clock in ("weekly", "daily"):
        setting = experiment(1, clock, "2025-12-31", False, False)
        plain, high = setting.run(), lifted(setting, c).run()
        spreads = {name: high[name][1] - plain[name][1] for name in SPREADS}
        spreads |= {f"{r} less iorb": high[r][1] - plain[r][1] - c for r in ("triparty_rate", "dvp_rate", "bill_rate", "effr")}
        left[clock] = {name: abs(change) / c for name, change in spreads.items()}
        assert max(left[clock].values()) < 0.003, left
        for kind in ("notes", "bonds"):
            p = setting.parameters
            gap = float(plain["policy_rate"][1]) - p["r_star"]

            def weight(r: float, a: float = p[f"a_{kind}"], speed: float = p["rate_reversion"]) -> float:
                return (a + r) / (a + r + speed)

            discounting = gap * (weight(p["r_star"] + c) - weight(p["r_star"]))
            rise = high[f"yield_{kind}"][1] - plain[f"yield_{kind}"][1]
            assert rise == pytest.approx(c + discounting, abs=2e-4 * c), kind
    assert max(left["daily"].values()) < 0.4 * max(left["weekly"].values()), left


def surprise(setting: Experiment, share: float) -> Experiment:
    """Coupons in place of bills, a share of GDP in the first week."""
    amount = share * float(setting.opening["gdp"]) / float(setting.exogenous["dt"][1])
    return setting.pulse("coupon_surprise", amount, 1, 1)


def measured_gamma(setting: Experiment) -> float:
    """Rise of the lasting bond premium per unit of 10-year equivalents over GDP half a year after a surprise of one per cent of GDP."""
    plain, more = setting.run(), surprise(setting, 0.01).run()
    premium = (more["term_premium"] - more["flow_premium"]) - (plain["term_premium"] - plain["flow_premium"])
    supply = more["duration_supply"] - plain["duration_supply"]
    return float(premium[-1] / supply[-1])


def test_t19_gamma_does_not_depend_on_the_currency_unit() -> None:
    setting = quiet(26)
    assert {p.name: p.unit.usd for p in setting.system.parameters}["gamma"] == 0
    plain = measured_gamma(setting)
    assert measured_gamma(rescaled(setting, 1000.0)) == pytest.approx(plain, rel=1e-7)
    assert plain == pytest.approx(setting.parameters["gamma"], rel=0.15)


def test_t19_market_yields_follow_the_duration_supply_rule_within_two_basis_points() -> None:
    setting = quiet(52)
    plain = setting.run()
    for share in (0.005, 0.01, 0.02, -0.01):
        more = surprise(setting, share).run()
        market = more["term_premium"] - plain["term_premium"]
        rule = more["term_premium_diagnostic"] - plain["term_premium_diagnostic"]
        assert np.abs(market - rule)[1:].max() < 2e-4 * max(1.0, abs(share) / 0.01), share


def renamed(name: str, names: Mapping[str, str]) -> str:
    """A variable's name with its sectors renamed."""
    return "__".join(names.get(part, part) for part in name.split("__"))


def relabelled(system: System, names: Mapping[str, str]) -> System:
    """The same economy under other names, its equations in another order."""
    table: dict[sp.Symbol, sp.Symbol] = {}
    for symbol in system.symbols:
        if isinstance(symbol, Variable):
            table[symbol] = Variable(renamed(symbol.base, names), symbol.unit, symbol.description, symbol.time)

    def swap(expression: sp.Expr) -> sp.Expr:
        return sp.sympify(expression).xreplace(table)

    def equation(e: Equation) -> Equation:
        parts: dict[str, Any] = {"left": swap(e.left), "right": swap(e.right), "name": f"{hash_free(e.name)}_{e.name}"}
        if isinstance(e, Complementarity):
            parts |= {"lower": swap(e.lower), "upper": None if e.upper is None else swap(e.upper)}
            parts |= {"slack": swap(e.slack), "scale": swap(e.scale)}
        return replace(e, **parts)

    assert system.chart is not None
    chart = Chart(
        tuple(replace(s, name=names[s.name]) for s in system.chart.sectors),
        tuple(
            replace(
                i,
                cells=tuple((names[a], names[b]) for a, b in i.cells),
                rates=tuple(((names[a], names[b]), rate) for (a, b), rate in i.rates),
            )
            for i in system.chart.instruments
        ),
        tuple(replace(f, payer=names[f.payer], payee=names[f.payee]) for f in system.chart.flows),
        system.chart.period,
    )
    equations = [equation(e) for e in system.equations]
    random.Random(20).shuffle(equations)
    hidden = tuple(replace(h, expression=swap(h.expression)) for h in system.hidden)
    exogenous = tuple(Variable(renamed(v.base, names), v.unit, v.description) for v in system.exogenous)
    return System("relabelled", tuple(equations), exogenous, hidden, chart)


def hash_free(text: str) -> int:
    """A number that scrambles the alphabetical order of names, the same in every process."""
    return sum(ord(c) * (i + 7) ** 3 for i, c in enumerate(text)) % 997


def graph_of(path: Path, period: int) -> nx.MultiDiGraph[str]:
    """Holdings above a billion as a graph."""
    assert path.system.chart is not None
    graph = holdings_graph(path.system.chart, path.row(period))
    small = [(u, v, k) for u, v, k, d in graph.edges(keys=True, data=True) if abs(d["value"]) <= 1.0]
    graph.remove_edges_from(small)
    return graph


def test_t20_names_of_sectors_and_the_order_of_equations_do_not_matter() -> None:
    names = {old: f"agent_{new}" for old, new in zip(SECTORS, ("h", "c", "a", "g", "b", "e", "d", "f"), strict=True)}
    setting = quiet(4)
    other = replace(
        setting,
        system=relabelled(economy(), names),
        opening={renamed(n, names): v for n, v in setting.opening.items()},
        exogenous={renamed(n, names): v for n, v in setting.exogenous.items()},
    )
    plain, twin = setting.run(), other.run()
    for name in setting.system.unknowns:
        first, second = plain[name][1:], twin[renamed(name, names)][1:]
        assert np.abs(first - second).max() <= 1e-9 * max(1.0, float(np.abs(first).max())), name
    left, right = graph_of(plain, 4), graph_of(twin, 4)
    same_size = numerical_multiedge_match("value", 0.0, rtol=1e-6)
    matcher = nx.algorithms.isomorphism.MultiDiGraphMatcher(left, right, edge_match=same_size)
    assert matcher.is_isomorphic()
    assert matcher.mapping == names
