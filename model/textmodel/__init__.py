"""Text models: a researcher's own or a textbook's equations in a text file, read by a parser and solved like any other system.

``read_text_model`` reads a file, ``parse_text_model`` a text, ``solve_text_model`` solves; ``TextModelError`` is the only error that bad
input can raise.
"""

from model.textmodel.errors import TextModelError
from model.textmodel.grammar import parse
from model.textmodel.reader import Shock, TextModel, parse_text_model, read_text_model
from model.textmodel.solution import solve_model, solve_text_model
from model.textmodel.syntax import show

__all__ = [
    "Shock",
    "TextModel",
    "TextModelError",
    "parse",
    "parse_text_model",
    "read_text_model",
    "show",
    "solve_model",
    "solve_text_model",
]
