"""What the network says at the opening and at the worst week: counterparties, concentration, clearing, spectral radius, DebtRank."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.institutions.run import Run
from equations.accounts import BANKS, HF
from equations.institutions.accounts import SEVERAL
from model.contagion import Obligations, clear, debt_rank, exposures, leverage_matrix, spectral_radius

Floats = NDArray[np.float64]
PRICE_FALLS = (0.02, 0.05, 0.1, 0.3)
"""Falls of Treasury prices at which the network of the opening is cleared."""
LOSS_GIVEN_DEFAULT = 0.2
"""Part of a claim that DebtRank takes as lost when the debtor's capital is gone: most claims are secured. An assumption."""


def treasuries(run: Run, week: int) -> Floats:
    """Each institution's notes and bonds at market, USD bn, in the order of the network."""
    held = []
    for sector in SEVERAL:
        count = run.path.lifted.population.size(sector)
        names = [f"{kind}__treasury__{sector}" for kind in ("notes", "bonds")]
        known = [run.path[name][week] for name in names if name in run.path.values]
        held.append(np.sum(known, axis=0) if known else np.zeros(count))
    return np.concatenate(held)


def worst_week(run: Run) -> int:
    """The week in which most capital of banks and funds is gone."""
    capital = run.sum("bank_equity") + run.sum("hedge_fund_equity")
    return int(np.argmin(capital))


def sector_table(run: Run, network: Obligations) -> list[dict[str, Any]]:
    """Sizes and concentration of each sector of institutions."""
    seen = exposures(network)
    rows = []
    for sector in SEVERAL:
        mine = np.array([s == sector for s in network.sectors])
        assets = (network.outside_assets + network.claims)[mine]
        capital = network.capital[mine]
        share = assets / assets.sum()
        leverage = np.divide(assets, capital, out=np.full(len(assets), np.nan), where=capital > 1e-9 * assets)
        finite = seen.largest[mine][np.isfinite(seen.largest[mine])]
        rows.append(
            {
                "sector": sector,
                "members": int(mine.sum()),
                "assets": float(assets.sum()),
                "capital": float(capital.sum()),
                "largest_share": float(share.max()),
                "herfindahl": float(share @ share),
                "median_leverage": float(np.nanmedian(leverage)),
                "highest_leverage": float(np.nanmax(leverage)),
                "debtors": float(seen.debtors[mine].mean()),
                "most_debtors": int(seen.debtors[mine].max()),
                "creditors": float(seen.creditors[mine].mean()),
                "most_creditors": int(seen.creditors[mine].max()),
                "claims_concentration": float(seen.concentration[mine].mean()),
                "largest_claim_over_capital": float(finite.max(initial=0.0)),
            }
        )
    return rows


def clearing_table(run: Run) -> list[dict[str, Any]]:
    """The opening's network cleared after falls of Treasury prices."""
    network, held = run.network(0), treasuries(run, 0)
    rows = []
    for fall in PRICE_FALLS:
        left = np.maximum(network.outside_assets - fall * held, 0.0)
        cleared = clear(network, left)
        rank = debt_rank(network, network.outside_assets - left, LOSS_GIVEN_DEFAULT)
        by_sector = {
            s: int(sum(d for d, kind in zip(cleared.defaulted.tolist(), network.sectors, strict=True) if kind == s)) for s in SEVERAL
        }
        rows.append(
            {
                "price_fall": fall,
                "defaults": by_sector,
                "first_round": int((cleared.rounds == 1).sum()),
                "rounds": int(cleared.rounds.max(initial=0)),
                "unpaid": cleared.shortfall,
                "unpaid_outside": cleared.outside_loss,
                "capital_lost_at_first": rank.first,
                "capital_lost_in_the_end": rank.total,
            }
        )
    return rows


def bank_losses(run: Run) -> tuple[Floats, Floats]:
    """What each bank wrote off on funds, USD bn, and its opening capital."""
    path, people = run.path, run.path.lifted.population
    cell = people.by_key["repo_dvp__hedge_funds__banks"]
    lost = -np.nansum(path[f"{cell.key}__rv"], axis=0)
    count = people.size(BANKS)
    sums = np.bincount(people.side(cell, "holder"), lost, minlength=count).astype(np.float64)
    capital = run.network(0).capital[:count]
    return sums, capital


def measures(run: Run) -> dict[str, Any]:
    """Everything, as JSON writes it."""
    worst = worst_week(run)
    lost, capital = bank_losses(run)
    return {
        "opening": sector_table(run, run.network(0)),
        "worst_week": worst,
        "at_worst_week": sector_table(run, run.network(worst)),
        "spectral_radius": {
            "opening": spectral_radius(leverage_matrix(run.network(0))),
            "worst_week": spectral_radius(leverage_matrix(run.network(worst))),
        },
        "clearing": clearing_table(run),
        "banks": {
            "written_off": float(lost.sum()),
            "with_losses": int((lost > 1e-9).sum()),
            "largest_loss_over_capital": float((lost / capital).max()),
        },
        "failed": {sector: run.failed(sector)[-1].sum().item() for sector in (HF, *[s for s in SEVERAL if s != HF])},
    }
