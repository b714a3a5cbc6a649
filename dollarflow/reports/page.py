"""The report: one self-contained page made from one result folder or two, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from dollarflow.charts.catalogue import CHARTS, chart
from dollarflow.charts.chart import Chart
from dollarflow.charts.figures import Figures, Missing
from dollarflow.departures import in_words
from dollarflow.reports import headline, provenance
from dollarflow.reports.comparison import compared
from dollarflow.reports.plots import Entry, legend, plotly_figure
from dollarflow.reports.stops import flow_stops, matrix_stops, network_stops

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATE, STYLE, SCRIPT = "page.html.j2", "page.css", "page.js"
SECTIONS: dict[str, tuple[str, ...]] = {
    "Money markets": ("corridor", "facility", "liquidity"),
    "The debt and its buyers": ("backing", "holders", "buyers", "financing", "repo", "hedge_funds", "classes", "yields"),
    "The Fed": ("fed_balance_sheet", "fed_income"),
    "Money": ("m2",),
    "Certificates": ("certificates",),
}
"""Charts of the page by section."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Drawn:
    """A panel on the page.

    Parameters
    ----------
    key
        Its element's name.
    title, unit
        Heading.
    legend
        An entry a series.
    dotted
        True where the base's lines are drawn as well.
    """

    key: str
    title: str
    unit: str
    legend: list[Entry]
    dotted: bool


@dataclass(frozen=True)
class Shown:
    """A chart on the page, or why it is not there."""

    name: str
    title: str
    note: str
    files: tuple[str, ...] = ()
    panels: tuple[Drawn, ...] = ()
    lacking: str = ""


@dataclass
class Specifications:
    """What the page's script draws: plotly figures by element, and what the sliders show."""

    panels: dict[str, Any] = field(default_factory=dict)
    stops: dict[str, Any] = field(default_factory=dict)


def page(
    changed: Figures,
    base: Figures | None = None,
    progress: Progress | None = None,
    mechanisms: Any = None,
    verdicts: Sequence[provenance.Verdict] | None = None,
) -> str:
    """The page's text.

    Parameters
    ----------
    changed, base
        The run; where two are compared, the changed one and its base.
    progress
        Told about (charts done, charts in all).
    mechanisms
        Decompositions by mechanism, by variable; None where they are not asked for.
    verdicts
        Of the audits of the folders, the base's first; made here where none are given.
    """
    runs = (changed,) if base is None else (base, changed)
    if verdicts is None:
        verdicts = [provenance.verdict(run) for run in runs]
    specifications = Specifications()
    total = sum(map(len, SECTIONS.values())) + 3
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    sections: dict[str, list[Shown]] = {}
    for section, names in SECTIONS.items():
        sections[section] = []
        for name in names:
            sections[section].append(shown(name, changed, base, specifications))
            step()
    lacking = dict.fromkeys(("flows", "network", "matrices"), "")
    for name, make in (("flows", flow_stops), ("network", network_stops), ("matrices", matrix_stops)):
        try:
            specifications.stops[name] = make(changed)
        except Missing as error:
            lacking[name] = str(error)
        step()
    dates, lines = headline.headline(changed)
    comparison = None if base is None else compared(base, changed, mechanisms)
    if comparison is not None:
        for one in comparison.charts:
            add(one, specifications)
    text: str = template().render(
        title=titled(changed),
        changed=changed,
        base=base,
        verdicts=[(run.label, found) for run, found in zip(runs, verdicts, strict=True)],
        facts=headline.facts(changed),
        dates=dates,
        lines=lines,
        sections=sections,
        lacking=lacking,
        comparison=comparison,
        compared_charts=[] if comparison is None else [described(one) for one in comparison.charts],
        scenarios=[provenance.scenario(run) for run in runs],
        certificates=provenance.certificates(changed),
        origin=provenance.origin(changed),
        settings=provenance.settings(changed),
        specifications=embedded({"panels": specifications.panels, **specifications.stops}),
        style=own(STYLE),
        script=own(SCRIPT),
        plotly=library(),
    )
    return text


def titled(figures: Figures) -> str:
    """The run's title with the caller's settings."""
    settings = in_words(figures.scenario.get("overrides", {}))
    title = str(figures.scenario.get("title") or figures.folder.name)
    return f"{title}, {settings}" if settings else title


def shown(name: str, changed: Figures, base: Figures | None, specifications: Specifications) -> Shown:
    """A chart with its plotly figures added to the page's specifications."""
    try:
        found = chart(name, changed, base)
    except Missing as error:
        title = (CHARTS[name].__doc__ or name).splitlines()[0]
        return Shown(name, title, "", lacking=f"Not drawn: {error}.")
    add(found, specifications)
    return described(found)


def add(found: Chart, specifications: Specifications) -> None:
    """A chart's panels as plotly figures."""
    for place, panel in enumerate(found.panels):
        specifications.panels[f"{found.name}-{place}"] = plotly_figure(panel).to_plotly_json()


def described(found: Chart) -> Shown:
    """What the page writes around a chart's panels."""
    panels = [
        Drawn(f"{found.name}-{place}", panel.title, panel.measure.axis, legend(panel), bool(panel.moved))
        for place, panel in enumerate(found.panels)
    ]
    return Shown(found.name, found.title, found.note, found.files, tuple(panels))


def embedded(content: dict[str, Any]) -> Markup:
    """Data as JSON that may stand inside a page's script element."""
    from markupsafe import Markup

    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=plain)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def plain(value: Any) -> Any:
    """A numpy value or a tuple as JSON holds it."""
    return value.tolist() if hasattr(value, "tolist") else list(value)


@cache
def template() -> Any:
    """The page's template; texts are escaped."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(resources.files("dollarflow.reports").joinpath(TEMPLATE).read_text(encoding="utf-8"))


def own(name: str) -> Markup:
    """A file of this package as it is."""
    from markupsafe import Markup

    return Markup(resources.files("dollarflow.reports").joinpath(name).read_text(encoding="utf-8"))


def library() -> Markup:
    """The text of plotly.js, which the page carries with it."""
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    return Markup(get_plotlyjs())


def names() -> Sequence[str]:
    """Every chart of the page."""
    return [name for section in SECTIONS.values() for name in section]
