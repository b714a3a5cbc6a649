"""Small systems that several tests share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from model.language.equation import Equation, Hidden
from model.language.symbols import Parameter, Variable
from model.language.system import System


def variables(names: str) -> list[Variable]:
    return [Variable(n) for n in names.split()]


def equation(left: Variable, right: Any) -> Equation:
    return Equation(left.base, left, sp.sympify(right), kind="definition")


def implicit(name: str, left: Any, right: Any = 0) -> Equation:
    return Equation(name, sp.sympify(left), sp.sympify(right), kind="definition")


def system(*equations: Equation, exogenous: Sequence[Variable] = (), hidden: Sequence[Hidden] = ()) -> System:
    return System("test", tuple(equations), tuple(exogenous), tuple(hidden))


def sim() -> System:
    """The simplest model with government money (Godley and Lavoie 2007, chapter 3)."""
    y, t, yd, c, h, hs, g = variables("Y T YD C H Hs G")
    theta, a1, a2 = (Parameter(n) for n in ("theta", "alpha1", "alpha2"))
    return system(
        equation(y, c + g),
        equation(t, theta * y),
        equation(yd, y - t),
        equation(c, a1 * yd + a2 * h(-1)),
        equation(h, h(-1) + yd - c),
        equation(hs, hs(-1) + g - t),
        exogenous=[g],
        hidden=[Hidden("money", hs - h)],
    )


SIM_PARAMETERS = {"theta": 0.2, "alpha1": 0.6, "alpha2": 0.4}


def bmw() -> System:
    """Bank money and wages (Godley and Lavoie 2007, chapter 7)."""
    names = "Cs Cd Is Id Ns Nd Ld Ls Y WBd WBs AF DA YD Mh Ms K KT W rl rm"
    cs, cd, i_s, i_d, ns, nd, ld, ls, y, wbd, wbs, af, da, yd, mh, ms, k, kt, w, rl, rm = variables(names)
    a0, a1, a2, delta, gamma, kappa, pr, rate = (Parameter(n) for n in ["a0", "a1", "a2", "delta", "gamma", "kappa", "pr", "rate"])
    return system(
        equation(cs, cd),
        equation(i_s, i_d),
        equation(ns, nd),
        equation(ls, ls(-1) + ld - ld(-1)),
        equation(y, cs + i_s),
        equation(wbd, y - rl(-1) * ld(-1) - af),
        equation(af, delta * k(-1)),
        equation(ld, ld(-1) + i_d - af),
        equation(yd, wbs + rm(-1) * mh(-1)),
        equation(mh, mh(-1) + yd - cd),
        equation(ms, ms(-1) + ls - ls(-1)),
        equation(rm, rl),
        equation(wbs, w * ns),
        equation(nd, y / pr),
        equation(w, wbd / nd),
        equation(cd, a0 + a1 * yd + a2 * mh(-1)),
        equation(k, k(-1) + i_d - da),
        equation(da, delta * k(-1)),
        equation(kt, kappa * y(-1)),
        equation(i_d, gamma * (kt - k(-1)) + da),
        equation(rl, rate),
        hidden=[Hidden("money", ms - mh)],
    )


BMW_PARAMETERS = {"a0": 25.0, "a1": 0.75, "a2": 0.1, "delta": 0.1, "gamma": 0.15, "kappa": 1.0, "pr": 1.0, "rate": 0.04}
BMW_OPENING = dict.fromkeys(("K", "Ld", "Ls", "Mh", "Ms", "Y", "rl", "rm"), 0.0)
