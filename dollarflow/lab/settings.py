"""What the page asks for: dates, knobs and the rest of a loaded file, as the browser sends it and as a scenario."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, get_args

from dollarflow.errors import BadInput
from dollarflow.lab.knobs import BY_NAME, KNOBS, Knob
from dollarflow.lab.toml_text import scenario_text
from model.language.clocks import Grid
from model.scenarios.scenario import Clock, Horizon, Scenario, Shock, read_scenario

CLOCKS: tuple[str, ...] = get_args(Clock)
START = date(2025, 10, 29)
CHOSEN_DAYS = (
    date(2019, 6, 30),
    date(2021, 12, 31),
    date(2024, 12, 31),
    date(2025, 9, 30),
    date(2025, 10, 29),
    date(2025, 12, 31),
)
QUARTERS = tuple(date(year, month, day) for year in range(2018, 2026) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))[1:]
STARTS = tuple(sorted({*CHOSEN_DAYS, *QUARTERS}))
"""Days with balance sheets."""
PERIODS, FIRST, MOST_PERIODS = 52, 10, 520
MOST_BYTES, MOST_TITLE = 65_536, 120
TITLE, OWN = "Turned on the lab page", "This scenario"
TOLD = "Turned on the lab page: "
KEYS = ("start", "clock", "periods", "first", "knobs", "carried")


@dataclass(frozen=True)
class Setting:
    """Everything that a browser keeps about its run.

    Parameters
    ----------
    start, clock, periods
        The horizon.
    first
        Period from which knobs act.
    knobs
        Values of the knobs that are not where they stand untouched.
    carried
        TOML text of what a loaded file has beside them; empty for the library's baseline.
    title
        What the scenario is called when it is saved.
    """

    start: date = START
    clock: str = "weekly"
    periods: int = PERIODS
    first: int = FIRST
    knobs: Mapping[str, float] = field(default_factory=dict)
    carried: str = ""
    title: str = TITLE

    def grid(self) -> Grid:
        """The run's dates."""
        from dollarflow.economy import time_grid

        return time_grid(self.start, self.clock, periods=self.periods)

    def plain(self) -> dict[str, Any]:
        """As the browser keeps it."""
        return {
            "start": self.start.isoformat(),
            "clock": self.clock,
            "periods": self.periods,
            "first": self.first,
            "knobs": dict(self.knobs),
            "carried": self.carried,
        }


def received(data: object, title: object = None) -> Setting:
    """A setting from what the browser sent; every field is checked.

    Raises
    ------
    BadInput
        A field that is missing, unknown, of another kind or out of range.
    """
    if not isinstance(data, Mapping) or set(data) != set(KEYS):
        raise BadInput(f"the page sent no setting; a setting has {', '.join(KEYS)}")
    clock, carried = data["clock"], data["carried"]
    if clock not in CLOCKS:
        raise BadInput(f"clock {shortened(clock)}: allowed are {', '.join(CLOCKS)}")
    if not isinstance(carried, str) or len(carried) > 2 * MOST_BYTES or carried != whole_text(carried):
        raise BadInput(f"the loaded scenario is no text of up to {MOST_BYTES:,} bytes")
    periods = whole(data["periods"], "number of periods", 1, MOST_PERIODS)
    first = whole(data["first"], "first period in which knobs act", 1, periods)
    knobs = data["knobs"]
    if not isinstance(knobs, Mapping):
        raise BadInput("knobs are not a table of names and numbers")
    values = {}
    for name, value in knobs.items():
        if name not in BY_NAME:
            raise BadInput(f"no knob is named {shortened(name)}; known: {', '.join(BY_NAME)}")
        values[str(name)] = number(value, BY_NAME[name])
    words = TITLE if title is None or not str(title).strip() else " ".join(whole_text(str(title)).split())[:MOST_TITLE]
    return Setting(start_day(data["start"]), str(clock), periods, first, values, carried, words)


def whole_text(text: str) -> str:
    """A text whose half characters, which no file can hold, are question marks."""
    return text.encode("utf-8", "replace").decode()


def start_day(given: object) -> date:
    """A day with balance sheets.

    Raises
    ------
    BadInput
        No date, or one without balance sheets.
    """
    try:
        day = date.fromisoformat(str(given))
    except ValueError:
        raise BadInput(f"start {shortened(given)} is not a date; write 2025-10-29") from None
    if day not in STARTS:
        raise BadInput(f"there are no balance sheets of {day}; known: {', '.join(d.isoformat() for d in STARTS)}")
    return day


def whole(given: object, what: str, least: int, most: int) -> int:
    """A whole number within bounds.

    Raises
    ------
    BadInput
        Anything else.
    """
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or given != int(given):
        raise BadInput(f"{what}: {shortened(given)} is not a whole number; allowed: {least} to {most}")
    if not least <= given <= most:
        raise BadInput(f"{what}: {given:g} is out of range; allowed: {least} to {most}")
    return int(given)


def number(given: object, knob: Knob) -> float:
    """A knob's value within its range.

    Raises
    ------
    BadInput
        No finite number, or out of range.
    """
    if isinstance(given, bool) and knob.switch:
        return float(given)
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise BadInput(f"{knob.label}: {shortened(given)} is not a finite number")
    if not knob.low <= given <= knob.high:
        raise BadInput(f"{knob.label}: {given:g} {knob.unit} is out of range; allowed: {knob.low:g} to {knob.high:g} {knob.unit}".rstrip())
    return float(given)


def shortened(given: object) -> str:
    """A foreign value as text that fits in a message."""
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."


def carried_scenario(setting: Setting) -> Scenario:
    """The loaded file, or the library's baseline, on the setting's dates and without the knobs.

    Raises
    ------
    BadFile
        A text that is no scenario.
    """
    from dollarflow.scenarios import scenario as find

    horizon = Horizon(start=setting.start, periods=setting.periods, clock=setting.clock)  # type: ignore[arg-type]
    if not setting.carried:
        return find("baseline").model_copy(update={"horizon": horizon})
    found = read_scenario(setting.carried, slug(setting.title), OWN).model_copy(update={"horizon": horizon})
    return reread(found)


def reread(scenario: Scenario) -> Scenario:
    """The scenario as its own text has it, so that messages name lines of that text."""
    return read_scenario(scenario_text(scenario), scenario.name, OWN)


def turned(setting: Setting, bases: Mapping[str, float]) -> Scenario:
    """The scenario that the setting asks for.

    Parameters
    ----------
    setting
        Dates, knobs and what is carried.
    bases
        Where each knob stands untouched.
    """
    rest = carried_scenario(setting)
    shocks = knob_shocks(setting, bases)
    if not shocks and not setting.carried:
        return rest
    words = {
        "name": slug(setting.title),
        "title": rest.title if setting.carried and setting.title == TITLE else setting.title,
        "story": rest.story if setting.carried and rest.story else told(setting, bases),
        "source": rest.source if setting.carried else "",
        "baseline": rest.baseline if setting.carried else "baseline",
    }
    return reread(rest.model_copy(update={**words, "shock": (*rest.shock, *shocks)}))


def knob_shocks(setting: Setting, bases: Mapping[str, float]) -> tuple[Shock, ...]:
    """The shocks of every knob that was turned."""
    dates = setting.grid().dates
    start, end = dates[setting.first - 1] + timedelta(days=1), dates[-1]
    made = (knob.shocks(setting.knobs[knob.name], bases[knob.name], start, end) for knob in KNOBS if knob.name in setting.knobs)
    return tuple(shock for shocks in made for shock in shocks)


def told(setting: Setting, bases: Mapping[str, float]) -> str:
    """What was turned, in a sentence; empty where nothing was."""
    parts = []
    for knob in KNOBS:
        value = setting.knobs.get(knob.name)
        if value is not None and value != bases[knob.name]:
            figure = ("yes" if value else "no") if knob.switch else f"{value:g} {knob.unit} (baseline {bases[knob.name]:g})"
            parts.append(f"{knob.label}: {figure}")
    if not parts:
        return ""
    start = setting.grid().dates[setting.first - 1] + timedelta(days=1)
    return f"{TOLD}{'; '.join(parts)}; from {start.isoformat()}."


def slug(title: str) -> str:
    """A title as a file name.

    Examples
    --------
    >>> slug("Deficit +1 % of GDP"), slug("../../etc")
    ('deficit_1_of_gdp', 'etc')
    """
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:60] or "scenario"
