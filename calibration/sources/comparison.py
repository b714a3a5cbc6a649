"""Comparison with the compiled history, observation by observation: exchanged columns, other units, and days far from what was compiled."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log10
from statistics import median

from calibration.sources.findings import Finding

ENOUGH = 3
NEARLY_ALL = 0.9
NEAR_A_POWER = 0.02
ROUNDING = 0.002
THOUSAND = 3
SHOWN = 3
LARGE = 3.0
JUMP = 10.0


@dataclass(frozen=True)
class Known:
    """Compiled values of a series and the size of its ordinary revisions.

    Parameters
    ----------
    values
        Compiled observations by date, in the unit of the series that is compared.
    amount, share
        The largest ordinary revision: ``amount`` in that unit, or ``share`` of the value where that is more.
    rate
        Whether it is a rate: rates are confused by powers of a hundred, amounts by powers of a thousand.
    """

    values: Mapping[date, float]
    amount: float
    share: float = 0.0
    rate: bool = False

    def revision(self, day: date) -> float:
        """The largest ordinary revision of a day's value."""
        return max(self.amount, self.share * abs(self.values[day])) + 1e-9

    def rounding(self, day: date) -> float:
        """What two publications of one value differ by."""
        return self.amount / 4 + 1e-9 if self.rate else max(ROUNDING * abs(self.values[day]), self.amount / 50) + 1e-9


def check_reference(series: Mapping[str, Mapping[date, float]], reference: Mapping[str, Known]) -> list[Finding]:
    """No observation is another series', in another unit, or further from the compiled one than an ordinary revision.

    Smaller differences are noted: they are revisions.

    Parameters
    ----------
    series
        Observations by name.
    reference
        Compiled values of the same names in the same units.
    """
    return [
        finding
        for name, values in series.items()
        if name in reference
        for finding in compared(name, values, reference[name], {other: known for other, known in reference.items() if other != name})
    ]


def compared(name: str, values: Mapping[date, float], own: Known, others: Mapping[str, Known]) -> list[Finding]:
    """The findings about one series."""
    return [*on_common_days(name, values, own, others), *between_days(name, values, own)]


def between_days(name: str, values: Mapping[date, float], own: Known) -> list[Finding]:
    """A finding about days between compiled ones that are far from both neighbours: ten ordinary revisions outside their range."""
    days = sorted(own.values)
    strange = []
    for day in sorted(set(values) - set(own.values)):
        place = bisect(days, day)
        if 0 < place < len(days):
            around = [own.values[days[place - 1]], own.values[days[place]]]
            room = JUMP * max(own.revision(days[place - 1]), own.revision(days[place]))
            if not min(around) - room <= values[day] <= max(around) + room:
                strange.append(f"{day.isoformat()}: {values[day]:.6g}, compiled {around[0]:.6g} before and {around[1]:.6g} after")
    if not strange:
        return []
    more = f"; and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""
    return [Finding("unlike the history", name, f"far from the compiled days around: {'; '.join(strange[:SHOWN])}{more}")]


def on_common_days(name: str, values: Mapping[date, float], own: Known, others: Mapping[str, Known]) -> list[Finding]:
    """A finding about the days on which a series and its compiled values differ."""
    common = sorted(set(values) & set(own.values))
    off = [day for day in common if abs(values[day] - own.values[day]) > own.rounding(day)]
    far = [day for day in off if abs(values[day] - own.values[day]) > own.revision(day)]
    if not off:
        return []
    shown = listed(values, own.values, far or off)
    other = twin(values, off, others) if far or 2 * len(off) > len(common) else ""
    if other:
        return [Finding("column swapped", name, f"on {len(off)} of {len(common)} common days its values are those of {other} ({shown})")]
    if not far:
        return [Finding("revision", name, f"{len(off)} of {len(common)} values differ from the compiled ones ({shown})", "note")]
    power = power_of([(values[day], own.values[day]) for day in far], own.rate)
    if power:
        check = "unit" if own.rate else "thousands for billions"
        return [
            Finding(check, name, f"on {len(far)} of {len(common)} common days its values are 10^{power} times the compiled ones ({shown})")
        ]
    least = f"{own.amount:g}" + (f" and {own.share:.1%}" if own.share else "")
    text = f"{len(far)} of {len(common)} values are further from the compiled ones than an ordinary revision of {least} ({shown})"
    return [Finding("unlike the history", name, text)]


def twin(values: Mapping[date, float], days: Sequence[date], others: Mapping[str, Known]) -> str:
    """The series whose compiled values these are on nearly all of some days; empty where there is none, or too few days to tell."""
    if len(days) < ENOUGH:
        return ""
    for name, known in others.items():
        equal = [day in known.values and abs(values[day] - known.values[day]) <= known.rounding(day) for day in days]
        if sum(equal) >= NEARLY_ALL * len(days):
            return name
    return ""


def power_of(pairs: Iterable[tuple[float, float]], rate: bool) -> int:
    """The power of ten that lies between most values and the compiled ones; 0 where none that units differ by does."""
    logs = [log10(abs(one / other)) for one, other in pairs if one and other]
    if not logs:
        return 0
    power = round(median(logs))
    base = 2 if rate else THOUSAND
    near = sum(abs(item - power) < NEAR_A_POWER for item in logs)
    return power if power and power % base == 0 and 2 * near > len(logs) else 0


def listed(values: Mapping[date, float], known: Mapping[date, float], days: Sequence[date]) -> str:
    """The first few of some days with both values."""
    shown = "; ".join(f"{day.isoformat()}: {values[day]:.6g}, compiled {known[day]:.6g}" for day in days[:SHOWN])
    return shown if len(days) <= SHOWN else f"{shown}; and {len(days) - SHOWN} more"


def check_moved(moved: Iterable[tuple[date, str, float, float, float]]) -> list[Finding]:
    """No row or rate of an opening moves by more than three deviations.

    Parameters
    ----------
    moved
        Day, name, compiled and new value, and the size of the move in deviations.
    """
    return [
        Finding("moved opening", name, f"{day.isoformat()}: {old:,.6g} becomes {new:,.6g}, {size:+.1f} deviations; allowed are {LARGE:g}")
        for day, name, old, new, size in moved
        if abs(size) > LARGE
    ]
