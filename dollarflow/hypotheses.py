"""Rival hypotheses that a scenario switches on by name, and the order of administered rates that all of them share.

``[switch] herding = true`` is short for the parameter values below; a value under ``[parameters]`` goes before a switch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from model.compiler.program import Floats
from model.language.clocks import Grid
from model.periods.inputs import InputError
from model.scenarios.scenario import Scenario
from model.scenarios.shocks import Drivers

HYPOTHESES: dict[str, tuple[str, dict[str, float]]] = {
    "herding": ("private buyers follow the Fed's purchases", {"herding": 0.05}),
    "cleared_srf": ("the standing repo facility is centrally cleared", {"srf_cleared": 1.0}),
    "one_segment": ("tri-party and DVP repo are one market without a wedge", {"one_segment": 1.0}),
    "ratchet": ("reserve demand rises with purchases and returns slowly", {"ratchet": 0.3}),
    "partial_remittance": ("94 % of the Fed's profit is remitted, the rest kept", {"remittance_share": 0.94}),
}
CORRIDOR = "corridor"
ANNOUNCED_PATH = "announced_path"
OTHER_SWITCHES = (CORRIDOR, ANNOUNCED_PATH)
RATES = ("rate_lower", "rate_upper", "iorb_gap", "rrp_gap", "srf_gap", "add__iorb", "add__on_rrp_rate", "add__srf_rate")
ROUNDING = 1e-12


def assumed(scenario: Scenario | None) -> dict[str, float]:
    """Parameter values of the hypotheses that a scenario switches on."""
    on = [] if scenario is None else [name for name, value in scenario.switch if value is True and name in HYPOTHESES]
    return {key: value for name in on for key, value in HYPOTHESES[name][1].items()}


def check_corridor(scenario: Scenario, drivers: Drivers, dates: Sequence[date]) -> None:
    """Refuses administered rates out of order, unless ``[switch] corridor = false`` allows them.

    Raises
    ------
    BadFile
        A shock of the scenario puts the ON RRP rate above IORB or IORB above the SRF rate; with its line.
    InputError
        The same from anywhere else.
    """
    given = drivers.exogenous
    if dict(scenario.switch).get(CORRIDOR) is False or not {"rate_lower", "rate_upper"} <= set(given):
        return
    zero = np.zeros(len(dates))
    of = {name: given.get(name, zero) for name in RATES}
    iorb = of["rate_lower"] + of["iorb_gap"] + of["add__iorb"]
    floor = of["rate_lower"] + of["rrp_gap"] + of["add__on_rrp_rate"]
    ceiling = of["rate_upper"] + of["srf_gap"] + of["add__srf_rate"]
    for low, high, words in ((floor, iorb, "the ON RRP rate above IORB"), (iorb, ceiling, "IORB above the SRF rate")):
        wrong = np.flatnonzero(low[1:] > high[1:] + ROUNDING)
        if len(wrong):
            message = f"puts {words} on {dates[int(wrong[0]) + 1]}; allow that with [switch] corridor = false"
            guilty = [number for number, shock in enumerate(scenario.shock) if shock.variable in RATES]
            if guilty:
                raise scenario.places.refuse(("shock", guilty[-1]), message)
            raise InputError(f"the given path of policy rates {message}")


def corridor_bounds(scenario: Scenario, given: Mapping[str, Floats], name: str) -> tuple[Floats | float, Floats | float]:
    """Lowest and highest path of one given rate with which administered rates keep their order, all others as they are given."""
    free = (-np.inf, np.inf)
    if (
        name not in RATES
        or name not in given
        or dict(scenario.switch).get(CORRIDOR) is False
        or not {"rate_lower", "rate_upper"} <= set(given)
    ):
        return free
    of = {rate: given.get(rate, np.zeros(len(given[name]))) for rate in RATES}
    above_floor = of["iorb_gap"] + of["add__iorb"] - of["rrp_gap"] - of["add__on_rrp_rate"]
    below_ceiling = of["rate_upper"] + of["srf_gap"] + of["add__srf_rate"] - of["rate_lower"] - of["iorb_gap"] - of["add__iorb"]
    low, high = free
    if name in ("iorb_gap", "add__iorb"):
        return of[name] - above_floor, of[name] + below_ceiling
    if name in ("rrp_gap", "add__on_rrp_rate"):
        return low, of[name] + above_floor
    return (low, of[name] + below_ceiling) if name == "rate_lower" else (of[name] - below_ceiling, high)


def foresee_policy(scenario: Scenario, drivers: Drivers, grid: Grid) -> Drivers:
    """The drivers with expectations that follow the dated path of the policy rate, where the scenario says so.

    A class's expected rate is then the decay-weighted mean of the path to come, ``E = w·r + (1 - w)·E(+1)`` with
    ``w = 1 - exp(-(a + r̂*)·dt)``, and the mean-reverting rule after the last period. The difference from that rule
    enters as the exogenous ``foreseen_notes`` and ``foreseen_bonds``; of a path that is known nothing is left to learn.
    """
    if dict(scenario.switch).get(ANNOUNCED_PATH) is not True:
        return drivers
    rate = (drivers.exogenous["rate_lower"] + drivers.exogenous["rate_upper"]) / 2
    star, reversion = drivers.parameters["r_star"], drivers.parameters["rate_reversion"]
    paths = dict(drivers.exogenous)
    for kind in ("notes", "bonds"):
        decay = drivers.parameters[f"a_{kind}"] + star
        rule = star + (rate - star) * decay / (decay + reversion)
        expected = rule.copy()
        for period in range(len(rate) - 2, -1, -1):
            weight = 1.0 - np.exp(-decay * grid.lengths[period])
            expected[period] = weight * rate[period] + (1.0 - weight) * expected[period + 1]
        expected[0] = rule[0]
        paths[f"foreseen_{kind}"] = paths.get(f"foreseen_{kind}", np.zeros(len(rate))) + expected - rule
    return replace(drivers, exogenous=paths, parameters={**drivers.parameters, "rate_learning": 0.0})
