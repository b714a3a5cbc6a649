"""The catalogue: every series that is read, by its publisher's identifier, and every figure that is made of them.

``calibration/catalogue`` holds the tables; this module checks and joins them. A series that is not there is an error that names the
nearest one that is.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from calibration.sources.entries import Entry, Identity, Publisher, Target, problems, terms_of
from calibration.sources.findings import Finding, SourceError
from calibration.sources.names import suggestion
from calibration.sources.timing import Stamp


@dataclass(frozen=True)
class Catalogue:
    """Publishers, series, figures and identities."""

    publishers: Mapping[str, Publisher]
    entries: tuple[Entry, ...]
    targets: tuple[Target, ...]
    identities: tuple[Identity, ...]

    def entry(self, publisher: str, series: str) -> Entry:
        """The entry of a publisher's series.

        Raises
        ------
        SourceError
            An unknown series (``not in the catalogue``) with the nearest of the publisher.

        Examples
        --------
        >>> catalogue().entry("FRED", "WALCL").unit
        'USD mn'
        """
        for item in self.entries:
            if item.key == (publisher, series):
                return item
        own = [item.series for item in self.entries if item.publisher == publisher]
        if not own:
            message = f"no publisher {publisher!r}; {suggestion(publisher, self.publishers)}"
        else:
            message = f"{publisher} series {series!r} is not mapped; {suggestion(series, own)}"
        raise SourceError([Finding("not in the catalogue", series, message)])

    def named(self, name: str) -> tuple[Entry, ...]:
        """Every publisher's copy of a series, the preferred one first.

        Raises
        ------
        SourceError
            An unknown name with the nearest.
        """
        found = tuple(item for item in self.entries if item.name == name)
        if not found:
            names = {item.name for item in self.entries}
            raise SourceError([Finding("not in the catalogue", name, f"no series of this name; {suggestion(name, names)}")])
        return found

    def target(self, figure: str) -> Target:
        """How a figure is made.

        Raises
        ------
        SourceError
            An unknown figure with the nearest, or one that no reader provides, with its publication.
        """
        for item in self.targets:
            if item.figure == figure:
                if not item.terms:
                    message = f"no reader provides it; it comes from: {item.note}"
                    raise SourceError([Finding("not in the catalogue", figure, message)])
                return item
        known = [item.figure for item in self.targets]
        raise SourceError([Finding("not in the catalogue", figure, f"no figure of this name; {suggestion(figure, known)}")])

    def knows(self, publisher: str, series: str) -> bool:
        """Whether a series is mapped."""
        return any(item.key == (publisher, series) for item in self.entries)


def table(name: str) -> list[dict[str, str]]:
    """The rows of ``calibration/catalogue/<name>``."""
    text = resources.files("calibration").joinpath("catalogue", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def day(text: str) -> date | None:
    """A date, or none for an empty cell."""
    return date.fromisoformat(text) if text else None


def read_publishers() -> dict[str, Publisher]:
    """The publishers by name."""
    text = resources.files("calibration").joinpath("catalogue", "publishers.toml").read_text(encoding="utf-8")
    found = {}
    for name, body in tomllib.loads(text).items():
        keys = body.get("key_name", ""), body.get("key_variable", "")
        found[name] = Publisher(name, body["name"], body["address"], body["licence"], body["vintage"], *keys)
    return found


def stamp_of(text: str) -> Stamp:
    """A stamp by its name.

    Raises
    ------
    ValueError
        Anything but ``day``, ``start`` and ``end``.
    """
    stamps: dict[str, Stamp] = {"day": "day", "start": "start", "end": "end"}
    if text in stamps:
        return stamps[text]
    raise ValueError(f"no stamp {text!r}; day, start or end")


def read_entries(publishers: Mapping[str, Publisher]) -> tuple[Entry, ...]:
    """The series, each with its publisher's terms."""
    entries = []
    for row in table("series.csv"):
        publisher = publishers[row["publisher"]]
        entries.append(
            Entry(
                name=row["name"],
                publisher=row["publisher"],
                series=row["series"],
                unit=row["unit"],
                frequency=row["frequency"],
                adjustment=row["adjustment"],
                timing=row["timing"],
                stamp=stamp_of(row["stamp"]),
                low=float(row["low"]),
                high=float(row["high"]),
                first=day(row["first"]),
                last=day(row["last"]),
                licence=publisher.licence,
                vintage=publisher.vintage,
                note=row["note"],
            )
        )
    return tuple(entries)


@cache
def catalogue() -> Catalogue:
    """The catalogue of ``calibration/catalogue``, checked.

    Raises
    ------
    ValueError
        Tables that contradict each other; every problem is listed.
    """
    publishers = read_publishers()
    entries = read_entries(publishers)
    targets = tuple(
        Target(row["figure"], terms_of(row["of"]), row["unit"], row["take"], row["gives"], row["history"], row["note"])
        for row in table("figures.csv")
    )
    identities = tuple(
        Identity(row["identity"], terms_of(row["terms"]), row["unit"], float(row["tolerance"])) for row in table("identities.csv")
    )
    found = problems(entries, targets, identities)
    if found:
        raise ValueError("calibration/catalogue: " + "; ".join(found))
    return Catalogue(publishers, entries, targets, identities)
