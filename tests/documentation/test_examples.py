"""The examples run as a reader would run them, each in a process of its own, and show what they promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def output(name: str, *words: str | Path, cwd: Path) -> str:
    """What an example prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(cwd)}
    command = [sys.executable, str(ROOT / "examples" / name), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_listed_and_says_how_to_run_it() -> None:
    listed = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    for example in EXAMPLES:
        assert f"python examples/{example.name}" in listed
        assert f"    python examples/{example.name}" in example.read_text(encoding="utf-8")


@pytest.mark.slow
def test_counterfactual_closes_the_facility_and_its_parts_sum(tmp_path: Path) -> None:
    text = output("policy_counterfactual.py", cwd=tmp_path)
    figures = {row[0]: [float(x.replace(",", "")) for x in row[1:]] for row in map(str.split, text.splitlines()) if len(row) == 3}
    assert figures["sofr"][1] > figures["sofr"][0]
    assert figures["srf"][0] > 10 > 0.1 > figures["srf"][1]
    *parts, total = map(float, re.findall(r"2025-10-31 (.*)", text)[0].replace(",", "").split())
    assert sum(parts) == pytest.approx(total, abs=0.06)


@pytest.mark.slow
def test_figure_and_appendix_are_written(tmp_path: Path) -> None:
    text = output("paper_figure.py", tmp_path / "paper", cwd=tmp_path)
    with_it, without = map(float, re.findall(r"2025-10-31: SOFR ([+-][\d.]+) bp .*, ([+-][\d.]+) bp without", text)[0])
    assert without > with_it
    for name in ("corridor.pdf", "facility.pdf", "spread.pdf"):
        assert (tmp_path / "paper" / name).read_bytes().startswith(b"%PDF")
    assert (tmp_path / "paper" / "appendix.tex").read_text(encoding="utf-8").rstrip().endswith(r"\end{document}")


@pytest.mark.slow
def test_calibration_prints_errors_adjustments_and_scores(tmp_path: Path) -> None:
    text = output("calibrate_and_backtest.py", cwd=tmp_path)
    assert re.search(r"curve_slope +[\d.e-]+ \([\d.e-]+\)", text)
    assert len(re.findall(r"-> .* sd\)", text)) == 10
    assert len(re.findall(r"ratio +[\d.]+ to random walk", text)) >= 8
