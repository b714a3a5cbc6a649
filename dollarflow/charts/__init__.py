"""Charts as data: a function a chart, from a result folder to labelled series with units."""

from dollarflow.charts.catalogue import CHARTS, chart
from dollarflow.charts.chart import Chart, Kind, Panel
from dollarflow.charts.figures import Figures, Missing, read_figures

__all__ = ["CHARTS", "Chart", "Figures", "Kind", "Missing", "Panel", "chart", "read_figures"]
