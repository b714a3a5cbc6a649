"""One member of an ensemble as a run of its own: the command, and the file of its shocks."""

from __future__ import annotations

import shlex
from pathlib import Path

from dollarflow.ensembles.members import Members
from dollarflow.errors import BadInput
from dollarflow.files import write_file


def command_of(members: Members, number: int, scenario: str, file: Path) -> str:
    """The command that solves a member by itself; writes its shocks to ``file`` where there are any.

    Parameters
    ----------
    members
        The ensemble.
    number
        Which member, from 0.
    scenario
        The scenario as it was named.
    file
        Place of a CSV of dated paths.

    Raises
    ------
    BadInput
        No such member, or a place that cannot be written.
    """
    if not 0 <= number < members.design.members:
        raise BadInput(f"--member {number}: the ensemble has members 0 to {members.design.members - 1:,}")
    words = ["dollarflow", "run", scenario, "--start", members.dates[0].isoformat()]
    if members.periods is not None:
        words += ["--periods", str(members.periods)]
    if members.clock is not None:
        words += ["--clock", members.clock]
    drawn = members.drawn(number, number + 1)[0].tolist()
    for name, value in zip(members.variation.names, drawn, strict=True):
        words += ["--set", f"{name}={value!r}"]
    paths = members.given(number, number + 1)
    if paths:
        lines = [",".join(["date", *paths])]
        lines += [",".join([day.isoformat(), *(repr(float(p[0, k])) for p in paths.values())]) for k, day in enumerate(members.dates)]
        write_file(file, ("\n".join(lines) + "\n").encode())
        words += ["--exogenous", str(file)]
    return shlex.join(words)
