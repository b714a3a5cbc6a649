"""Files that the page hands out: the scenario, path.csv, the whole result folder, the report."""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dollarflow.lab.settings import Setting, slug
from dollarflow.lab.solving import compared, scenario_of, solved
from dollarflow.lab.toml_text import scenario_text
from dollarflow.results import Ledger
from dollarflow.results.schema import PATH

STAMP = (2000, 1, 1, 0, 0, 0)
"""Date of files in an archive: the same run gives the same bytes."""


def text_file(name: str, text: str, kind: str) -> dict[str, Any]:
    """A text for the browser to keep."""
    return {"content": text, "filename": name, "type": kind, "base64": False}


def toml_file(setting: Setting, pinned: Setting | None) -> dict[str, Any]:
    """The scenario as a file for ``dollarflow run``."""
    scenario, _ = scenario_of(setting)
    return text_file(f"{slug(setting.title)}.toml", scenario_text(scenario), "application/toml")


def csv_file(setting: Setting, pinned: Setting | None) -> dict[str, Any]:
    """``path.csv`` of the run, byte for byte as the result folder has it."""
    run = compared(setting, pinned).run
    content = Ledger(run.path, run.chart).table(PATH).content
    return text_file(f"{slug(setting.title)}_path.csv", content.decode(), "text/csv")


def zip_file(setting: Setting, pinned: Setting | None) -> dict[str, Any]:
    """The result folder as an archive, for ``dollarflow audit`` and ``dollarflow compare``."""
    scenario, _ = scenario_of(setting)
    name = slug(setting.title)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as scratch:
        folder = solved(scenario).write(Path(scratch) / name)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                archive.writestr(zipfile.ZipInfo(f"{name}/{file.name}", STAMP), file.read_bytes(), zipfile.ZIP_DEFLATED)
            archive.writestr(zipfile.ZipInfo(f"{name}/{name}.toml", STAMP), scenario_text(scenario), zipfile.ZIP_DEFLATED)
    content = base64.b64encode(packed.getvalue()).decode()
    return {"content": content, "filename": f"{name}.zip", "type": "application/zip", "base64": True}


def report_file(setting: Setting, pinned: Setting | None) -> dict[str, Any]:
    """The report of the run beside its baseline, one self-contained page."""
    from dollarflow.charts import read_figures
    from dollarflow.reports.page import page

    answer = compared(setting, pinned)
    name = slug(setting.title)
    with tempfile.TemporaryDirectory() as scratch:
        changed = read_figures(answer.run.write(Path(scratch) / name))
        same = answer.run is answer.base or answer.run.dates != answer.base.dates
        base = None if same else read_figures(answer.base.write(Path(scratch) / "baseline"))
        text = page(changed, base)
    return text_file(f"{name}_report.html", text, "text/html")


KINDS: dict[str, Callable[[Setting, Setting | None], dict[str, Any]]] = {
    "save": toml_file,
    "csv": csv_file,
    "zip": zip_file,
    "report": report_file,
}
"""Buttons and what they hand out."""
