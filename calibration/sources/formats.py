"""Formats: the documented ones, each with how it is recognised and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calibration.sources.findings import fail
from calibration.sources.published import Published
from calibration.sources.readers import board, cftc, fiscal, fred, newyork, ofr, tic
from calibration.sources.structure import refuse_markup


@dataclass(frozen=True)
class Format:
    """A publisher's format.

    Parameters
    ----------
    name
        What a person would call it.
    publisher
        By the catalogue's name.
    recognises
        Whether a body is in this format, from its content alone.
    read
        Body and origin to series.
    lines
        Whether every line is ended, the last one too: then a body that stops inside a line was cut, even inside a number.
    """

    name: str
    publisher: str
    recognises: Callable[[str], bool]
    read: Callable[[str, str], tuple[Published, ...]]
    lines: bool = False


# Ordered from the most to the least particular; the first that recognises a body reads it.
FORMATS = (
    Format("FRED observations (JSON)", fred.PUBLISHER, fred.recognises_observations, fred.read_observations),
    Format("NY Fed reference rates (JSON)", newyork.PUBLISHER, newyork.recognises_rates, newyork.read_rates),
    Format("NY Fed repo operations (JSON)", newyork.PUBLISHER, newyork.recognises_operations, newyork.read_operations),
    Format("OFR series with metadata (JSON)", ofr.PUBLISHER, ofr.recognises_full, ofr.read_full),
    Format("OFR bare series (JSON)", ofr.PUBLISHER, ofr.recognises_bare, ofr.read_bare),
    Format("FiscalData answer (JSON)", fiscal.PUBLISHER, fiscal.recognises_json, fiscal.read_json),
    Format("CFTC TFF rows (JSON)", cftc.PUBLISHER, cftc.recognises_json, cftc.read_json),
    Format("CFTC TFF text (FinFutYY)", cftc.PUBLISHER, cftc.recognises_text, cftc.read_text, True),
    Format("Federal Reserve Board Data Download (CSV)", board.PUBLISHER, board.recognises_download, board.read_download, True),
    Format("Z.1 release table (CSV)", board.PUBLISHER, board.recognises_z1, board.read_z1, True),
    Format("FiscalData download (CSV)", fiscal.PUBLISHER, fiscal.recognises_csv, fiscal.read_csv),
    Format("TIC SLT table 3", tic.PUBLISHER, tic.recognises_table3, tic.read_table3, True),
    Format("TIC SLT table 5", tic.PUBLISHER, tic.recognises_table5, tic.read_table5, True),
    Format("TIC major foreign holders, history", tic.PUBLISHER, tic.recognises_history, tic.read_history, True),
    Format("FRED graph (CSV)", fred.PUBLISHER, fred.recognises_graph, fred.read_graph, True),
)


def recognise(text: str) -> Format | None:
    """The format of a body, by its content; none for any other."""
    return next((item for item in FORMATS if item.recognises(text)), None)


def read(text: str, origin: str) -> tuple[Published, ...]:
    """The series of a body in any documented format.

    Raises
    ------
    SourceError
        A page instead of data, no documented format (``unrecognised``), or what the format's reader refuses.
    """
    refuse_markup(text, origin)
    found = recognise(text)
    if found is None:
        start = " ".join(text[:60].split())
        raise fail("unrecognised", origin, f"starts with {start!r}; documented: {'; '.join(item.name for item in FORMATS)}")
    if found.lines and not text.endswith("\n"):
        raise fail("truncated body", origin, "stops inside a line; if the file is whole, end its last line")
    return found.read(text, origin)
