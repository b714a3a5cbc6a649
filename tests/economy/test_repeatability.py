"""T41, T42: the same inputs give the same bits anywhere, a restart goes on as if nothing had happened, and there is one root."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path as FilePath

import numpy as np
import pytest

from model.language.symbols import Variable
from model.periods.failure import SolveFailure
from model.periods.path import Path
from tests.economy.laboratory import Experiment, economy, experiment, quiet

ROOT = FilePath(__file__).parents[2]
WEEKS = 8
PROGRAM = """
import hashlib
from tests.economy.laboratory import experiment
path = experiment({weeks}).run()
print(hashlib.sha256(path.values[1:].tobytes()).hexdigest(), hashlib.sha256("|".join(path.columns).encode()).hexdigest())
"""


def digest(path: Path) -> str:
    """A digest of every solved value and of the order of columns."""
    return f"{hashlib.sha256(path.values[1:].tobytes()).hexdigest()} {hashlib.sha256('|'.join(path.columns).encode()).hexdigest()}"


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_t41_processes_and_hash_seeds_give_the_same_bits(seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM.format(weeks=WEEKS)]
    found = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, cwd=ROOT)
    assert found.stdout.split() == digest(experiment(WEEKS).run()).split()


def test_t41_running_twice_gives_the_same_bits() -> None:
    setting = experiment(WEEKS)
    assert setting.run().values[1:].tobytes() == setting.run().values[1:].tobytes()


def test_t41_the_order_of_equations_does_not_touch_a_bit() -> None:
    setting = experiment(3)
    system = setting.system
    backwards = replace(setting, system=replace(system, equations=tuple(reversed(system.equations))))
    plain, turned = setting.run(), backwards.run()
    for name in plain.columns:
        assert plain[name][1:].tobytes() == turned[name][1:].tobytes(), name


def restarted(setting: Experiment, path: Path, at: int) -> Experiment:
    """The experiment from a stored row on."""
    given = set(setting.system.given)
    rows = [{n: v for n, v in path.row(at - k).items() if n not in given} for k in range(2)]
    return replace(
        setting,
        opening=rows[0],
        earlier=(rows[1],),
        exogenous={n: v[at:] for n, v in setting.exogenous.items()},
        paths={n: v[at:] for n, v in setting.paths.items()},
        dates=setting.dates[at:],
    )


@pytest.mark.parametrize("at", [2, 9, 17])
def test_t41_a_restart_from_a_stored_row_gives_the_same_bits(at: int) -> None:
    setting = experiment(26)
    path = setting.run()
    again = restarted(setting, path, at).run()
    worst = max(path.columns, key=lambda n: float(np.abs(path[n][at + 1 :] - again[n][1:]).max()))
    assert path.values[at + 1 :].tobytes() == again.values[1:].tobytes(), (
        worst,
        float(np.abs(path[worst][at + 1 :] - again[worst][1:]).max()),
    )


def lagged() -> set[str]:
    """Variables whose past matters."""
    return {s.base for s in economy().symbols if isinstance(s, Variable) and s.time < 0}


def start(state: str) -> Experiment:
    """One week, undisturbed or with half a trillion of reserves drained."""
    setting = quiet(1)
    return setting if state == "calm" else setting.pulse("issuance_surprise", 500.0 * 52, 1, 1)


def roots(setting: Experiment, flipped: float) -> list[str]:
    """How twenty random starts end: at the root of the plain run, at another one, or with a diagnosis.

    First guesses of everything without a past are off by factors up to e³ either way; a share of them has the wrong sign.
    """
    free = [n for n in setting.system.unknowns if n not in lagged()]
    plain = setting.run()
    units = {n: 1.0 if v.unit.usd else 1e-3 for n, v in setting.system.variables.items()}
    generator = np.random.default_rng(42)
    ends = []
    for _ in range(20):
        factors = np.exp(generator.uniform(-3.0, 3.0, len(free))) * generator.choice([-1.0, 1.0], len(free), p=[flipped, 1 - flipped])
        guesses = {n: float(plain[n][1] * f) for n, f in zip(free, factors, strict=True)}
        try:
            path = setting.opened(**guesses).run()
        except SolveFailure as failure:
            ends.append(f"failed at {failure.diagnosis.equation}")
            continue
        far = [n for n in setting.system.unknowns if abs(path[n][1] - plain[n][1]) > 1e-8 * max(units[n], abs(float(plain[n][1])))]
        ends.append(f"another root: {far[:3]}" if far else "same")
    return ends


@pytest.mark.parametrize("state", ["calm", "scarce"])
def test_t42_twenty_random_starts_find_one_root(state: str) -> None:
    assert roots(start(state), 0.0) == ["same"] * 20


@pytest.mark.parametrize("state", ["calm", "scarce"])
def test_t42_absurd_starts_find_that_root_or_say_that_they_found_none(state: str) -> None:
    """Negative incomes and yields of minus a hundred per cent among the guesses: never another root."""
    ends = roots(start(state), 0.1)
    assert not [end for end in ends if end.startswith("another")], ends
    assert ends.count("same") >= 12, ends
