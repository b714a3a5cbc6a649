"""Printed figures as files: the same result folder gives the same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE = Path(__file__).with_name("dollarflow.mplstyle")
FORMATS = ("pdf", "svg", "png")
METADATA: dict[str, dict[str, str | None]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": "dollarflow"},
    "svg": {"Date": None, "Creator": "dollarflow"},
    "png": {"Software": None},
}
"""No times and no versions: they would change the bytes."""


def figure_bytes(figure: Figure, form: str) -> bytes:
    """A figure in one of :data:`FORMATS`, fonts embedded (SVG: as outlines); to be called within the style."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format=form, metadata=METADATA[form])
    return stream.getvalue()
