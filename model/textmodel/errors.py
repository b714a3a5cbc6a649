"""The one kind of error that a text model can raise: a place, what was found, what is allowed."""

from __future__ import annotations


class TextModelError(ValueError):
    """A text model that cannot be read.

    Parameters
    ----------
    what
        What was found, in one sentence without a full stop.
    allowed
        What may stand there, or what to do next.
    file
        The file's name as the reader was given it.
    line, column
        Place of the first offending character, counted from 1; 0 where the fault has no line (an unreadable file).
    source
        The line's text; shown under the message with a caret.

    Examples
    --------
    >>> print(TextModelError("unknown section [equation]", "write [equations]", "a.txt", 3, 1, "[equation]"))
    a.txt:3:1: unknown section [equation]; write [equations]
        [equation]
        ^
    """

    def __init__(self, what: str, allowed: str = "", file: str = "", line: int = 0, column: int = 0, source: str = "") -> None:
        self.what, self.allowed, self.file, self.line, self.column, self.source = what, allowed, file, line, column, source
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}: {self.what}" if place else self.what
        message = f"{head}; {self.allowed}" if self.allowed else head
        if self.source and self.column:
            message += "\n" + snippet(self.source, self.column)
        return message


def snippet(source: str, column: int, width: int = 100) -> str:
    """The part of a line around a column, with a caret below that column."""
    start = 0 if len(source) <= width else max(0, min(column - 1 - width // 2, len(source) - width))
    shown = "".join(c if c.isprintable() else " " for c in source[start : start + width])
    return f"    {shown}\n    {' ' * (column - 1 - start)}^"
