"""Words of the command line: what is taken without typer is what typer would make of it, refusals included."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from dollarflow.cli import app
from dollarflow.commands import COMMANDS
from dollarflow.words import Unclear, plain, prepared

GROUP: Any = typer.main.get_command(app)
ROOT = Path(__file__).parents[2]
WORDS = (
    *("", " ", "a", "weekly", "Weekly", "text", "json", "bash", "-1", "0", "7", "007", "+7", " 7", "7 ", "1_0", "7.0", "1e3", "0.25", ".5"),
    *("inf", "nan", "0x10", "99999999999999999999", "baseline", "NAME=1", "a\nb", "a\x00b", "\udcff", "é", "٣", "-", ".", "nowhere/at/all"),
)


def outcome(read: Any, context: Any, value: Any) -> tuple[str, str]:
    """What comes of a value: its type and text, or the message."""
    try:
        found = read(context, value)
    except Exception as error:
        return "refused", getattr(error, "message", "") or str(error)
    return type(found).__name__, repr(found)


@pytest.mark.parametrize("name", COMMANDS)
def test_plain_words_become_what_typer_makes_of_them(name: str, tmp_path: Path) -> None:
    command = GROUP.get_command(None, name)
    context = command.make_context(name, [], resilient_parsing=True)
    hidden = tmp_path / "hidden"
    hidden.write_text("")
    hidden.chmod(0o200)
    for declared in command.get_params(context):
        if declared.is_eager:
            continue
        many = declared.multiple or declared.nargs == -1
        words = (*WORDS, str(tmp_path), str(hidden))
        for value in (None, declared.default, *((word, "b=2") if many else word for word in words)):
            theirs = outcome(lambda c, v, d=declared: type(d).process_value(d, c, v), context, value)
            assert outcome(declared.process_value, context, value) == theirs, (declared.name, value)


@pytest.mark.parametrize(
    ("kind", "word"), [(int, "7.5"), (int, "٣"), (float, "nan"), (str, "a\nb"), (Path, "a\x00b"), (bool, "yes"), (Any, "x")]
)
def test_what_is_not_plain_is_left_to_typer(kind: Any, word: str) -> None:
    with pytest.raises(Unclear):
        plain(kind, word)


def test_a_declaration_that_narrows_its_type_is_left_to_typer() -> None:
    def command(count: int = typer.Option(3, min=0), free: int = 3) -> None: ...

    narrow = typer.Typer()
    narrow.command()(command)
    declared = {p.name: prepared(p) for p in typer.main.get_command(narrow).params}
    assert "process_value" not in vars(declared["count"])
    assert ("process_value" in vars(declared["free"])) == hasattr(declared["free"], "type_descriptor")


def test_a_command_with_plain_words_does_not_import_pydantic(tmp_path: Path) -> None:
    code = "import sys; from dollarflow.cli import call; print(call(sys.argv[1:])); print(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DOLLARFLOW_CACHE": str(tmp_path)}
    model = ROOT / "tests" / "textmodels" / "models" / "SIM.txt"
    arguments = ["solve", str(model), "--periods", "3", "--quiet"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, check=True)
    code_said, modules = done.stdout.splitlines()
    assert (code_said, "pydantic" in modules.split()) == ("0", False)
