"""The scenario library: one TOML file each, beside this module, and scenarios of the caller's own from a file."""

from __future__ import annotations

import os
import textwrap
from functools import cache
from importlib import resources
from pathlib import Path

from dollarflow.errors import BadInput
from dollarflow.files import own_name
from model.language.system import nearest
from model.scenarios.scenario import Scenario, read_scenario

ENDING = ".toml"


@cache
def names() -> tuple[str, ...]:
    """Names of the library's scenarios: the baseline, then the others by name."""
    found = sorted(
        item.name.removesuffix(ENDING) for item in resources.files("dollarflow").joinpath("library").iterdir() if item.name.endswith(ENDING)
    )
    return tuple(sorted(found, key=lambda name: (name != "baseline", name)))


@cache
def library() -> tuple[Scenario, ...]:
    """Every scenario of the library."""
    return tuple(scenario(name) for name in names())


def scenario(name: str | os.PathLike[str]) -> Scenario:
    """A scenario of the library by name, or of one's own by the path of its ``.toml`` file.

    Raises
    ------
    BadInput
        No scenario of that name; the message has the nearest one.
    BadFile
        The file is not a scenario; the message has the line.

    Examples
    --------
    >>> scenario("baseline").name
    'baseline'
    """
    if isinstance(name, os.PathLike):
        return _own(Path(name))
    if not isinstance(name, str):
        raise TypeError(f"name is {name!r}; pass the name of a scenario, or the path of a {ENDING} file")
    if name.endswith(ENDING):
        return _own(Path(name))
    if name not in names():
        raise BadInput(
            f"no scenario is named {name!r}{nearest(name, names())}; known: {', '.join(names())}; or the path of a {ENDING} file"
        )
    return _named(name)


@cache
def _named(name: str) -> Scenario:
    text = resources.files("dollarflow").joinpath("library", name + ENDING).read_text(encoding="utf-8")
    return read_scenario(text, name, f"library/{name}{ENDING}")


def _own(file: Path) -> Scenario:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"cannot read the scenario file {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"cannot read the scenario file {file}: byte {error.start} is not UTF-8 text") from None
    found = read_scenario(text, own_name(file), str(file))
    if found.baseline and found.baseline not in names():
        known = nearest(found.baseline, names())
        raise found.places.refuse(("baseline",), f"baseline: the library has no scenario {found.baseline!r}{known}")
    return found


def explain(item: Scenario, starts: str = "") -> str:
    """A scenario in words: story, source, what changes, what is expected.

    Parameters
    ----------
    item
        A scenario.
    starts
        The openings that it accepts, in words.
    """
    lines = [f"{item.name}: {item.title}"]
    if item.story:
        lines += ["", *textwrap.wrap(" ".join(item.story.split()), 100)]
    own = item.horizon
    span = [
        str(own.start) if own.start else "",
        f"{own.periods} periods" if own.periods is not None else "",
        f"to {own.end}" if own.end else "",
    ]
    facts = {
        "source": item.source,
        "baseline": item.baseline,
        "horizon": ", ".join(part for part in (*span, own.clock or "") if part),
        "starts": f"an opening from {starts} (--start)" if " to " in starts else starts,
        "parameters": ", ".join(f"{name} = {value:g}" for name, value in item.parameters),
        "switches": ", ".join(f"{name} = {value}" for name, value in item.switch),
        "given": ", ".join(name for name, _ in item.exogenise),
    }
    lines += ["", *(f"{label + ':':<12}{text}" for label, text in facts.items() if text)]
    if item.shock:
        lines += ["shocks:", *(f"  {shock}" for shock in item.shock)]
    if item.expect:
        lines += ["expected, against the baseline:"]
        lines += [f"  {expectation}" + (f" ({expectation.source})" if expectation.source else "") for expectation in item.expect]
    return "\n".join(lines)
