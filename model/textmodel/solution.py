"""Paths of text models."""

from __future__ import annotations

from pathlib import Path as FilePath

from model.periods.newton import Options
from model.periods.path import Path
from model.solving.programs import solve_program
from model.textmodel.kept import program_of, read_text_model
from model.textmodel.model import TextModel


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
    chosen = options or Options(missing=0.0)
    exogenous, parameters = model.paths(periods, shock)
    return solve_program(
        program_of(model, chosen.backend),
        model.opening,
        parameters=model.parameters,
        exogenous=exogenous,
        periods=periods,
        parameter_paths=parameters,
        options=chosen,
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
