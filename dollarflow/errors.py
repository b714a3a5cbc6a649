"""The failures that a command answers with one message: bad input with exit code 2, a model or an audit that failed with 1."""

from __future__ import annotations


class BadInput(ValueError):
    """Something that the caller gave and that cannot be used: what, where, and what is allowed."""


class Failed(RuntimeError):
    """A model that could not be solved, or an audit that found something."""


def kinds() -> tuple[type[Exception], ...]:
    """Every exception of the layers below that means bad input."""
    from calibration.tables import DataError
    from dollarflow.results import NotAResult, Unwritable
    from dollarflow.results.reader import UnreadableResult
    from equations.anchors import AnchorError
    from model.language.system import SystemError_
    from model.periods.inputs import InputError
    from model.scenarios.places import BadFile
    from model.textmodel.errors import TextModelError

    return (BadInput, BadFile, InputError, SystemError_, DataError, NotAResult, UnreadableResult, Unwritable, AnchorError, TextModelError)
