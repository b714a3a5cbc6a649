"""The limit: two textbook models torn by hand in C, and what they compute."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SOURCE = Path(__file__).with_name("limits.c")
ORDER = {
    "SIM": ("Cs", "Gs", "Ts", "Ns", "YD", "Td", "Cd", "Hs", "Hh", "Y", "Nd"),
    "LP": (
        *("Y", "YDr", "T", "V", "CG", "C", "Ve", "Hh", "Hd", "Bd", "BLd", "Bh"),
        *("BLh", "Bs", "Hs", "Bcb", "BLs", "ERrbl", "rbl", "pble", "CGe", "YDre", "rb", "pbl"),
    ),
}
GIVEN = {
    "SIM": ("alpha1", "alpha2", "theta", "W"),
    "LP": (
        *("alpha1", "alpha2", "theta", "chi"),
        *("lambda20", "lambda22", "lambda23", "lambda24", "lambda30", "lambda32", "lambda33", "lambda34"),
    ),
}
OUTSIDE = {"SIM": ("Gd",), "LP": ("G", "rbar", "pblbar")}


@dataclass(frozen=True)
class Limit:
    """A hand-written kernel.

    Parameters
    ----------
    run
        Fills rows 1 to ``periods`` of the path.
    path
        Shape (periods + 1, variables), row 0 the opening.
    names
        The variables.
    """

    run: Callable[[], None]
    path: NDArray[np.float64]
    names: tuple[str, ...]


def compiler() -> str | None:
    """A C compiler's command, or None."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def library() -> ctypes.CDLL | None:
    """The kernels compiled with full optimisation and no relaxed arithmetic; None without a compiler."""
    command = compiler()
    if command is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "limits.so"
        subprocess.run([command, "-O2", "-fPIC", "-shared", "-o", str(target), str(SOURCE)], check=True)
        return ctypes.CDLL(str(target))


def limit(name: str, periods: int, values: dict[str, NDArray[np.float64]], given: dict[str, float], code: ctypes.CDLL) -> Limit:
    """The hand-written kernel of a model, ready to run.

    Parameters
    ----------
    name
        ``SIM`` or ``LP``.
    values
        Opening (first entry) of the variables, and the paths of what is given from outside.
    given
        Parameters.
    """
    path = np.zeros((periods + 1, len(ORDER[name])))
    path[0] = [float(np.nan_to_num(values[n][0])) for n in ORDER[name]]
    constants = np.array([given[n] if n in given else float(values[n][1]) for n in GIVEN[name]])
    outside = np.ascontiguousarray(np.column_stack([values[n] for n in OUTSIDE[name]]))
    function = getattr(code, name.lower())
    function.restype, function.argtypes = None, [ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]

    def run() -> None:
        function(periods, constants.ctypes.data, outside.ctypes.data, path.ctypes.data)

    return Limit(run, path, ORDER[name])
