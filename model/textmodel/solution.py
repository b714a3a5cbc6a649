"""Paths of text models."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from model.textmodel.reader import TextModel, read_text_model

if TYPE_CHECKING:
    from model.periods.path import Path
    from model.solving.solver import Options


def solve_model(model: TextModel, periods: int, shock: bool = True, options: Options | None = None) -> Path:
    """The path of a text model over ``periods`` periods.

    Parameters
    ----------
    model
        As read.
    periods
        Number of solved periods, at least 1; row 0 of the path is the opening.
    shock
        Whether the file's [shock] lines apply.
    options
        Solver options; a variable without an opening value starts at 0.

    Raises
    ------
    SolveFailure
        Where some period has no solution that Newton's method reaches; it carries the diagnosis.
    """
    from model.solving.solver import Options, solve

    exogenous, parameters = model.paths(periods, shock)
    return solve(
        model.system,
        model.opening,
        parameters=model.parameters,
        exogenous=exogenous,
        periods=periods,
        parameter_paths=parameters,
        options=options or Options(missing=0.0),
    )


def solve_text_model(path: str | FilePath, periods: int, shock: bool = True) -> Path:
    """The path of the model in a file.

    Raises
    ------
    TextModelError
        Bad input: file, line, column, what was found and what is allowed.
    SolveFailure
        No solution in some period.
    """
    return solve_model(read_text_model(path), periods, shock)
