"""E23: what five per cent of dollar liquidity does to equities and bitcoin, with the null."""

from __future__ import annotations

from datetime import date

from calibration.satellites import Asset, Estimate, estimate
from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

CHANGE = 0.05
HALF = date(2019, 12, 31)
EQUITIES = Band(0.0, 1.5, "%", "judgement", "prior of 0 to 0.3 per cent per per cent")
BITCOIN = Band(1.5, 7.0, "%", "judgement", "prior of 0.3 to 1.5 per cent per per cent")
SHOWN_PERCENT = Band(None, None, "%", "computed", "regression on quarterly changes, 2013-2025, Newey and West (1987) errors")
SHOWN = Band(None, None, "1", "computed", "regression on quarterly changes, 2013-2025, Newey and West (1987) errors")
NULL = Band(-1.96, 1.96, "1", "judgement", "no effect is not rejected at five per cent")
DRAIN = Band(
    -4.0, -1.0, "%", "computed", "2.7 per cent of liquidity at 0.3 to 1.5; bitcoin fell by about a fifth in October and November 2025"
)
TGA_RISE = 150.0


def half(asset: Asset, first: bool) -> Estimate:
    """The estimate on one half of the sample."""
    return estimate(asset, None, HALF) if first else estimate(asset, HALF, None)


def rows(found: Estimate, band: Band) -> list[Check]:
    """What is shown of an asset."""
    name = found.asset
    low, centre, high = (100.0 * part for part in found.response(CHANGE))
    early, late = half(name, True), half(name, False)
    case = f"{name}, {found.observations} quarters"
    word = "rejected" if found.null_rejected else "not rejected"
    return [
        band.check(
            "E23", case, "response to 5 % of liquidity", centre, note=f"95 % interval {low:+.1f} to {high:+.1f}; the null is {word}."
        ),
        NULL.check("E23", case, "sensitivity over its standard error", found.liquidity / found.liquidity_error),
        SHOWN_PERCENT.check("E23", f"{name}, to 2019", "response to 5 % of liquidity", 100.0 * CHANGE * early.liquidity),
        SHOWN_PERCENT.check("E23", f"{name}, from 2020", "response to 5 % of liquidity", 100.0 * CHANGE * late.liquidity),
        SHOWN.check("E23", case, "R2 out of sample against the mean so far", found.forecast, note="negative: worse than no model."),
        SHOWN.check("E23", case, "R2 of a regression in levels", found.levels_fit, note="two trends; no evidence of anything."),
    ]


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    equities, bitcoin = estimate("sp500"), estimate("bitcoin")
    pair = bench.pair("tga_rebuild")
    peak = int(pair["tga"].argmax())
    drained = float(pair.changed["dollar_liquidity"][peak] / pair.base["dollar_liquidity"][peak] - 1) / pair.at("tga", peak) * TGA_RISE
    return [
        *rows(equities, EQUITIES),
        *rows(bitcoin, BITCOIN),
        DRAIN.check(
            "E23",
            "150 bn into the Treasury's account, the model's liquidity",
            "bitcoin",
            100.0 * bitcoin.response(drained)[1],
            note=f"liquidity falls by {-100 * drained:.1f} %; quarterly data only, and the halves of the sample disagree in sign.",
        ),
    ]


EXPERIMENT = Experiment(
    "E23",
    "Liquidity, equities and bitcoin",
    "SRF up, dollars up, bitcoin up: how large is the last step, and is it there at all? Estimated apart from the model, without feedback.",
    run,
    ("tga_rebuild",),
)
