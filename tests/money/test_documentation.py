"""The page on money runs, and its table is the one that the model prints."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from dollarflow.attribution.financing import CASES

PAGE = (Path(__file__).parents[2] / "docs" / "money.md").read_text(encoding="utf-8")
COLUMNS = ("money", "reserves", "on_rrp", "fed_assets", "dollar_liquidity")


def test_the_table_of_the_page_is_the_models(table: pd.DataFrame) -> None:
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if (line.startswith("| ") and "←" in line) or line.startswith("| no ")]
    rows = [row for row in rows if re.fullmatch(r" [+−]?\d+ ", row[1])]
    assert len(rows) == len(CASES)
    for case, row in zip(CASES, rows, strict=True):
        figures = [float(field.replace("−", "-")) for field in row[1:6]]
        found = table[list(COLUMNS)].to_dict("index")[case.name]
        assert figures == pytest.approx([found[name] for name in COLUMNS], abs=1e-9), case.name
        assert case.buyer in row[0]
        assert case.financier in row[0]


@pytest.mark.slow
def test_the_code_of_the_page_runs(tmp_path: Path) -> None:
    """In a process of its own, as a reader would."""
    import subprocess
    import sys

    script = tmp_path / "page.py"
    script.write_text("\n".join(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)), encoding="utf-8")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(script)], cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
