"""``dollarflow solve``: a text model solved, written as CSV and summed up on the screen."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.periods.path import Consistency, Path
    from model.textmodel import TextModel

DONE, FAILED, BAD_INPUT = 0, 1, 2
PERIODS = 100
STEADY_PERIODS = 10_000
STEADY_SECONDS = 1.0
Say = Callable[[str], None]


class OutputError(ValueError):
    """A file that cannot be written; the message names it."""


def print_line(text: str) -> None:
    """Print a line on standard output."""
    sys.stdout.write(text + "\n")


def print_error(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(text + "\n")


def solve_file(
    file: FilePath,
    periods: int = PERIODS,
    shock: bool = True,
    out: FilePath | None = None,
    timing: bool = False,
    strict: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    say: Say = print_line,
    complain: Say = print_error,
) -> int:
    """Solve a text model and report.

    Parameters
    ----------
    file
        The text model.
    periods
        Number of solved periods.
    shock
        Whether the file's [shock] lines apply.
    out
        CSV to write: ``period``, then the variables in the order of [equations]; rows 0 to ``periods``.
    timing
        Also report where the time goes; the last line is ``steady: 1.23 us/period``.
    strict
        Inconsistent opening stocks end with exit code 1.
    quiet
        Report nothing but an inconsistent opening, errors and, where asked for, timings.
    verbose
        Also report the blocks and what Newton solves for in them.
    say, complain
        Take the report's and the errors' lines.

    Returns
    -------
    The exit code: 0 done, 1 the model failed (or the opening is inconsistent, under ``strict``), 2 bad input.
    """
    clock = time.perf_counter
    start = clock()
    from model.language.structure import StructureError
    from model.periods.failure import SolveFailure
    from model.periods.inputs import InputError
    from model.textmodel import keep_pattern, program_of, read_text_model, solve_model

    def refuse(text: object) -> None:
        complain(f"dollarflow: {text}")

    imported = clock()
    try:
        if periods < 0:
            raise InputError(f"--periods {periods}: give a whole number from 0")
        check_writable(out, file)
        model = read_text_model(file)
        built = clock()
        program_of(model)
        compiled = clock()
        path = solve_model(model, periods, shock)
        first = clock()
        if out is not None:
            write_csv(model, path, out)
    except SolveFailure as failure:
        refuse(f"{file}: {failure}")
        return FAILED
    except StructureError as error:
        refuse(f"{file}: {error}")
        return BAD_INPUT
    except ValueError as error:
        refuse(error)
        return BAD_INPUT
    if not quiet:
        for line in summary(model, path):
            say(line)
        if out is not None:
            say(f"wrote {out}")
        for change in model.shocks if shock else ():
            if change.first > periods:
                say(f"note: the shock on {change.name} begins in period {change.first}, after the last one, {periods}")
    if verbose:
        from dollarflow.trace import trace

        for line in trace(path):
            say(line)
    unknown = without_number(path)
    if unknown:
        refuse(f"{file}: {unknown}")
        return FAILED
    consistent = path.consistency.consistent and not path.consistency.unexplained
    keep_pattern(model)
    if not consistent:
        (refuse if strict else say)(verdict(path.consistency))
    if timing:
        for name, seconds in zip(
            ("import", "build", "compile", "first"), (imported - start, built - imported, compiled - built, first - compiled), strict=True
        ):
            say(f"{name}: {1e3 * seconds:.1f} ms")
        say(f"steady: {1e6 * steady(model, periods, shock):.2f} us/period")
    return FAILED if strict and not consistent else DONE


def summary(model: TextModel, path: Path) -> list[str]:
    """Size, blocks, iterations, largest residuals of a solved text model, a line each."""
    s = path.statistics
    simultaneous = (
        f"{counted(s.simultaneous, 'simultaneous block')}, the largest of {s.largest} equations" if s.simultaneous else "none simultaneous"
    )
    sizes = [counted(s.equations, "equation"), counted(s.blocks, "block"), simultaneous, counted(s.torn, "torn unknown")]
    lines = [
        f"{model.name}: {', '.join(sizes)}",
        f"{counted(path.periods, 'period')}, {counted(s.iterations, 'Newton iteration')}, at most {s.most} in a period",
    ]
    if not path.hidden_gaps.size:
        return [*lines, "no identity to check"]
    import numpy as np

    gaps = abs(path.hidden_gaps)
    row, column = divmod(int(np.nan_to_num(gaps, nan=np.inf).argmax()), gaps.shape[1])
    identity = path.hidden_names[column]
    return [*lines, f"largest identity residual: {gaps[row, column]:.3e} ({identity}, period {row})"]


def without_number(path: Path) -> str:
    """The first identity whose residual is no number in some period; empty where each is one."""
    import numpy as np

    broken = np.argwhere(~np.isfinite(path.hidden_gaps[1:]))
    if not len(broken):
        return ""
    period, column = broken[0].tolist()
    return f"identity {path.hidden_names[column]!r} has no value in period {period + 1}: a logarithm, root or division without one"


def verdict(found: Consistency) -> str:
    """What is wrong with an opening, or with identities that no opening makes hold."""
    from model.periods.path import CONSISTENT

    broken = {name for name, gap in found.relative.items() if gap > CONSISTENT}
    kind = "identity that does not hold" if broken <= set(found.unexplained) else "inconsistent opening"
    return f"{kind}: {found}"


def counted(number: int, noun: str) -> str:
    """``1 block``, ``2 blocks``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def check_writable(out: FilePath | None, file: FilePath) -> None:
    """Refuse an output file that could not be written in the end, or that is the model's own.

    Raises
    ------
    OutputError
        The folder does not exist or cannot be written, the file is a folder, or its name does not end in .csv.
    BadInput
        The file is the model's own or belongs to a result folder.
    """
    if out is None:
        return
    if out.is_dir():
        raise OutputError(f"--out {out}: a folder; give the path of a CSV file")
    if out.suffix.lower() != ".csv":
        raise OutputError(f"--out {out}: the path is written as CSV; the file's ending must be .csv")
    if not out.parent.is_dir():
        raise OutputError(f"--out {out}: no folder {out.parent}; create it first")
    if not os.access(out.parent, os.W_OK):
        raise OutputError(f"--out {out}: the folder {out.parent} cannot be written")
    from dollarflow.files import check_file

    check_file(out, file)


def write_csv(model: TextModel, path: Path, out: FilePath) -> None:
    """Write the path, whole or not at all, with every number as the shortest text that reads back to the same double.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    columns = [path[name].tolist() for name in model.order]
    lines = [",".join(("period", *model.order))]
    lines += [",".join((str(period), *map(repr, row))) for period, row in enumerate(zip(*columns, strict=True))]
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write("\n".join(lines) + "\n")
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            os.replace(temporary, out)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise OutputError(f"--out {out}: cannot be written ({error.strerror})") from None


def steady(model: TextModel, periods: int, shock: bool) -> float:
    """Seconds that each further period takes once everything is compiled and the opening is checked.

    The shortest of repeated solves over a long horizon and over a tenth of it; their difference by the number of periods
    between them. The long horizon is ``periods``, or longer where the model can be solved for longer.
    """
    from model.periods.newton import Options
    from model.textmodel import solve_model

    options = Options(missing=0.0, raise_on_failure=False, repair=False)
    begun = time.perf_counter()

    def spent() -> float:
        return time.perf_counter() - begun

    def taken(horizon: int) -> float:
        start = time.perf_counter()
        path = solve_model(model, horizon, shock, options)
        return time.perf_counter() - start if path.failure is None else float("inf")

    least = max(periods, 1)
    long, best = least, taken(least)
    while 4 * long <= STEADY_PERIODS and spent() + 4 * best < STEADY_SECONDS:
        longer = taken(4 * long)
        if longer == float("inf"):
            break
        long, best = 4 * long, longer
    short = long // 10
    brief = taken(short)
    while spent() < STEADY_SECONDS:
        best, brief = min(best, taken(long)), min(brief, taken(short))
    return (best - brief) / (long - short) if brief < best < float("inf") else best / long
