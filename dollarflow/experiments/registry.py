"""The list of experiments: every module of this package named e<number>_<word>, in order of number."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module

import dollarflow.experiments as package
from dollarflow.errors import BadInput
from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Check, Experiment
from model.language.system import nearest
from model.periods.failure import SolveFailure

NAMED = re.compile(r"e(\d\d)([a-z]?)_\w+")


@cache
def experiments() -> tuple[Experiment, ...]:
    """Every experiment, by number."""
    modules = sorted(item.name for item in pkgutil.iter_modules(package.__path__) if NAMED.fullmatch(item.name))
    return tuple(import_module(f"{package.__name__}.{name}").EXPERIMENT for name in modules)


def chosen(names: Sequence[str]) -> tuple[Experiment, ...]:
    """Experiments by name, whatever the case, apart or joined by commas; ``E12`` stands for E12a and E12b, and no name for all.

    Raises
    ------
    BadInput
        A name that no experiment has; the message has the nearest one.
    """
    wanted = [name.strip() for words in names for name in words.split(",") if name.strip()]
    if not wanted:
        return experiments()
    found: list[Experiment] = []
    for name in wanted:
        match = [e for e in experiments() if name.upper() in (e.name.upper(), e.name.upper().rstrip("ABC"))]
        if not match:
            known = [e.name for e in experiments()]
            raise BadInput(f"no experiment is named {name!r}{nearest(name.upper(), known)}; known: {', '.join(known)}")
        found += match
    return tuple(dict.fromkeys(found))


def rows(items: Sequence[Experiment], bench: Bench | None = None) -> Iterator[tuple[Experiment, tuple[Check, ...]]]:
    """The experiments run one after the other on one bench; a run without solution becomes a failed row."""
    bench = bench or Bench()
    for item in items:
        try:
            yield item, tuple(item.run(bench))
        except SolveFailure as failure:
            words = " ".join(str(failure).split())[:500]
            yield item, (Check(item.name, "solution", "periods solved", "1", None, None, "computed", False, "solver", float("nan"), words),)
