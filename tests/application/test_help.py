"""Help, examples, completion and the switches that every command has."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer.main

from dollarflow.cli import app
from dollarflow.commands import COMMANDS
from dollarflow.commands.examples import EXAMPLES
from tests.application.conftest import Outcome

Command = Callable[..., Outcome]
ROOT = Path(__file__).parents[2]
GROUP = typer.main.get_command(app)


def options(name: str) -> set[str]:
    """Every option that a command declares."""
    found = GROUP.get_command(None, name)  # type: ignore[attr-defined]
    return {word for item in found.params for word in (*item.opts, *item.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_that_it_understands(name: str, command: Command) -> None:
    assert EXAMPLES[name], f"{name} has no example"
    for example in EXAMPLES[name]:
        program, word, *rest = shlex.split(example.partition(" >")[0])
        assert (program, word) == ("dollarflow", name)
        assert {part for part in rest if part.startswith("--")} <= options(name), example
    code, out, _ = command(name, "--help")
    assert code == 0
    assert all(f"  {example}" in out for example in EXAMPLES[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_quiet_and_verbose(name: str) -> None:
    assert {"--quiet", "--verbose", "-q", "-v"} <= options(name)


def test_descriptions_are_whole(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = command("--help")
    listing = " ".join(out.partition("Commands:")[2].split()).replace("- ", "-")
    assert "..." not in listing
    for name, item in COMMANDS.items():
        first = " ".join((item.__doc__ or "").strip().partition("\n\n")[0].split()).replace("- ", "-")
        assert f"{name} {first}" in listing


def complete(*words: str) -> list[str]:
    """What bash is offered for the last word."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_DOLLARFLOW_COMPLETE": "complete_bash"}
    environment |= {"COMP_WORDS": " ".join(("dollarflow", *words)), "COMP_CWORD": str(len(words))}
    done = subprocess.run([sys.executable, "-m", "dollarflow"], capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert done.stderr == ""
    return done.stdout.split()


def test_shells_complete_commands_and_names(sound_folder: Path) -> None:
    assert complete("scen") == ["scenarios"]
    assert complete("run", "srf_o") == ["srf_off"]
    assert complete("run", "--set", "a_no") == ["a_notes="]
    assert complete("compare", str(sound_folder), str(sound_folder), "--of", "deposit_") == ["deposit_rate"]


@pytest.mark.parametrize(
    ("shell", "marks"), [("bash", "complete -o default"), ("zsh", "#compdef dollarflow"), ("fish", "complete --command")]
)
def test_completion_scripts_name_the_program(shell: str, marks: str, command: Command) -> None:
    code, out, err = command("completion", shell)
    assert (code, err) == (0, "")
    assert marks in out
    assert "_DOLLARFLOW_COMPLETE" in out
    assert "-completion" not in command("--help")[1], "the command is the one way to it"


def test_run_says_what_it_replaces(command: Command, tmp_path: Path) -> None:
    place = tmp_path / "result"
    _, out, _ = command("run", "--periods", "1", "--out", place)
    assert out.endswith(f"written: {place}\n")
    _, out, _ = command("run", "calm", "--periods", "2", "--out", place, "--verbose")
    assert f"written: {place} (replaced the result of baseline, 2025-10-29 to 2025-11-05, weekly clock)" in out
    assert "block 1 of 1: " in out
    assert "period 2 (2025-11-12): largest scaled residual" in out


def test_solve_traces_its_blocks(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "loop.txt"
    file.write_text("[model]\nname = L\n[equations]\nx = cos_like*y**2 + 1\ny = 0.1*x**2\n[parameters]\ncos_like = 0.1\n")
    code, out, _ = command("solve", file, "--periods", "2", "--verbose")
    assert code == 0
    assert "block 1 of 1: 2 equations, Newton in 1: " in out


def test_listing_says_which_starts_a_scenario_accepts(command: Command, tmp_path: Path) -> None:
    """The first of the range of openings runs; one before it does not, for the changes lie beyond the run."""
    _, out, _ = command("scenarios")
    line = next(line for line in out.splitlines() if line.startswith("qe "))
    assert "2025-06-30 to 2025-12-31" in line
    for day, expected in (("2025-06-30", 0), ("2024-12-31", 2)):
        code, _, err = command("run", "qe", "--start", day, "--out", tmp_path / day, "--quiet")
        assert code == expected, err
    assert "outside the horizon" in err


@pytest.mark.slow
def test_starts_are_those_that_a_scenario_can_be_set_up_from() -> None:
    """The first and the last accepted opening of every scenario set up its inputs; the openings before and after are refused."""
    from dollarflow.economy import economy, opening_state, starting_point
    from dollarflow.errors import kinds
    from dollarflow.horizons import horizon
    from dollarflow.scenarios import library
    from dollarflow.starts import openings, starts
    from model.scenarios.shocks import apply, exogenise

    days = openings()
    for item in library():
        accepted = starts(item)
        first, last = days.index(accepted[0]), days.index(accepted[-1])
        assert accepted == days[first : last + 1], item.name
        for place in {first - 1, first, last, last + 1} & set(range(len(days))):
            opening = opening_state(days[place])
            system = exogenise(item, economy(item))
            try:
                grid = horizon(item, opening.date)
                values, drivers = starting_point(system, opening, grid, dict(item.parameters), item)
                apply(item, system, grid.dates, drivers, values)
                works = grid.periods > 0
            except kinds():
                works = False
            assert works == (first <= place <= last), (item.name, days[place])
