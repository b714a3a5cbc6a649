"""Scenario files put on the page: shocks that a knob makes become that knob's value, the rest is carried along."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from dollarflow.errors import BadInput, kinds
from dollarflow.lab.knobs import KNOBS, Knob
from dollarflow.lab.settings import FIRST, MOST_BYTES, MOST_PERIODS, MOST_TITLE, START, TITLE, TOLD, Setting, start_day, whole
from dollarflow.lab.solving import Refused, bases_of
from dollarflow.lab.toml_text import scenario_text
from model.scenarios.scenario import Horizon, Scenario, Shock, read_scenario

ENCODED = ";base64,"


def uploaded(contents: object, name: object) -> Setting:
    """The setting of an uploaded file.

    Parameters
    ----------
    contents
        A data address, as the browser sends it.
    name
        The file's name, for messages.

    Raises
    ------
    Refused
        A file that is too large, no text or no scenario.
    """
    label = str(name or "the file")[:80]
    if not isinstance(contents, str) or ENCODED not in contents:
        raise Refused(f"{label} did not arrive; choose a .toml file of up to {MOST_BYTES // 1024} KiB")
    encoded = contents.partition(ENCODED)[2]
    if len(encoded) > MOST_BYTES * 4 / 3 + 4:
        raise Refused(f"{label} is larger than {MOST_BYTES // 1024} KiB; a scenario file is a few KiB of text")
    try:
        text = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Refused(f"{label} is not UTF-8 text; choose a scenario file (.toml)") from None
    return loaded(text, label)


def loaded(text: str, label: str) -> Setting:
    """The setting of a scenario's text.

    Raises
    ------
    Refused
        Naming file, line, what is wrong and what is allowed.
    """
    from dollarflow.horizons import horizon

    try:
        found = read_scenario(text, "loaded", label)
        own = found.horizon
        start = start_day(own.start or START)
        if own.periods is not None:
            whole(own.periods, "number of periods", 1, MOST_PERIODS)
        grid = horizon(found, start)
        periods = whole(grid.periods, "number of periods", 1, MOST_PERIODS)
    except kinds() as error:
        raise Refused(str(error) if label in str(error) else f"{label}: {error}") from None
    setting = Setting(start, grid.clock, periods, min(FIRST, periods), title=found.title[:MOST_TITLE] or TITLE)
    return matched(found, setting, grid.dates)


def library(name: object) -> Setting:
    """The setting of a scenario of the library.

    Raises
    ------
    Refused
        No scenario of that name.
    """
    from dollarflow.scenarios import names
    from dollarflow.scenarios import scenario as find

    if name not in names():
        raise Refused(f"no scenario of the library is named {str(name)[:60]!r}; known: {', '.join(names())}")
    return loaded(scenario_text(find(str(name))), str(name))


def matched(found: Scenario, setting: Setting, dates: Sequence[date]) -> Setting:
    """The setting in which as many shocks as possible are knobs."""
    first, knobs = most_knobs(found.shock, dates, setting.first)
    setting = replace(setting, first=first)
    day, end = dates[first - 1] + timedelta(days=1), dates[-1]
    while True:
        claimed = [shock for knob in knobs for shock in claims(knob, found.shock, day, end)]
        rest = found.model_copy(update={"shock": tuple(s for s in found.shock if s not in claimed)})
        trial = replace(setting, carried=carried_text(rest))
        bases = bases_of(trial)
        values = {knob.name: knob.read(found.shock, bases[knob.name], day, end) for knob in knobs}
        kept = [knob for knob in knobs if values[knob.name] is not None]
        if len(kept) == len(knobs):
            return replace(trial, knobs={name: float(value) for name, value in values.items() if value is not None})
        knobs = kept


def most_knobs(shocks: Sequence[Shock], dates: Sequence[date], usual: int) -> tuple[int, list[Knob]]:
    """The first period from which most knobs have their shocks among those given, and these knobs."""
    best: tuple[int, list[Knob]] = (usual, [])
    for day in sorted({s.start for s in shocks if isinstance(s.start, date)}):
        before = day - timedelta(days=1)
        if before in dates[:-1]:
            having = [knob for knob in KNOBS if claims(knob, shocks, day, dates[-1])]
            if len(having) > len(best[1]):
                best = (list(dates).index(before) + 1, having)
    return best


def claims(knob: Knob, shocks: Sequence[Shock], day: date, end: date) -> list[Shock]:
    """The shocks that have the form of a knob's, one for each of its moves; none where one is missing."""
    found = []
    for move in knob.moves:
        form = move.shock(0.0, 0.0, day, end)
        like = [s for s in shocks if (s.variable, s.start, s.end, s.action) == (form.variable, form.start, form.end, form.action)]
        if len(like) != 1:
            return []
        found += like
    return found


def carried_text(rest: Scenario) -> str:
    """What is carried beside the knobs; empty where nothing is that the library's baseline does not have."""
    from dollarflow.scenarios import scenario as find

    bare = rest.model_copy(update={"horizon": Horizon(), "story": "" if rest.story.startswith(TOLD) else rest.story})
    content = bare.model_dump(exclude={"name", "title", "story", "source", "baseline", "horizon"})
    empty = not any(content.values())
    usual = find("baseline")
    if empty and (bare.baseline in ("", "baseline")) and (not bare.story or bare.story == usual.story):
        return ""
    try:
        text = scenario_text(bare)
    except kinds() as error:
        raise Refused(str(error)) from None
    if len(text.encode()) > 2 * MOST_BYTES:
        raise BadInput(f"the scenario is longer than {MOST_BYTES:,} bytes")
    return text
