"""Words of the command line as values: those that can mean one thing only are taken here, any other is left to typer.

typer validates every value by pydantic, whose import takes longer than all else that a short command does. What is taken here is what
typer makes of the same word; whatever it would refuse, and whatever a declaration narrows, it still judges and explains.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin

import typer.core

NUMBER = re.compile(r"-?[0-9]{1,15}")
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
NARROWED = ("min", "max", "clamp", "parser", "click_type", "path_type", "formats", "exists", "writable", "resolve_path", "allow_dash")
"""What a declaration may ask beyond the type; each is absent, None or False in a plain one."""
WIDE = ("file_okay", "dir_okay", "readable", "case_sensitive")
"""What a plain declaration leaves True."""
Judge = Callable[[Any, Any], Any]


class Unclear(Exception):
    """A value that is not plain."""


class Command(typer.core.TyperCommand):
    """A command that takes plain words as they are."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters, the help option's included."""
        return [prepared(declared) for declared in super().get_params(ctx)]


class Group(typer.core.TyperGroup):
    """A group of such commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters, the help option's included."""
        return [prepared(declared) for declared in super().get_params(ctx)]


def prepared(declared: Any) -> Any:
    """The parameter, which reads plain words itself where its declaration asks for no more than a type and typer shows which."""
    described = getattr(declared, "type_descriptor", None)
    if described is not None and "process_value" not in vars(declared):
        said = described.parameter_info
        asked = [getattr(said, name, None) for name in NARROWED]
        if all(what is None or what is False for what in asked) and all(getattr(said, name, True) for name in WIDE):
            declared.process_value = reader(declared, described.annotation, declared.process_value)
    return declared


def reader(declared: Any, kind: Any, judge: Judge) -> Judge:
    """How a parameter's value is read: here where it is plain, by typer otherwise."""

    def read(context: Any, value: Any) -> Any:
        if value is None and not declared.required:
            found: Any = () if declared.multiple or declared.nargs == -1 else None
        else:
            try:
                found = plain(kind, value)
            except Unclear:
                return judge(context, value)
        return found if declared.callback is None else declared.callback(context, declared, found)

    return read


def plain(kind: Any, value: Any) -> Any:
    """The value that a word, several words or a default mean.

    Raises
    ------
    Unclear
        Where typer has to judge: a word that the type does not take, an unreadable file, characters that cannot be printed.

    Examples
    --------
    >>> plain(int, "52"), plain(list[str], ("a=1", "b=2"))
    (52, ['a=1', 'b=2'])
    """
    if get_origin(kind) is list and isinstance(value, (list, tuple)) and value:
        return [plain(get_args(kind)[0], item) for item in value]
    if not isinstance(kind, type):
        raise Unclear
    if kind in (bool, int, float) and type(value) is kind:
        return value
    if kind is Path and isinstance(value, (str, Path)) and str(value).isprintable():
        if os.access(value, os.R_OK) or not os.path.exists(value):
            return Path(value)
    elif isinstance(value, str) and value.isprintable():
        if kind is str:
            return str(value)
        if (kind is int and NUMBER.fullmatch(value)) or (kind is float and DECIMAL.fullmatch(value)):
            return kind(value)
        if issubclass(kind, StrEnum) and value in {member.value for member in kind}:
            return kind(value)
    raise Unclear
