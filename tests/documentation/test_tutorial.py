"""The tutorial: stored without outputs, and every cell runs in a fresh kernel."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import nbformat
import pytest

FILE = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"


def test_notebook_is_valid_and_stored_without_outputs() -> None:
    text = FILE.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_every_code_cell_is_explained() -> None:
    """A cell of code has a cell of words before it, or follows one that has."""
    cells = json.loads(FILE.read_text(encoding="utf-8"))["cells"]
    kinds = [cell["cell_type"] for cell in cells]
    assert kinds[0] == "markdown"
    assert not any(kinds[k : k + 3] == ["code"] * 3 for k in range(len(kinds)))
    assert sum("assert " in "".join(cell["source"]) for cell in cells) >= 10


@pytest.mark.slow
def test_notebook_runs_and_displays_tables_and_formulas() -> None:
    from nbclient import NotebookClient

    notebook = nbformat.reads(FILE.read_text(encoding="utf-8"), as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FILE.parents[1])}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type == "error" or output.get("name") == "stderr"]
    kinds = [set(output.get("data", ())) for output in shown]
    assert sum("text/html" in kind for kind in kinds) >= 6
    assert sum("text/latex" in kind for kind in kinds) >= 2


def test_code_of_the_notebook_runs_in_this_process(tmp_path: Path) -> None:
    """The same cells as one script, so that the fast tests notice a broken one; displays are the kernel's."""
    cells = json.loads(FILE.read_text(encoding="utf-8"))["cells"]
    script = tmp_path / "tutorial.py"
    script.write_text("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"), encoding="utf-8")
    runpy.run_path(str(script), run_name="tutorial")
