"""The calibrated opening split among generated institutions: Pareto sizes, sparse links, every sum that of the dollar system."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from calibration.institutions.links import Weights, draw_links
from calibration.institutions.parameters import size_parameters
from calibration.parameters import load_parameters
from calibration.state import opening_state
from calibration.tables import DataError
from equations.accounts import BANKS, HF, MMF
from equations.cells import cell
from equations.institutions.accounts import CHART
from equations.institutions.system import generated_economy
from model.language.accounts import Cell, Valuation, value
from model.members.lifting import Lifted
from model.members.population import Links, Population

Floats = NDArray[np.float64]
WEEK = 1 / 52
LARGEST = 5000
"""Members of a sector that are generated at most."""


@dataclass(frozen=True)
class Plan:
    """What to generate.

    Parameters
    ----------
    banks, money_funds, hedge_funds
        Number of members, 1 to 5,000.
    seed
        Of the random numbers: the same seed gives the same economy.
    day
        The opening.
    proportional
        Members differ in size only: same portfolio shares, ratios and partners, so that the economy aggregates exactly.
    equal
        Members have one size.
    cleared
        Every fund's repo is spread over all banks in proportion to size, as if novated to a clearing house whose members share losses.
    changed
        Values over those of ``calibration/institutions/sizes.toml``.
    """

    banks: int = 100
    money_funds: int = 60
    hedge_funds: int = 120
    seed: int = 1
    day: date = date(2025, 10, 29)
    proportional: bool = False
    equal: bool = False
    cleared: bool = False
    changed: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("banks", "money_funds", "hedge_funds"):
            if not 1 <= getattr(self, name) <= LARGEST:
                raise DataError(f"{name} is {getattr(self, name)}; allowed: 1 to {LARGEST}")
        if self.seed < 0:
            raise DataError(f"the seed is {self.seed}; allowed: 0 and above")


@dataclass(frozen=True)
class Generated:
    """A generated economy, ready to be solved.

    Parameters
    ----------
    plan
        What was asked for.
    lifted
        Equations, members and links.
    opening, parameters, rates
        Period 0, parameters and constant given variables, by name; vectors run over the variable's axis. USD bn, decimals per year.
    """

    plan: Plan
    lifted: Lifted
    opening: Mapping[str, float | Floats]
    parameters: Mapping[str, float | Floats]
    rates: Mapping[str, float]


def pareto_shares(rng: np.random.Generator, members: int, tail: float, equal: bool) -> Floats:
    """Shares in a total, largest first: quantiles of a Pareto distribution, one drawn from each of equally likely classes."""
    if equal or members == 1:
        return np.full(members, 1.0 / members)
    sizes = ((np.arange(members) + rng.uniform(0.25, 0.75, members)) / members) ** (-1.0 / tail)
    return np.asarray(sizes / sizes.sum())


class _Draw:
    """Random splits of totals among members."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.set = plan, size_parameters(dict(plan.changed))

    def stream(self, what: str) -> np.random.Generator:
        """Random numbers of one purpose, so that a change in one part of the economy leaves the draws of all others."""
        return np.random.default_rng([self.plan.seed, zlib.crc32(what.encode())])

    def sizes(self, members: int, tail: str) -> Floats:
        return pareto_shares(self.stream(tail), members, self.set[tail], self.plan.equal)

    def normal(self, what: str, dispersion: str, count: int) -> Floats:
        """Lognormal tilts; ones where members differ in size only."""
        spread = 0.0 if self.plan.proportional else self.set[dispersion]
        return np.asarray(np.exp(spread * self.stream(what).standard_normal(count)))

    def split(self, what: str, shares: Floats, dispersion: str = "mix_dispersion") -> Floats:
        """Shares tilted at random, summing to one."""
        tilted = shares * self.normal(what, dispersion, len(shares))
        return np.asarray(tilted / tilted.sum())

    def uniform(self, what: str, low: str, high: str, count: int) -> Floats:
        least, most = self.set[low], self.set[high]
        if least > most:
            raise DataError(f"{low} is {least:g} and {high} is {most:g}: the first must not be larger")
        return np.full(count, (least + most) / 2) if self.plan.proportional else self.stream(what).uniform(least, most, count)

    def links(self, what: str, amounts: Floats, sizes: Floats, partners: str, complete: bool = False) -> Weights:
        every = complete or self.plan.proportional
        return draw_links(self.stream(what), amounts, sizes, int(self.set[partners]), self.set["link_dispersion"], every)


@lru_cache(maxsize=4)
def _opening(day: date) -> Mapping[str, float]:
    return opening_state(day, WEEK)


def generate(plan: Plan) -> Generated:
    """The generated economy of a plan.

    Raises
    ------
    DataError
        No balance sheets of that day, a parameter out of bounds, or dispersions with which a bank cannot balance its sheet.

    Examples
    --------
    >>> small = generate(Plan(2, 2, 2))
    >>> round(float(small.opening["notes__treasury__banks"].sum()), 1)
    1696.8
    """
    total = _opening(plan.day)
    draw = _Draw(plan)
    book = _Book(plan, total)
    hedge_funds(draw, book)
    money_funds(draw, book)
    banks(draw, book)
    book.rest()
    lifted = generated_economy(Population(CHART, book.counts, book.network))
    return Generated(plan, lifted, book.opening, book.parameters, book.rates())


class _Book:
    """The opening as it is put together."""

    def __init__(self, plan: Plan, total: Mapping[str, float]) -> None:
        self.total = total
        self.counts = {BANKS: plan.banks, MMF: plan.money_funds, HF: plan.hedge_funds}
        self.opening: dict[str, float | Floats] = {}
        self.network: dict[str, Links] = {}
        self.parameters: dict[str, float | Floats] = {
            name: number
            for name, number in size_parameters(dict(plan.changed)).items()
            if name.startswith(
                ("repo_haircut_", "futures_", "margin_call", "price_impact", "impact_", "note_share", "collateral_", "bail_in", "mmf_run")
            )
        }
        known = load_parameters()
        self.parameters |= {name: known[name] for name in ("a_notes", "a_bonds")} | {"bank_running_costs": known["bank_opex"]}

    def place(self, where: Cell, vector: Floats) -> None:
        """A cell's values; a coupon cell's face and annual coupon in the same proportion."""
        key = value(where).base
        self.opening[key] = vector
        if CHART.instrument(where.instrument).valuation is Valuation.COUPON:
            for part in ("__face", "__coupon"):
                self.opening[key + part] = vector * (self.total[key + part] / self.total[key])

    def link(self, where: Cell, weights: Weights, amounts: Floats, lender: bool) -> Floats:
        """A cell between two sectors with members: each amount by its weights; returns the other side's sums."""
        vector = amounts[weights.one] * weights.share
        issuer, holder = (weights.other, weights.one) if lender else (weights.one, weights.other)
        self.network[where.key] = Links(issuer, holder)
        self.place(where, vector)
        return np.bincount(weights.other, vector, minlength=self.counts[where.issuer if lender else where.holder]).astype(np.float64)

    def sum_of(self, sector: str, held: bool) -> Floats:
        """Sum of a sector's cells placed so far, as holder or as issuer, per member; links are added by the caller."""
        count = self.counts[sector]
        result = np.zeros(count)
        for c in CHART.cells():
            mine, other = (c.holder, c.issuer) if held else (c.issuer, c.holder)
            if mine == sector and value(c).base in self.opening and self.counts.get(other, 1) == 1:
                result += np.asarray(self.opening[value(c).base])
        return result

    def rest(self) -> None:
        """Cells without members, and the states of behaviour."""
        for c in CHART.cells():
            if value(c).base not in self.opening:
                self.place(c, np.array([self.total[value(c).base]]))
        states = ("hf_failed", "bank_failed", "absorbed_notes", "absorbed_bonds", "mmf_loss_rate")
        self.opening |= dict.fromkeys((*states, "bank_collateral_notes", "bank_collateral_bonds"), 0.0)
        self.opening |= {name: self.total[name] for name in ("yield_notes", "yield_bonds")}
        self.opening |= {item.name: self.total[item.name] for item in CHART.instruments}
        self.opening |= {f"{k}__{part}": self.total[f"{k}__{part}"] for k in ("notes", "bonds") for part in ("face", "coupon")}

    def rates(self) -> dict[str, float]:
        """Given variables at their opening values, without any shock; a rate that no opening gives is zero."""
        items = CHART.instruments
        paid = {i.rate.base for i in items if i.rate is not None} | {r.base for i in items for _, r in i.rates}
        shocks = dict.fromkeys(("haircut_rise", "futures_basis", "hf_own_loss", "fed_purchases", "official_sales"), 0.0)
        required = {f"required_{name}": self.total[name] for name in ("yield_notes", "yield_bonds")}
        return {"dt": WEEK, **{name: self.total.get(name, 0.0) for name in sorted(paid)}, **shocks, **required}


def _ratios(tilts: Floats, sizes: Floats, total: float, lowest: float, highest: float) -> Floats:
    """Ratios in proportion to the tilts, kept within bounds as far as the total of ratio times size allows."""
    ratios = tilts
    for _ in range(200):
        ratios = np.clip(ratios * (total / (ratios @ sizes)), lowest, highest)
    return np.asarray(ratios * (total / (ratios @ sizes)))


def hedge_funds(draw: _Draw, book: _Book) -> None:
    """Books, equity, cash, haircuts, buffers and hedges of hedge funds, and where they borrow and bank."""
    total, values = book.total, draw.set
    sizes = draw.sizes(book.counts[HF], "hf_tail")
    bank_sizes = draw.sizes(book.counts[BANKS], "bank_tail")
    held = {}
    for kind in ("notes", "bonds"):
        where = cell(kind, HF)
        held[kind] = draw.split(where.key, sizes) * total[where.key]
        book.place(where, held[kind])
    position = held["notes"] + held["bonds"]
    equity_total, margin = total["hedge_fund_equity"], values["futures_margin"]
    lowest, highest = 1.4 * margin, 0.8
    ratio = _ratios(draw.normal("leverage", "leverage_dispersion", len(sizes)), position, equity_total, lowest, highest)
    equity = ratio * position
    book.place(cell("hedge_fund_equity", "private"), equity)
    cash = draw.split("cash", position) * total["deposits__banks__hedge_funds"]
    deposit_links = draw.links("fund deposits", cash, bank_sizes, "deposit_banks")
    book.link(cell("deposits", HF), deposit_links, cash, lender=True)
    repo = position + cash - equity
    repo_links = draw.links("fund repo", repo, bank_sizes, "lenders_per_fund", complete=draw.plan.cleared)
    book.link(cell("repo_dvp", BANKS, HF), repo_links, repo, lender=False)
    charged = draw.stream("haircuts").uniform(size=len(sizes)) > values["zero_haircut_share"]
    base = np.where(charged, values["haircut_otherwise"], 0.0)
    if draw.plan.proportional:
        base = np.full(len(sizes), (1 - values["zero_haircut_share"]) * values["haircut_otherwise"])
    strictness = draw.normal("strictness", "strictness_dispersion", len(bank_sizes))
    haircut = base[repo_links.one] * strictness[repo_links.other]
    room = ratio * (1 - draw.uniform("slack", "slack_low", "slack_high", len(sizes))) - margin
    average = np.bincount(repo_links.one, repo_links.share * haircut, minlength=len(sizes))
    fits = np.minimum(1.0, np.divide(np.maximum(room, 0.0), average, out=np.ones(len(sizes)), where=average > 0))
    haircut = haircut * fits[repo_links.one]
    book.parameters |= {
        "repo_haircut_normal": haircut,
        "repo_weight": repo_links.share,
        "hf_deposit_weight": deposit_links.share,
        "hf_own_buffer": np.maximum(room - average * fits, 0.0),
        "hf_hedge": draw.uniform("hedge", "hedge_low", "hedge_high", len(sizes)),
        "hf_cash_share": cash / position,
    }
    book.opening["hf_book"] = position
    book.parameters["bank_sizes"] = bank_sizes


def money_funds(draw: _Draw, book: _Book) -> None:
    """Portfolios and shares of money funds, and the dealers that they lend to."""
    total = book.total
    sizes = draw.sizes(book.counts[MMF], "mmf_tail")
    bank_sizes = np.asarray(book.parameters["bank_sizes"])
    assets = np.zeros(len(sizes))
    for c in CHART.cells():
        if c.holder == MMF:
            amounts = draw.split(c.key, sizes) * total[c.key]
            assets += amounts
            if c.issuer != BANKS:
                book.place(c, amounts)
                continue
            partners = "dealers_per_mmf" if c.instrument == "repo_triparty" else "deposit_banks"
            weights = draw.links(c.key, amounts, bank_sizes, partners)
            book.link(c, weights, amounts, lender=True)
            if c.instrument == "repo_triparty":
                book.parameters["triparty_weight"] = weights.share
    for holder in ("rest_of_world", "private"):
        c = cell("mmf_shares", holder)
        book.place(c, assets * (total[c.key] / total["mmf_shares"]))


def banks(draw: _Draw, book: _Book) -> None:
    """Balance sheets of banks: assets by size, capital by ratio, residents' deposits fund the rest."""
    total, count = book.total, book.counts[BANKS]
    sizes = np.asarray(book.parameters.pop("bank_sizes"))
    assets, debts = np.zeros(count), np.zeros(count)
    for c in CHART.cells():
        if value(c).base in book.opening and BANKS in (c.issuer, c.holder):
            vector, key = np.asarray(book.opening[value(c).base]), c.key
            side = book.network[key].holder if c.holder == BANKS else book.network[key].issuer
            sums = np.bincount(side, vector, minlength=count)
            assets, debts = (assets + sums, debts) if c.holder == BANKS else (assets, debts + sums)
        elif c.holder == BANKS or (c.issuer == BANKS and c.instrument != "bank_equity" and c.holder != "private"):
            vector = draw.split(c.key, sizes) * total[c.key]
            book.place(c, vector)
            assets, debts = (assets + vector, debts) if c.holder == BANKS else (assets, debts + vector)
    triparty = cell("repo_triparty", "private")
    book.place(triparty, draw.split(triparty.key, sizes) * total[triparty.key])
    debts = debts + np.asarray(book.opening[triparty.key])
    equity = _ratios(draw.normal("bank capital", "capital_dispersion", count), assets, total["bank_equity"], 0.01, 0.3) * assets
    for holder in ("rest_of_world", "private"):
        c = cell("bank_equity", holder)
        book.place(c, equity * (total[c.key] / total["bank_equity"]))
    deposits = assets - debts - equity
    if deposits.min() <= 0:
        worst = int(deposits.argmin()) + 1
        raise DataError(
            f"bank {worst} of {count} would owe more to money funds and others than it owns (deposits {deposits.min():.2f} bn); "
            "use another seed, more partners (dealers_per_mmf) or less dispersion (link_dispersion, capital_dispersion)"
        )
    book.place(cell("deposits", "private"), deposits)
    reserves = np.asarray(book.opening[cell("reserves", BANKS).key])
    ratio = equity / assets
    book.parameters |= {
        "reserves_weight": reserves / reserves.sum(),
        "bank_alarm": draw.set["alarm_ratio"] * ratio,
        "bank_assets_opening": assets,
    }
    dealt = cell("repo_triparty", MMF)
    link = book.network[dealt.key]
    lent = np.bincount(link.issuer, np.asarray(book.opening[dealt.key]), minlength=count)
    book.opening |= {"bank_ratio": ratio, "bank_triparty": lent + np.asarray(book.opening[triparty.key])}
