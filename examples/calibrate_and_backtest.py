"""A calibration: one relation estimated, one opening balanced, one window of history forecast and scored.

    python examples/calibrate_and_backtest.py

prints the demand curve for reserves with standard errors beside the values in use, the ten largest adjustments that close the
balance sheets of 31 December 2024 (published figures never close exactly), and how the forecast of 2025 from that day fares against a
random walk: ratios below one where the model wins. About ten seconds.
"""

from __future__ import annotations

from calibration.backtest.report import result
from calibration.backtest.windows import window
from calibration.estimation.reserve_demand import study
from calibration.opening import opening_balance
from calibration.parameters import load_parameters

DAY, WINDOW = "2024-12-31", "2024Q4-2025Q4"


def estimate() -> None:
    """The demand curve for reserves: estimates in the model's units, and the values that the model uses."""
    found = study()
    used = load_parameters()
    print(f"{found.name}: {found.explains}, {found.first} to {found.last} ({found.source})")
    for name, item in found.reported.items():
        error = abs(item.factor) * found.fit.errors[name]
        value = used.get(item.parameter)
        beside = "no parameter of the model" if value is None else f"the model uses {value:.4g}"
        print(f"  {item.parameter:24s}{item.factor * found.fit.values[name]:12.4g} ({error:.2g}) {item.unit}; {beside}")


def balance() -> None:
    """The opening of a day: what balancing did to the published figures."""
    found = opening_balance(DAY)
    print(f"\nbalance sheets of {DAY}: {len(found.cells)} cells; largest adjustments in standard deviations")
    moved = [item for item in found.adjustments if item.std > 0]
    for item in sorted(moved, key=lambda a: -abs(a.adjustment / a.std))[:10]:
        moved_by = f"({item.adjustment / item.std:+.1f} sd) {item.confidence}"
        print(f"  {item.figure:42s}{item.published:12,.1f} -> {item.balanced:12,.1f} bn {moved_by}")


def backtest() -> None:
    """A year of history forecast from its opening and the paths of policy alone, against no change."""
    print(f"\nforecast {WINDOW}: root mean squared error, and its ratio to that of a random walk")
    for score in result(window(WINDOW)).scores:
        rival = score.comparisons[0]
        print(f"  {score.variable:32s}{score.rmse:10.1f} {score.unit:4s} ratio {rival.ratio:6.2f} to {rival.rival} ({rival.verdict})")


def main() -> None:
    """Estimates, balances and forecasts."""
    estimate()
    balance()
    backtest()


if __name__ == "__main__":
    main()
