"""Shocks and what-ifs for generated institutions: read from TOML, turned into paths of what is given from outside."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from calibration.institutions.generate import Plan
from calibration.tables import DataError

Floats = NDArray[np.float64]
WHERE = "calibration/institutions/shocks.toml"


class Shock(BaseModel):
    """What happens to the institutions.

    Parameters
    ----------
    start, weeks
        First week, and number of weeks over which the rises build up and sales last.
    yield_rise, basis_rise
        Per year, permanent once built up.
    haircut_rise
        Points of haircut.
    official_sales
        USD bn a week.
    fund_loss, funds_hit
        What the largest funds, so many, lose elsewhere than on Treasuries over the weeks, in multiples of their opening equity.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    story: str
    source: str = ""
    start: Annotated[int, Field(ge=1)] = 3
    weeks: Annotated[int, Field(ge=1)] = 1
    yield_rise: Annotated[float, Field(ge=-0.05, le=0.2)] = 0.0
    haircut_rise: Annotated[float, Field(ge=-0.5, le=0.5)] = 0.0
    basis_rise: Annotated[float, Field(ge=-0.1, le=0.1)] = 0.0
    official_sales: Annotated[float, Field(ge=0.0, le=500.0)] = 0.0
    fund_loss: Annotated[float, Field(ge=0.0, le=10.0)] = 0.0
    funds_hit: Annotated[int, Field(ge=0)] = 0


class WhatIf(BaseModel):
    """What differs from the run that it is compared with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    changed: dict[str, float] = Field(default_factory=dict)
    cleared: bool = False
    proportional: bool = False
    fed_purchases: Annotated[float, Field(ge=0.0, le=500.0)] = 0.0
    purchase_start: Annotated[int, Field(ge=1)] = 1
    purchase_weeks: Annotated[int, Field(ge=0)] = 0

    def plan(self, plan: Plan) -> Plan:
        """The plan with the what-if's institutions."""
        merged = {**dict(plan.changed), **self.changed}
        return replace(
            plan,
            changed=tuple(sorted(merged.items())),
            cleared=self.cleared or plan.cleared,
            proportional=self.proportional or plan.proportional,
        )


@cache
def _file() -> tuple[dict[str, Shock], dict[str, WhatIf]]:
    text = resources.files("calibration").joinpath("institutions", "shocks.toml").read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
        shocks = {name: Shock.model_validate(entry) for name, entry in content["shock"].items()}
        return shocks, {name: WhatIf.model_validate(entry) for name, entry in content["what_if"].items()}
    except (tomllib.TOMLDecodeError, ValidationError, KeyError) as error:
        raise DataError(f"{WHERE}: {error}") from error


def shocks() -> dict[str, Shock]:
    """The shocks by name."""
    return _file()[0]


def what_ifs() -> dict[str, WhatIf]:
    """The what-ifs by name."""
    return _file()[1]


def given_paths(
    rates: Mapping[str, float], shock: Shock, periods: int, what_if: WhatIf | None = None, equity: Floats | None = None
) -> dict[str, float | Floats]:
    """Paths of everything given from outside.

    Parameters
    ----------
    rates
        Values at the opening by name.
    shock, what_if
        What happens, and what differs.
    periods
        Weeks.
    equity
        Of each hedge fund at the opening, USD bn; needed where the shock hits single funds.

    Returns
    -------
    Numbers, or arrays of shape (periods + 1,), for what differs between funds (periods + 1, funds).
    """
    week = np.arange(periods + 1)
    built: Floats = np.clip((week - shock.start + 1) / shock.weeks, 0.0, 1.0).astype(np.float64)
    lasting = (week >= shock.start) & (week < shock.start + shock.weeks)
    given: dict[str, float | Floats] = dict(rates)
    for kind in ("notes", "bonds"):
        name = f"required_yield_{kind}"
        given[name] = rates[name] + shock.yield_rise * built
    given["haircut_rise"] = shock.haircut_rise * built
    given["futures_basis"] = rates["futures_basis"] + shock.basis_rise * built
    given["official_sales"] = np.where(lasting, shock.official_sales, 0.0)
    if equity is not None and shock.funds_hit:
        hit = np.zeros(len(equity))
        hit[np.argsort(-equity, kind="stable")[: shock.funds_hit]] = shock.fund_loss / shock.weeks
        given["hf_own_loss"] = np.outer(lasting, hit * equity)
    if what_if is not None and what_if.fed_purchases:
        buying = (week >= what_if.purchase_start) & (week < what_if.purchase_start + what_if.purchase_weeks)
        given["fed_purchases"] = np.where(buying, what_if.fed_purchases, 0.0)
    return given
