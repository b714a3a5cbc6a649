"""Golden results: a few headline figures of every scenario of the library, kept beside it and compared when it is run again.

``python -m dollarflow.experiments.golden`` writes them anew after a change that is meant to move them.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from dollarflow.experiments.bench import Bench
from dollarflow.scenarios import names, scenario
from dollarflow.simulation import Simulation

HEADLINES = (
    "sofr_iorb",
    "yield_notes",
    "yield_bonds",
    "bill_rate",
    "basis",
    "reserves",
    "on_rrp",
    "srf",
    "tga",
    "deposits",
    "m2",
    "debt",
    "bills",
    "hf_book",
    "fed_net_income",
    "deficit",
)
DIGITS = 8
ENDING = ".golden.json"


def headlines(run: Simulation) -> dict[str, Any]:
    """The end of a run in a few figures: USD bn, decimals per year."""
    last = run.row(run.path.periods)
    return {"date": run.dates[-1].isoformat(), "values": {name: float(f"{last[name]:.{DIGITS}g}") for name in HEADLINES}}


def golden(name: str) -> dict[str, Any]:
    """What is kept of a scenario.

    Raises
    ------
    FileNotFoundError
        Nothing has been kept of it.
    """
    found: dict[str, Any] = json.loads(resources.files("dollarflow").joinpath("library", name + ENDING).read_text(encoding="utf-8"))
    return found


def write(folder: Path, chosen: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Runs scenarios (all without a choice) and writes what is kept of them into a folder."""
    bench, places = Bench(), []
    for name in chosen or names():
        place = folder / (name + ENDING)
        place.write_text(json.dumps(headlines(bench.run(scenario(name))), indent=2) + "\n", encoding="utf-8")
        places.append(place)
    return tuple(places)


def main() -> None:
    """Writes every golden result beside its scenario."""
    import sys

    write(Path(str(resources.files("dollarflow").joinpath("library"))), tuple(sys.argv[1:]))


if __name__ == "__main__":
    main()
