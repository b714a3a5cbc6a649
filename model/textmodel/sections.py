"""A text model's lines as statements, section by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.language.names import nearest
from model.textmodel.errors import TextModelError
from model.textmodel.grammar import FUNCTIONS, WORDS, Parser
from model.textmodel.tokens import Line, Token, tokens, without_comment

SECTIONS = ("model", "equations", "parameters", "exogenous", "initial", "shock", "identity")
FORMS = {
    "equations": "one equation a line, as in C = alpha1*YD + alpha2*V(-1)",
    "parameters": "one value a line, as in alpha1 = 0.6",
    "exogenous": "one value a line, as in G = 20",
    "initial": "one value a line, as in V = 86.4",
    "shock": "from PERIOD: name = number, or from PERIOD to PERIOD: name = number",
    "model": "key = text, as in name = SIM",
}
GREATEST_PERIOD = 10_000_000
PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a section.

    Parameters
    ----------
    section
        The section it stands in.
    line
        Where it is.
    tokens
        The line's tokens.
    name
        The name it gives something to; None in [identity].
    start
        Index of the first token of its expression.
    first, last
        Periods of a shock; ``last`` is None where it stays.
    """

    section: str
    line: Line
    tokens: list[Token]
    name: Token | None
    start: int
    first: int = 0
    last: int | None = None

    def parser(self, known: set[str]) -> Parser:
        """A parser at the start of the statement's expression."""
        return Parser(self.line, known, self.start, self.tokens)


@dataclass(frozen=True)
class Sections:
    """All statements of a file.

    Parameters
    ----------
    file
        The file's name as given.
    notes
        What [model] says, by key.
    statements
        In file order.
    """

    file: str
    notes: dict[str, str]
    statements: list[Statement]

    def of(self, *sections: str) -> Iterator[Statement]:
        """The statements of some sections, in file order."""
        return (s for s in self.statements if s.section in sections)


def sections(text: str, file: str) -> Sections:
    """The statements of a text.

    Raises
    ------
    TextModelError
        At the first line that no section allows.
    """
    notes: dict[str, str] = {}
    statements: list[Statement] = []
    current: str | None = None
    for number, written in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = Line(file, number, written)
        content = without_comment(written).strip()
        if not content:
            continue
        if content.startswith("["):
            current = header(line, content)
        elif current is None:
            raise line.error(f"{content.split()[0]!r} before any section", f"sections are {listed()}", indent(written))
        elif current == "model":
            key, equals, value = content.partition("=")
            if not equals or not key.strip():
                raise line.error(f"{content!r} in [model]", FORMS["model"], indent(written))
            if key.strip() in notes:
                raise line.error(f"{key.strip()!r} stands twice in [model]", "each key once", indent(written))
            if not content.replace("\t", " ").isprintable():
                raise line.error("a control character in [model]", FORMS["model"], indent(written))
            notes[key.strip()] = value.strip()
        else:
            statements.append(statement(line, current))
    if not statements:
        what = "the file is empty" if current is None else "no equation"
        raise TextModelError(what, "a model needs [equations] with one line for each variable", file)
    if not any(s.section == "equations" for s in statements):
        raise TextModelError("no equation", "a model needs [equations] with one line for each variable", file)
    return Sections(file, notes, statements)


def indent(text: str) -> int:
    """Column of the first character that is not blank."""
    return len(text) - len(text.lstrip()) + 1


def listed() -> str:
    """The sections as a sentence."""
    return ", ".join(f"[{s}]" for s in SECTIONS)


def header(line: Line, content: str) -> str:
    """The section that a header line opens."""
    column = indent(line.text)
    name, closed, after = content[1:].partition("]")
    if not closed:
        raise line.error("'[' is never closed", "a section opens with its name in brackets, as in [equations]", column)
    if after.strip():
        raise line.error(f"{after.strip()!r} after a section's name", "a section's name stands alone on its line", line.text.index("]") + 2)
    section = name.strip().lower()
    if section not in SECTIONS:
        raise line.error(f"unknown section [{name.strip()}]{nearest(section, SECTIONS)}", f"sections are {listed()}", column)
    return section


def statement(line: Line, section: str) -> Statement:
    """One line of a section other than [model]."""
    found = tokens(line)
    if section == "identity":
        return Statement(section, line, found, None, 0)
    first, last, at = 0, None, 0
    if section == "shock":
        first, last, at = periods(line, found)
    name, equals = found[at], found[min(at + 1, len(found) - 1)]
    if name.kind != "name":
        shown = f"{name.text!r} where a name is needed" if name.text else "the line ends where a name is needed"
        raise line.error(shown, FORMS[section], name.column)
    if name.text in FUNCTIONS or name.text in WORDS:
        raise line.error(f"{name.text!r} is a word of the language", "give the quantity another name", name.column)
    if name.text == PERIOD and section == "equations":
        raise line.error(f"{PERIOD!r} is the first column of results", "give the variable another name", name.column)
    if equals.text != "=":
        shown = f"{equals.text!r} after {name.text!r}" if equals.text else f"{name.text!r} without a value"
        what = "a name alone stands on the left of '='" if any(t.text == "=" for t in found) else FORMS[section]
        raise line.error(shown, what, equals.column)
    return Statement(section, line, found, name, at + 2, first, last)


def periods(line: Line, found: list[Token]) -> tuple[int, int | None, int]:
    """First and last period of a shock, and where its assignment starts."""
    if found[0].text != "from":
        raise line.error(f"{found[0].text!r} where 'from' is needed", FORMS["shock"], found[0].column)
    first = period(line, found[1])
    if found[2].text == ":":
        return first, None, 3
    if found[2].text != "to":
        shown = f"{found[2].text!r} after the period" if found[2].text else "the line ends after the period"
        raise line.error(shown, FORMS["shock"], found[2].column)
    last = period(line, found[3])
    if last < first:
        raise line.error(f"a shock from {first} to {last}", "the last period is not before the first", found[3].column)
    if found[4].text != ":":
        shown = f"{found[4].text!r} after the periods" if found[4].text else "the line ends after the periods"
        raise line.error(shown, FORMS["shock"], found[4].column)
    return first, last, 5


def period(line: Line, token: Token) -> int:
    """A period's number, at least 1."""
    if token.kind != "number" or not token.text.isdigit() or not 1 <= int(token.text) <= GREATEST_PERIOD:
        shown = f"{token.text!r} as a shock's period" if token.text else "the line ends where a period is needed"
        raise line.error(shown, "periods are whole numbers from 1, the first solved period", token.column)
    return int(token.text)
