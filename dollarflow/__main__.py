"""The process of a command: what is set before anything else is imported, the command line, and its end.

``python -m dollarflow`` and the installed ``dollarflow`` start here.
"""

from __future__ import annotations

import gc
import os
import sys

COLLECTED = (500_000, 50, 100)
"""When memory is searched for cycles: imports and expressions are many objects that all stay, and searching them is a tenth of a run."""

LIBRARIES = {"PYDANTIC_DISABLE_PLUGINS": "__all__", "SYMPY_CACHE_SIZE": "20000"}
"""Settings of libraries, unless the caller has his own: nothing searches the installed packages for plug-ins of pydantic, and SymPy
remembers the results of as many operations as it takes to write down the dollar system."""


def main() -> None:
    """Runs the command line and ends the process with its exit code; output that the caller closed goes nowhere."""
    gc.set_threshold(*COLLECTED)
    for name, value in LIBRARIES.items():
        os.environ.setdefault(name, value)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    from dollarflow.cli import call

    code = call()
    gc.freeze()  # nothing is collected any more: Python would search all memory for cycles on its way out
    sys.exit(code)


if __name__ == "__main__":
    main()
