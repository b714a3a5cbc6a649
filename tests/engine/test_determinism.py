"""The same bits whatever the order of the equations, the hash seed, the backend, or how often it runs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path as FilePath

import numpy as np
import pytest
import sympy as sp

from model.compiler.compilation import compile_system
from model.language.symbols import Parameter, maximum, softplus, where
from model.language.system import System
from model.periods.path import Path
from model.solving.solver import Options, solve
from tests.engine.builders import BMW_OPENING, BMW_PARAMETERS, SIM_PARAMETERS, bmw, equation, implicit, sim, variables

PROGRAM = """
import sys
from tests.engine.test_determinism import digest, mixed_path
print(digest(mixed_path(int(sys.argv[1]))))
"""


def mixed_system(seed: int) -> System:
    """Twenty-five simultaneous equations of every kind, in an order that the seed decides."""
    rng = np.random.default_rng(5)
    names = variables(" ".join(f"x{i}" for i in range(25)))
    price = Parameter("price")
    equations = []
    for i, x in enumerate(names):
        a, b, c = (names[int(j)] for j in rng.choice([j for j in range(25) if j != i], 3, replace=False))
        right = {
            0: sp.Rational(1, 5) * a + sp.Rational(3, 10) * sp.tanh(b) + x(-1) / 3 + price,
            1: softplus(a - b, sp.Rational(1, 10)) / 4 + sp.exp(-(c**2)) + 1,
            2: where(sp.Gt(a, b), a / 3, b / 3) + sp.Rational(1, 2),
            3: maximum(a / 4, b(-1) / 2) + sp.sqrt(1 + c**2) / 5,
        }[i % 4]
        equations.append(implicit(f"q{i}", x + x**3 / 50, right) if i % 5 == 4 else equation(x, right))
    np.random.default_rng(seed).shuffle(equations)
    return System("mixed", tuple(equations))


def mixed_path(seed: int, **options: object) -> Path:
    opening = {f"x{i}": 0.1 * i for i in range(25)}
    return solve(mixed_system(seed), opening, parameters={"price": 0.7}, exogenous={}, periods=12, options=Options(**options))  # type: ignore[arg-type]


def digest(path: Path) -> str:
    ordered = np.column_stack([path[name] for name in sorted(path.columns)])
    return hashlib.sha256(ordered.tobytes()).hexdigest()


def test_the_order_of_the_equations_changes_no_bit() -> None:
    assert len({digest(mixed_path(seed)) for seed in range(6)}) == 1


def test_the_backends_give_the_same_bits() -> None:
    llvm, python = mixed_path(0, backend="llvm"), mixed_path(0, backend="python")
    assert digest(llvm) == digest(python)
    assert llvm.certificates.tobytes() == python.certificates.tobytes()
    paths = [
        solve(bmw(), BMW_OPENING, parameters=BMW_PARAMETERS, exogenous={}, periods=200, options=Options(backend=b))
        for b in ("llvm", "python")
    ]
    assert digest(paths[0]) == digest(paths[1])


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_hash_seed_changes_no_bit(seed: str) -> None:
    root = FilePath(__file__).parents[2]
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
    run = subprocess.run([sys.executable, "-c", PROGRAM, seed], capture_output=True, text=True, check=True, cwd=root, env=environment)
    assert run.stdout.strip() == digest(mixed_path(0))


def test_a_restart_repeats_the_bits() -> None:
    path = mixed_path(0)
    rest = solve(mixed_system(3), path.row(5), parameters={"price": 0.7}, exogenous={}, periods=7)
    assert all(rest[name][1:].tobytes() == path[name][6:].tobytes() for name in path.columns)


@pytest.mark.parametrize("guess", [0.0, 1.0, 37.5, -2e3, 1e9])
def test_the_first_guess_changes_no_bit(guess: float) -> None:
    """Values that no equation lags are only guesses; the lagged ones are the same in every run."""
    opening = {"H": 80.0, "Hs": 80.0}
    base = solve(sim(), opening, parameters=SIM_PARAMETERS, exogenous={"G": 25.0}, periods=40)
    other = solve(
        sim(), opening | dict.fromkeys(("Y", "C", "T", "YD"), guess), parameters=SIM_PARAMETERS, exogenous={"G": 25.0}, periods=40
    )
    assert other.values[1:].tobytes() == base.values[1:].tobytes()


def test_a_restart_needs_only_the_lagged_values() -> None:
    path = mixed_path(0)
    lagged = {name: value for name, value in path.row(5).items() if name in compile_system(path.system).lags}
    rest = solve(mixed_system(3), lagged, parameters={"price": 0.7}, exogenous={}, periods=7)
    assert all(rest[name][1:].tobytes() == path[name][6:].tobytes() for name in path.columns)


def test_the_start_of_a_nonlinear_block_changes_no_bit() -> None:
    x, y, z, w = variables("x y z w")
    model = System(
        "curved",
        (
            equation(x, sp.exp(-y) + z(-1) / 3),
            equation(y, sp.sqrt(1 + x * x) - w / 5),
            equation(z, x * y + sp.tanh(w)),
            implicit("w", w + w**3, z + x),
        ),
    )
    starts = [dict.fromkeys("xyw", v) for v in (0.0, 1.0, 0.3, 5.0)]
    runs = [solve(model, start | {"z": 0.7}, parameters={}, exogenous={}, periods=25) for start in starts]
    assert len({digest_from_one(run) for run in runs}) == 1


def digest_from_one(path: Path) -> str:
    return hashlib.sha256(path.values[1:].tobytes()).hexdigest()
