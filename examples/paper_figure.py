"""A paper's figure and appendix: SOFR against the Fed's range with and without the standing repo facility, and the equations behind it.

    python examples/paper_figure.py [FOLDER]

writes into FOLDER (default ``out/paper``) two result folders, the figures ``corridor.pdf`` and ``facility.pdf`` of the model's own
style, the paper's figure ``spread.pdf`` drawn by hand from the same folders, and ``appendix.tex`` with matrices, equations,
parameters and sources. The figure shows two lines that part on the last day of each month, the closed facility above; the script
prints how far apart they are on two of those days. About ten seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from dollarflow.cli import call

DAYS = ["2025-10-31", "2025-11-28"]


def command(*words: str | Path) -> None:
    """A command of the shell; a failure ends the script with its exit code."""
    code = call([str(word) for word in words])
    if code:
        sys.exit(code)


def solve(place: Path) -> tuple[Path, Path]:
    """Forty-two business days from 29 October 2025, with and without the facility, as result folders."""
    folders = place / "baseline", place / "srf_off"
    for folder in folders:
        command("run", folder.name, "--clock", "daily", "--periods", "42", "--out", folder, "--quiet")
    return folders


def spread(folder: Path) -> pd.Series:
    """SOFR less IORB in basis points by date, from the folder's path alone."""
    path = pd.read_csv(folder / "path.csv", parse_dates=["date"], index_col="date")
    return 1e4 * (path["sofr"] - path["iorb"])


def draw(base: pd.Series, closed: pd.Series, out: Path) -> None:
    """The paper's figure: both spreads, the distance between them shaded."""
    import matplotlib as mpl

    mpl.use("pdf")
    import matplotlib.pyplot as plt

    plt.rcParams |= {"font.family": "serif", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
    figure, axes = plt.subplots(figsize=(5.0, 2.8), layout="constrained")
    axes.fill_between(base.index, base, closed, color="0.85", linewidth=0)
    axes.plot(closed.index, closed, color="#b35806", label="facility closed")
    axes.plot(base.index, base, color="#2166ac", linestyle="--", label="facility open")
    axes.set_ylabel("SOFR less IORB, basis points")
    axes.xaxis.set_major_formatter(mpl.dates.DateFormatter("%d %b"))
    axes.xaxis.set_major_locator(mpl.dates.WeekdayLocator(mpl.dates.FR, interval=2))
    axes.legend(frameon=False, loc="upper center")
    figure.savefig(out, metadata={"CreationDate": None})
    plt.close(figure)


def main(place: Path) -> None:
    """Solves, draws and writes everything."""
    place.mkdir(parents=True, exist_ok=True)
    base, closed = solve(place)
    for name in ("corridor", "facility"):
        command("figure", name, base, "--out", place / f"{name}.pdf", "--quiet")
    spreads = spread(base), spread(closed)
    draw(*spreads, place / "spread.pdf")
    command("appendix", "--experiments", "none", "--out", place / "appendix.tex", "--quiet")
    for day in DAYS:
        print(f"{day}: SOFR {spreads[0][day]:+.1f} bp from IORB with the facility, {spreads[1][day]:+.1f} bp without")
    print(f"written: {place}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out/paper"))
