"""What the page does: frame (dates and untouched knobs), setting (what is turned), answer (charts), files in and out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from dollarflow.errors import kinds
from dollarflow.lab import downloads, figures, headline, loading, settings
from dollarflow.lab.guard import DEFECT
from dollarflow.lab.knobs import KNOBS, Knob
from dollarflow.lab.layout import CHARTS, FOLDED
from dollarflow.lab.sankey import VIEWS, sankey
from dollarflow.lab.settings import Setting, received
from dollarflow.lab.solving import Answer, Refused, bases_of, compared, untouched

LOG = logging.getLogger("dollarflow.lab")
ORDER = tuple(knob.name for knob in KNOBS)
STALE = "The charts still show the last answer."
Result = TypeVar("Result")


def entry(knob: Knob) -> tuple[str, str]:
    """The component and property that hold a knob's value."""
    return (f"{knob.name}-switch", "value") if knob.switch else (f"{knob.name}-number", "value")


ENTRIES = tuple(entry(knob) for knob in KNOBS)


def attempt(answer: Callable[[], Result]) -> tuple[Result | None, str]:
    """An answer, or the message that says why there is none.

    A defect is told in general words on the page and in full on the terminal.
    """
    try:
        return answer(), ""
    except Refused as error:
        return None, str(error)
    except kinds() as error:
        return None, str(error)
    except Exception:
        LOG.exception("the page met a defect")
        return None, DEFECT


def connect(app: Dash) -> None:
    """Puts every callback on the page."""
    for knob in KNOBS:
        if not knob.switch:
            pair = [(f"{knob.name}-slider", "value"), (f"{knob.name}-number", "value")]
            script = ClientsideFunction("lab", "follow")
            app.clientside_callback(
                script, [Output(*item) for item in pair], [Input(*item) for item in pair], State("frame", "data"), prevent_initial_call=True
            )
    connect_setting(app)
    app.callback(
        Output("frame", "data"),
        [Output(*item, allow_duplicate=True) for item in ENTRIES],
        [Output(f"{name}-note", "children") for name in ORDER],
        Output("span", "children"),
        Output("carried", "children"),
        Output("frame-message", "children"),
        Input("start", "value"),
        Input("clock", "value"),
        Input("periods", "value"),
        Input("first", "value"),
        Input("loaded", "data"),
        State("frame", "data"),
        [State(*item) for item in ENTRIES],
        prevent_initial_call="initial_duplicate",
    )(frame)
    app.callback(
        [Output(name, "figure") for name in CHARTS],
        Output("headline", "children"),
        Output("words", "children"),
        Output("verdict", "children"),
        Output("strip", "children"),
        Output("message", "children"),
        Input("setting", "data"),
        Input("pinned", "data"),
        Input("view", "value"),
        running=[(Output("busy", "children"), "Solving …", "")],
    )(answer)
    app.callback(
        Output("loaded", "data"),
        Output("start", "value"),
        Output("clock", "value"),
        Output("periods", "value"),
        Output("first", "value"),
        Output("title", "value"),
        Output("upload", "contents"),
        Output("file-message", "children"),
        Input("upload", "contents"),
        Input("library", "value"),
        State("upload", "filename"),
        prevent_initial_call=True,
    )(load)
    app.callback(
        Output("download", "data"),
        Output("file-message", "children", allow_duplicate=True),
        [Input(name, "n_clicks") for name in downloads.KINDS],
        State("setting", "data"),
        State("pinned", "data"),
        State("title", "value"),
        prevent_initial_call=True,
        running=[(Output("busy", "children"), "Writing …", "")],
    )(download)


def connect_setting(app: Dash) -> None:
    """What is turned becomes one setting, in the browser; so do pinning and resetting."""
    app.clientside_callback(
        ClientsideFunction("lab", "gather"), Output("setting", "data"), Input("frame", "data"), [Input(*item) for item in ENTRIES]
    )
    app.clientside_callback(ClientsideFunction("lab", "fold"), [Output(name, "open") for name in FOLDED], Input("view", "id"))
    app.clientside_callback(
        ClientsideFunction("lab", "pin"),
        Output("pinned", "data"),
        Input("pin", "n_clicks"),
        Input("unpin", "n_clicks"),
        State("setting", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("lab", "untouch"),
        [Output(*item, allow_duplicate=True) for item in ENTRIES],
        Input("reset", "n_clicks"),
        State("frame", "data"),
        prevent_initial_call=True,
    )


def frame(start: Any, clock: Any, periods: Any, first: Any, loaded: Any, before: Any, *entries: Any) -> list[Any]:
    """Dates, where knobs stand untouched, and knobs put there unless they were turned or come with a loaded file."""
    found, message = attempt(lambda: framed(start, clock, periods, first, loaded, before, entries))
    if found is None:
        return [*[no_update] * (2 * len(KNOBS) + 3), message]
    setting, bases = found
    values = [shown(knob, setting.knobs.get(knob.name, bases[knob.name])) for knob in KNOBS]
    notes = [note(knob, bases[knob.name]) for knob in KNOBS]
    kept = {"setting": {**setting.plain(), "knobs": {}}, "bases": bases, "order": list(ORDER)}
    dates = setting.grid().dates
    span = f"{dates[0]} to {dates[-1]}; knobs act after {dates[setting.first - 1]}."
    return [kept, *values, *notes, span, carried_words(setting), ""]


def framed(start: Any, clock: Any, periods: Any, first: Any, loaded: Any, before: Any, entries: Any) -> tuple[Setting, dict[str, float]]:
    """The setting on the dates that are asked for, and where its knobs stand untouched."""
    if ctx.triggered_id == "loaded" or (loaded and "loaded.data" in ctx.triggered_prop_ids):
        setting = received(loaded)
        return setting, bases_of(setting)
    old = before if isinstance(before, dict) else {}
    bases, carried = old.get("bases", {}), old.get("setting", {}).get("carried", "")
    knobs = {}
    for knob, value in zip(KNOBS, entries, strict=True):
        number = (1.0 if value else 0.0) if knob.switch else value
        if bases and number is not None and number != bases.get(knob.name):
            knobs[knob.name] = number
    if isinstance(periods, int | float) and isinstance(first, int | float) and first > periods >= 1:
        first = periods
    setting = received({"start": start, "clock": clock, "periods": periods, "first": first, "knobs": knobs, "carried": carried})
    return setting, bases_of(setting)


def shown(knob: Knob, value: float) -> Any:
    """A value as its entry holds it."""
    if knob.switch:
        return ["on"] if value else []
    return int(value) if value == int(value) else value


def note(knob: Knob, base: float) -> str:
    """Where a knob stands untouched, in words."""
    if knob.switch:
        return f"Baseline: {'yes' if base else 'no'}."
    return f"Baseline: {base:g} {knob.unit}."


def carried_words(setting: Setting) -> str:
    """What a loaded file has beside the knobs, in words."""
    if not setting.carried:
        return ""
    rest = untouched(setting).scenario
    parts = [f"{len(rest.shock)} shocks beside the knobs"] if rest.shock else []
    parts += [f"switch {name} = {value}" for name, value in rest.switch]
    parts += [f"{name} = {value:g}" for name, value in rest.parameters]
    parts += [f"{name} given" for name, _ in rest.exogenise]
    return f"Loaded: {rest.title}. {'; '.join(parts)}".strip()


def answer(setting: Any, pinned: Any, view: Any) -> list[Any]:
    """Charts, table and words of a setting, or the message that says why there are none."""
    nothing = [no_update] * (len(CHARTS) + 4)
    if setting is None:
        return [*nothing, no_update]
    began = time.perf_counter()
    made, message = attempt(lambda: answered(setting, pinned, view))
    if made is None:
        return [*nothing, f"{message}\n{STALE}"]
    charts, table, words, verdict, strip = made
    spent = time.perf_counter() - began
    return [*charts, table, words, f"{verdict} Answered in {spent:.2f} s.", strip, ""]


def answered(setting: Any, pinned: Any, view: Any) -> tuple[list[Any], list[Any], str, str, str]:
    """Charts, table, words, verdict and strip of what the browser asks for."""
    asked = received(setting)
    other = None if pinned is None else received(pinned)
    found = compared(asked, other)
    charts, table, verdict = drawn(found, view if view in VIEWS else "run")
    words = f"{described(asked)}."
    if other is not None:
        words += f" Compared with what was pinned: {described(other)}."
    elif found.base is not found.run:
        words += f" Compared with: {found.base.scenario.title}."
    return charts, table, words, verdict, headline.strip(found)


def described(setting: Setting) -> str:
    """What a setting is: the file that it carries, and what is turned."""
    turned = settings.told(setting, bases_of(setting)).removeprefix(settings.TOLD).rstrip(".")
    title = untouched(setting).scenario.title
    if not turned:
        return title if setting.carried else f"{title}; no knob is turned"
    return f"{title}; {turned}" if setting.carried else turned


def drawn(found: Answer, view: str) -> tuple[list[Any], list[Any], str]:
    """Charts, table and verdict of an answer."""
    makers: dict[str, Callable[[Answer], Any]] = {
        "corridor": figures.corridor,
        "facility": figures.facility,
        "spreads": figures.spreads,
        "cash": figures.cash,
        "yields": figures.yields,
        "money": figures.money,
        "flows": lambda given: sankey(given, view),
    }
    charts = [makers[name](found) for name in CHARTS]
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in ("", "Baseline", "Scenario", "Difference")]))
    lines = [html.Tr([html.Th(label, scope="row"), *(html.Td(text) for text in figures_)]) for label, *figures_ in headline.rows(found)]
    return charts, [head, html.Tbody(lines)], headline.verdict(found)


def load(contents: Any, name: Any, filename: Any) -> list[Any]:
    """A file or a scenario of the library on the page."""
    if contents is None and (ctx.triggered_id == "upload" or name is None):
        return [no_update] * 8
    if ctx.triggered_id == "upload":
        setting, message = attempt(lambda: loading.uploaded(contents, filename))
    else:
        setting, message = attempt(lambda: loading.library(name))
    if setting is None:
        return [*[no_update] * 6, None, message]
    return [setting.plain(), setting.start.isoformat(), setting.clock, setting.periods, setting.first, setting.title, None, ""]


def download(*given: Any) -> list[Any]:
    """A file of the run for the browser to keep."""
    *_, setting, pinned, title = given
    kind = ctx.triggered_id
    if setting is None or kind not in downloads.KINDS:
        return [no_update, no_update]
    asked, message = attempt(lambda: (received(setting, title), None if pinned is None else received(pinned)))
    if asked is None:
        return [no_update, message]
    found, message = attempt(lambda: downloads.KINDS[kind](*asked))
    return [no_update if found is None else found, message]
