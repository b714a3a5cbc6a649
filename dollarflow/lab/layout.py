"""The page's parts: knobs with slider and number, dates, files, the state of the run, charts."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dollarflow.lab.knobs import GROUPS, KNOBS, Knob
from dollarflow.lab.sankey import VIEWS
from dollarflow.lab.settings import CLOCKS, FIRST, MOST_BYTES, MOST_PERIODS, MOST_TITLE, PERIODS, START, STARTS, TITLE

CHARTS = {
    "corridor": ("The corridor", "Shaded: the target range. Full lines: scenario; dotted: baseline."),
    "facility": ("SRF take-up", "Banks and dealers, end of period."),
    "spreads": ("SOFR and EFFR less IORB", "Rates over the rate on reserves: they rise as cash gets scarce."),
    "cash": ("Reserves, TGA and ON RRP", "Cash of banks, of the Treasury and of money funds at the Fed."),
    "yields": ("Treasury yields", "Bonds are the class of about eight years' duration."),
    "money": (
        "Who created M2",
        "By whose purchases, loans or payments it came; from the opening to the end the bars sum to the change of M2.",
    ),
    "flows": (
        "Who paid whom for what",
        "USD billion over the run, claims bought net; payers left, payees right. Changes: blue grew, orange shrank, figures are net.",
    ),
}
HEIGHTS = {"corridor": 340, "cash": 360, "yields": 360, "money": 420, "flows": 560}
HEIGHT = 300
MESSAGES = ("frame-message", "message", "file-message")
WIDE, LAST = ("corridor", "flows"), ("flows",)
NUMBER_DELAY = 0.12
"""Seconds without a keystroke after which a number is taken."""
CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True, "scrollZoom": False}


FOLDED = (*(f"group-{place}" for place in range(1, len(GROUPS))), "group-dates", "group-files")
"""Groups that are closed at first on a narrow screen."""


def page() -> Any:
    """The whole page."""
    return html.Div(
        [
            html.Header(
                [
                    html.H1("Dollar system lab"),
                    html.P(
                        "Turn a knob: the model is solved again from the same balance sheets and drawn over the baseline. "
                        "Amounts in USD billion. What is kept stays in this browser tab."
                    ),
                ],
                className="head",
            ),
            html.Main([html.Div(controls(), className="controls", role="region", **named("Knobs")), html.Div(results())], className="page"),
            html.Div(id="strip", className="strip", **{"aria-hidden": "true"}),
            *[dcc.Store(id=name) for name in ("frame", "setting", "pinned", "loaded")],
            dcc.Download(id="download"),
        ]
    )


def named(label: str) -> dict[str, Any]:
    """The attribute that names a part to a screen reader."""
    return {"aria-label": label}


def controls() -> list[Any]:
    """Groups of knobs, then dates and files."""
    groups = [
        html.Details(
            [html.Summary(group), *(knob_row(knob) for knob in KNOBS if knob.group == group)],
            id=f"group-{place}",
            open=True,
            className="group",
        )
        for place, group in enumerate(GROUPS)
    ]
    return [buttons(), *groups, dates(), files()]


def buttons() -> Any:
    """What acts on all knobs."""
    return html.Div(
        [
            html.Button("Reset knobs", id="reset", n_clicks=0, className="act"),
            html.Button("Pin as baseline", id="pin", n_clicks=0, className="act"),
            html.Button("Unpin", id="unpin", n_clicks=0, className="act"),
        ],
        className="buttons",
    )


def knob_row(knob: Knob) -> Any:
    """A knob: label, slider and number, or a check box; where it stands untouched, and what it changes."""
    if knob.switch:
        choice = dcc.Checklist(id=f"{knob.name}-switch", options=[{"label": f" {knob.label}", "value": "on"}], value=[])
        words = html.P([html.Span(id=f"{knob.name}-note"), f" {knob.told}"], className="note")
        return html.Div([choice, words], className="knob")
    slider = dcc.Input(
        id=f"{knob.name}-slider",
        type="range",
        min=knob.low,
        max=knob.high,
        step=knob.step,
        className="slider",
    )
    figure = dcc.Input(id=f"{knob.name}-number", type="number", step="any", debounce=NUMBER_DELAY, className="figure")
    return html.Div(
        [
            html.Label([f"{knob.label} ", html.Span(knob.unit, className="unit")], htmlFor=f"{knob.name}-number"),
            html.Div(
                [html.Label(f"{knob.label}, slider", htmlFor=f"{knob.name}-slider", className="hidden"), slider, figure], className="pair"
            ),
            html.P([html.Span(id=f"{knob.name}-note"), f" {knob.told}"], className="note"),
        ],
        className="knob",
    )


def field(label: str, name: str, part: Any) -> Any:
    """A labelled entry."""
    return html.Div([html.Label(label, htmlFor=name), part], className="field")


def dates() -> Any:
    """Opening, clock, length, and when knobs begin to act."""
    days = [{"label": day.isoformat(), "value": day.isoformat()} for day in STARTS]
    clocks = [{"label": name, "value": name} for name in CLOCKS]
    return html.Details(
        [
            html.Summary("Dates"),
            field("Balance sheets of", "start", dcc.Dropdown(id="start", options=days, value=START.isoformat(), clearable=False)),
            field("Clock", "clock", dcc.Dropdown(id="clock", options=clocks, value="weekly", clearable=False, searchable=False)),
            field(
                f"Periods, 1 to {MOST_PERIODS}",
                "periods",
                dcc.Input(id="periods", type="number", value=PERIODS, step=1, debounce=NUMBER_DELAY),
            ),
            field("Knobs act from period", "first", dcc.Input(id="first", type="number", value=FIRST, step=1, debounce=NUMBER_DELAY)),
            html.P(id="span", className="note"),
        ],
        id="group-dates",
        open=True,
        className="group",
    )


def files() -> Any:
    """Scenario files in and out, results out."""
    from dollarflow.scenarios import library

    known = [{"label": item.name, "value": item.name, "title": item.title} for item in library()]
    return html.Details(
        [
            html.Summary("Files"),
            field("Load a scenario of the library", "library", dcc.Dropdown(id="library", options=known, placeholder="choose one")),
            dcc.Upload(
                html.Button(
                    "Load a scenario file (.toml)", id="upload-button", className="act", type="button", **{"data-most": str(MOST_BYTES)}
                ),
                id="upload",
                accept=".toml",
                max_size=MOST_BYTES,
                className="buttons",
            ),
            html.P(id="carried", className="note"),
            field("Name of the scenario", "title", dcc.Input(id="title", type="text", value=TITLE, maxLength=MOST_TITLE, debounce=True)),
            html.Div(
                [
                    html.Button("Save scenario (TOML)", id="save", n_clicks=0, className="act"),
                    html.Button("Figures (path.csv)", id="csv", n_clicks=0, className="act"),
                    html.Button("Result folder (zip)", id="zip", n_clicks=0, className="act"),
                    html.Button("Report (HTML)", id="report", n_clicks=0, className="act"),
                ],
                className="buttons",
            ),
        ],
        id="group-files",
        open=True,
        className="group",
    )


def results() -> list[Any]:
    """Messages, the state of the run, the table of headline figures, charts."""
    return [
        html.Div([html.Div(id=name, className="message", role="alert") for name in MESSAGES], className="messages"),
        html.Section(
            [
                html.Div(id="busy", className="busy", role="status"),
                html.P(id="words"),
                html.P(id="verdict", className="note"),
            ],
            className="state",
            **named("State of the run"),
        ),
        html.Div([card(name) for name in CHARTS if name not in LAST] + [table()] + [card(name) for name in LAST], className="cards"),
    ]


def table() -> Any:
    """Headline figures of both runs."""
    inner = html.Div(html.Table(id="headline", className="headline"), className="scroll")
    return html.Section([html.H2("In figures"), html.P("Over the whole run.", className="note"), inner], className="card")


def card(name: str) -> Any:
    """One chart with its heading and a note."""
    title, note = CHARTS[name]
    graph = dcc.Graph(id=name, config=CONFIG, responsive=True, style={"height": f"{HEIGHTS.get(name, HEIGHT)}px"})
    inner = [graph]
    if name == "flows":
        options = [{"label": f" {label}", "value": value} for value, label in VIEWS.items()]
        inner = [
            dcc.RadioItems(id="view", options=options, value="run", className="choices"),
            html.Div(html.Div(graph, className="inner"), className="scroll"),
        ]
    return html.Section([html.H2(title), html.P(note, className="note"), *inner], className=f"card{' wide' if name in WIDE else ''}")
