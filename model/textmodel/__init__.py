"""Text models: a researcher's own or a textbook's equations in a text file, read by a parser and solved like any other system.

``read_text_model`` reads a file, ``parse_text_model`` a text, ``solve_text_model`` solves; ``TextModelError`` is the only error that bad
input can raise. Names are loaded when they are first used: what solves a model that was compiled before needs no parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.textmodel.errors import TextModelError
    from model.textmodel.grammar import parse
    from model.textmodel.kept import keep_pattern, program_of, read_text_model
    from model.textmodel.model import Shock, TextModel
    from model.textmodel.reader import parse_text_model
    from model.textmodel.solution import solve_model, solve_text_model
    from model.textmodel.syntax import show

__all__ = [
    "Shock",
    "TextModel",
    "TextModelError",
    "keep_pattern",
    "parse",
    "parse_text_model",
    "program_of",
    "read_text_model",
    "show",
    "solve_model",
    "solve_text_model",
]

_HOMES = {
    "Shock": "model",
    "TextModel": "model",
    "TextModelError": "errors",
    "keep_pattern": "kept",
    "parse": "grammar",
    "parse_text_model": "reader",
    "program_of": "kept",
    "read_text_model": "kept",
    "show": "syntax",
    "solve_model": "solution",
    "solve_text_model": "solution",
}


def __getattr__(name: str) -> Any:
    """The public name, loaded from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'model.textmodel' has no attribute {name!r}")
    found = getattr(import_module(f"model.textmodel.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
