"""The tutorial as a page: the notebook executed, with what its cells show."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from formulas import block


def shown(output: Any) -> str:
    """An output as HTML: a formula, a table, or text."""
    if output.output_type == "stream":
        return f"<pre>{escape(output.text)}</pre>" if output.name == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data:
        return "\n".join(line for line in str(data["text/html"]).splitlines() if line.strip())
    if "text/latex" in data:
        return block(str(data["text/latex"]).strip("$"))
    return f"<pre>{escape(str(data.get('text/plain', '')))}</pre>"


def notebook_page(file: Path, root: Path) -> str:
    """The notebook's words and code, each cell of code with its outputs.

    Raises
    ------
    CellExecutionError
        A cell that fails: the site is not built.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(root)}}).execute()
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        outputs = "".join(shown(output) for output in cell.outputs)
        if outputs:
            parts.append(f'<div class="output">{outputs}</div>')
    return "\n\n".join(parts) + "\n"
