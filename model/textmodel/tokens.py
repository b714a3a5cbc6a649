"""Tokens of a text model's lines: numbers, names, operators, each with its column."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from model.textmodel.errors import TextModelError

TokenKind = Literal["number", "name", "operator", "end"]

NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
NAME = re.compile(r"[^\W\d]\w*")
OPERATOR = re.compile(r"\*\*|<=|>=|==|[-+*/()<>=,:]")
TAIL = re.compile(r"[\w.]*")
OPERATORS = "+ - * / ** ( ) < <= > >= =="
STRANGERS = {
    "^": "a power is written **",
    "[": "brackets in an expression are ( )",
    "]": "brackets in an expression are ( )",
    "{": "brackets in an expression are ( )",
    "}": "brackets in an expression are ( )",
    ";": "one statement stands on one line",
    "&": "conditions are joined by 'and'",
    "|": "conditions are joined by 'or'",
    "!": "a condition is negated by 'not'",
    "%": "write a percentage as a decimal, 0.05",
    "\\": "a statement stands on one line",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file without its comment.

    Parameters
    ----------
    file, number
        Where it is; lines count from 1.
    text
        The line as written, comment included (messages show it).
    """

    file: str
    number: int
    text: str

    def error(self, what: str, allowed: str, column: int) -> TextModelError:
        """An error at a column of this line."""
        return TextModelError(what, allowed, self.file, self.number, column, self.text.rstrip())


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line.

    Parameters
    ----------
    kind
        What it is; the last token of a line is ``end`` with an empty text.
    text
        As written.
    column
        Of its first character, counted from 1.
    """

    kind: TokenKind
    text: str
    column: int


def without_comment(text: str) -> str:
    """The text before the first ``#``."""
    return text.partition("#")[0]


def tokens(line: Line) -> list[Token]:
    """The tokens of a line, its comment left out, an ``end`` token last.

    Raises
    ------
    TextModelError
        At a number that is not one, or at a character that has no meaning here.
    """
    text = without_comment(line.text).rstrip()
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if match := NUMBER.match(text, at):
            check_number(line, match)
            found.append(Token("number", match.group(), at + 1))
        elif match := NAME.match(text, at):
            found.append(Token("name", match.group(), at + 1))
        elif match := OPERATOR.match(text, at):
            found.append(Token("operator", match.group(), at + 1))
        else:
            raise line.error(f"unexpected character {text[at]!r}", STRANGERS.get(text[at], f"operators are {OPERATORS}"), at + 1)
        at = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


def check_number(line: Line, match: re.Match[str]) -> None:
    """Refuse ``1.2.3``, ``2x``, ``1e`` and what double precision cannot hold."""
    tail = TAIL.match(match.string, match.end())
    rest = tail.group() if tail else ""
    if rest:
        whole = match.group() + rest
        if rest[0].isalpha() and rest[0] not in "eE":
            allowed = f"a product needs its *, as in {match.group()}*{rest}"
        else:
            allowed = "numbers look like 2, 0.025, .5 or 1e-3"
        raise line.error(f"bad number {whole!r}", allowed, match.start() + 1)
    if not math.isfinite(float(match.group())):
        raise line.error(f"the number {match.group()!r} is too large", "numbers are below 1.8e308", match.start() + 1)
