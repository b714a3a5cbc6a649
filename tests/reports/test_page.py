"""The page from the command: self-contained, from the folders alone, with the verdict of a new audit."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dollarflow.charts import Figures, read_figures
from dollarflow.reports import page as pages
from dollarflow.reports.page import page
from dollarflow.results.schema import MANIFEST
from tests.application import toy
from tests.reports.conftest import PERIODS, Files, Outcome

Command = Callable[..., Outcome]
LIBRARY = "/* plotly.js stands here */"


@pytest.fixture(scope="module", autouse=True)
def without_library() -> Iterator[None]:
    """Pages without the 5 MB of plotly.js, which no test of their text needs."""
    from markupsafe import Markup

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "library", lambda: Markup(LIBRARY))
        yield


@pytest.fixture(scope="module")
def text(base: Figures) -> str:
    """The baseline's page."""
    return page(base)


def figures_of(text: str) -> dict[str, dict[str, object]]:
    """The data that the page carries for its script."""
    found = re.search(r'<script type="application/json" id="figures">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, dict[str, object]] = json.loads(found.group(1))
    return data


def shown(text: str) -> str:
    """The page's own text: no scripts, no styles, no tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.DOTALL)))


def test_the_page_says_what_the_folder_holds(text: str, base: Figures, files: Files) -> None:
    said = shown(text)
    assert "Audit passed" in said
    assert f"{files.rows('path.csv')[-1]['date']}, {PERIODS} periods" in said
    assert str(base.manifest["scenario"]["story"]) in said.replace("&#39;", "'")
    assert f"{files.column('sofr')[0] * 100:.2f} %" in said
    assert f"{files.column('debt')[-1] / 1000:.2f} tn" in said
    for name in base.manifest["parameters"]:
        assert name in said
    assert not re.search(r'(src|href)\s*=\s*"(https?:)?//', text)
    assert "nan" not in re.findall(r"[a-z]+", said)
    panels = figures_of(text)["panels"]
    assert len(panels) == len(re.findall(r'class="plot" id=', text))


def test_drawn_series_are_the_files_figures(text: str, files: Files) -> None:
    panels = figures_of(text)["panels"]
    drawn = {trace["name"]: trace["y"] for trace in panels["corridor-0"]["data"]}  # type: ignore[index]
    assert drawn["SOFR"] == pytest.approx([100 * value for value in files.column("sofr")], rel=1e-6)
    assert set(drawn) == {"SOFR", "EFFR", "IORB", "ON RRP rate", "SRF rate", "Lower bound", "Upper bound"}
    units = {panel["layout"]["yaxis"]["title"]["text"] for panel in panels.values()}  # type: ignore[index]
    assert units <= {
        "per cent a year",
        "per cent",
        "basis points",
        "USD billion",
        "USD trillion",
        "USD billion a year",
        "USD billion a week",
        "ratio",
        "relative residual",
    }


def test_the_same_folder_gives_the_same_page(text: str, folders: tuple[Path, Path]) -> None:
    assert page(read_figures(folders[0])) == text


def test_two_runs_are_compared(base: Figures, changed: Figures) -> None:
    text = page(changed, base)
    said = shown(text)
    assert "srf_off less baseline" in said
    assert "dollarflow report" in said
    assert said.count("Audit passed") == 2
    panels = figures_of(text)["panels"]
    assert {"difference_rates-0", "difference_m2-0", "holders-0"} <= set(panels)
    assert "difference_holders-0" not in panels, "the same chart twice"
    assert "Headline of the changed run, srf_off" in said
    assert not re.search(r"Assets are stacked|past losses \(the deferred asset\) exceed", said)
    dotted = [trace for trace in panels["corridor-0"]["data"] if trace["name"] == "SOFR, base"]  # type: ignore[index]
    assert dotted[0]["y"] == pytest.approx((base.path["sofr"] * 100).tolist(), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("holdings.csv", "bills,treasury,mmf,", "bills,treasury,banks,"),
        ("path.csv", "0.0", "x"),
        (MANIFEST, '"title": "', '"title": "No '),
    ],
)
def test_an_altered_folder_is_shown_in_red(name: str, old: str, new: str, short: Path, tmp_path: Path, command: Command) -> None:
    folder, out = tmp_path / "altered", tmp_path / "page.html"
    shutil.copytree(short, folder)
    content = (folder / name).read_text(encoding="utf-8")
    assert old in content
    (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
    code, _, err = command("report", folder, "--out", out)
    assert code == 1
    assert "FAILED" in err
    text = out.read_text(encoding="utf-8")
    assert 'class="verdict failed"' in text
    assert name in shown(text.split("</header>")[0])


def test_a_result_of_another_economy_says_what_is_lacking(tmp_path: Path, command: Command) -> None:
    folder = toy.run().write(tmp_path / "toy")
    code, _, err = command("report", folder, "--out", tmp_path / "toy.html")
    assert (code, err) == (0, "")
    said = shown((tmp_path / "toy.html").read_text(encoding="utf-8"))
    assert "Not drawn: path.csv of" in said
    assert "Audit passed" in said


MISTAKES = {
    "ending": (("DIR", "-o", "a.pdf"), "the file's ending must be .html"),
    "no result": ((".", "-o", "a.html"), "is not a result folder"),
    "mechanisms of one run": (("DIR", "--mechanisms", "-o", "a.html"), "name a second folder"),
    "other dates": (("DIR", "TOY", "-o", "a.html"), "the results differ in dates"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_have_one_message_and_leave_nothing(
    case: str,
    folders: tuple[Path, Path],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    places = {"DIR": str(folders[0])}
    words, message = MISTAKES[case]
    if "TOY" in words:
        places["TOY"] = str(toy.run().write(tmp_path_factory.mktemp("toy") / "result"))
    code, out, err = command("report", *(places.get(word, word) for word in words))
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_difference_by_mechanism_is_the_whole_difference(folders: tuple[Path, Path], base: Figures, changed: Figures) -> None:
    from dollarflow.reports.mechanisms import by_mechanism

    found = {one.label: dict(one.rows) for one in by_mechanism(*folders)}
    assert set(found) == {"M2", "SOFR", "Bond yield", "Reserves"}
    reserves = float(changed.path["reserves"].iloc[-1] - base.path["reserves"].iloc[-1])
    assert found["Reserves"]["Total"] == f"{reserves:+.1f} bn".replace("-", "−")
