"""A chart as data: panels of series with units, labels and colours, which page and printed figure draw alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from dollarflow.charts.names import label
from dollarflow.reports.measures import BILLIONS, TRILLIONS, Measure
from dollarflow.reports.palette import LIGHT, colour

if TYPE_CHECKING:
    import pandas as pd

NOISE = 1e-6
"""Amount in USD bn below zero that a stack may hold: rounding."""
UNSEEN = 1e-4
"""Size of a figure, as shown, below which a panel has nothing to draw."""


class Kind(StrEnum):
    """How a panel is drawn."""

    LINES = "lines"
    STACK = "stack"
    BARS = "bars"
    LOG = "log"


@dataclass(frozen=True)
class Panel:
    """One set of axes.

    Parameters
    ----------
    title
        What it shows.
    measure
        Unit of every series.
    frame
        One column a series, in stored units; the index is dates, or texts for calendar spans.
    kind
        Lines, a stack of non-negative parts, signed bars, or lines on a logarithmic axis.
    lines
        Columns of a stack or of bars that are drawn as lines over it: totals.
    labels, colours
        Where the usual ones do not serve.
    dashed, steps
        Series that are drawn dashed; series that hold over a period and then jump.
    band
        Two series between which the panel is shaded.
    before
        The base run's figures, drawn thin and dotted under lines.
    zero
        True where the axis has to start at zero.
    """

    title: str
    measure: Measure
    frame: pd.DataFrame
    kind: Kind = Kind.LINES
    lines: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    dashed: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    band: tuple[str, str] | None = None
    before: pd.DataFrame | None = None
    zero: bool = False

    @property
    def drawn(self) -> Kind:
        """The kind, with lines in place of a stack that has negative parts."""
        negative = self.kind is Kind.STACK and bool((self.parts < -NOISE).to_numpy().any())
        return Kind.LINES if negative else self.kind

    @property
    def parts(self) -> pd.DataFrame:
        """The series that are stacked."""
        return self.frame[[name for name in self.frame.columns if name not in self.lines]]

    @property
    def moved(self) -> list[str]:
        """Series that differ from the base run's."""
        if self.before is None:
            return []
        both = [name for name in self.frame.columns if name in self.before.columns]
        size = 1e-9 * float(self.frame.abs().to_numpy().max(initial=0.0, where=self.frame.notna().to_numpy()))
        return [name for name in both if bool((self.frame[name] - self.before[name]).abs().max() > size)]

    @property
    def idle(self) -> bool:
        """True where every figure is zero, the base run's too: the panel says so in place of an empty scale."""
        if self.kind is Kind.LOG or self.moved:
            return False
        return bool(((self.frame.fillna(0.0) * self.measure.scale).abs() < UNSEEN).to_numpy().all())

    def dash(self, name: str) -> str:
        """How a line is drawn: ``dash`` where asked, ``dashdot`` where a pale grey would pass for the other grey, else ``solid``."""
        if name in self.dashed:
            return "dash"
        return "dashdot" if self.colour(name) == LIGHT and name not in (self.band or ()) else "solid"

    def label(self, name: str) -> str:
        """What a series is called."""
        return self.labels.get(name) or label(name)

    def colour(self, name: str) -> str:
        """The colour of a series."""
        return self.colours.get(name) or colour(name, list(self.frame.columns).index(name))


@dataclass(frozen=True)
class Chart:
    """A named chart.

    Parameters
    ----------
    name, title, note
        What to call it, its heading, and what a reader needs to know, in one or two sentences.
    panels
        Its axes.
    files
        The result folder's files that it is made of.
    paired
        The note where two runs are compared; empty where the same one serves.
    """

    name: str
    title: str
    note: str
    panels: tuple[Panel, ...]
    files: tuple[str, ...] = ("path.csv",)
    paired: str = ""

    def table(self) -> pd.DataFrame:
        """Every figure drawn, one row each: date, panel, series, value as shown and its unit."""
        import pandas as pd

        parts = []
        for panel in self.panels:
            shown = (panel.frame * panel.measure.scale).rename(columns=panel.label)
            shown.index = pd.Index([written_date(day) for day in shown.index], name="date")
            long = shown.reset_index().melt(id_vars="date", var_name="series", value_name="value")
            parts.append(long.assign(panel=panel.title, unit=panel.measure.axis))
        return pd.concat(parts, ignore_index=True)[["date", "panel", "series", "value", "unit"]]


def written_date(day: object) -> str:
    """An index entry as text: an ISO date, or a calendar span as it is."""
    return day.strftime("%Y-%m-%d") if hasattr(day, "strftime") else str(day)


def against(changed: Chart, base: Chart) -> Chart:
    """A chart of two runs: lines with the base's dotted beside them, stacks and bars as changed less base.

    Differences of a stack are lines, in billions; those of bars are bars.
    """
    before = {panel.title: panel for panel in base.panels}
    panels = []
    for panel in changed.panels:
        other = before.get(panel.title)
        if other is None:
            panels.append(panel)
        elif panel.kind in (Kind.LINES, Kind.LOG):
            panels.append(replace(panel, before=other.frame))
        else:
            difference = panel.frame.sub(other.frame, fill_value=0.0).reindex(columns=panel.frame.columns)
            kind = Kind.LINES if panel.kind is Kind.STACK else Kind.BARS
            measure = BILLIONS if panel.measure is TRILLIONS else panel.measure
            title = f"{panel.title}, changed less base"
            panels.append(replace(panel, frame=difference, kind=kind, measure=measure, title=title, zero=False))
    return replace(changed, panels=tuple(panels), note=changed.paired or changed.note)
