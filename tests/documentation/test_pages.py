"""Pages: links lead somewhere, code parses and runs, and the site builds in strict mode without anything from the network."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from dollarflow.cli import app
from dollarflow.commands import COMMANDS
from dollarflow.figures.drawing import NAMES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "examples" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
GENERATED = {"tutorial.md", "changelog.md", "reference/commands.md", "reference/equations.md"}
"""Pages that the site's build makes."""
GROUP = typer.main.get_command(app)


def fenced(page: Path, kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading.strip().lower()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        inside = str(file.relative_to(ROOT / "docs")) if file.is_relative_to(ROOT / "docs") else ""
        assert file.exists() or inside in GENERATED, f"{page.name}: {target}"
        if anchor and file.suffix == ".md" and file.exists():
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_of_a_page_parses(page: Path) -> None:
    for block in fenced(page, "python"):
        ast.parse(block)


def test_commands_of_the_pages_exist_with_their_options() -> None:
    """Every ``dollarflow`` line of a shell block, and every inline command, names a command and options that it has."""
    seen = 0
    for page in PAGES:
        lines = [line for block in fenced(page, "sh") for line in block.splitlines()]
        lines += re.findall(r"`(dollarflow [a-z][^`\n]*)`", page.read_text(encoding="utf-8"))
        for line in lines:
            for part in re.split(r"&&| > ", line.partition("#")[0]):
                words = shlex.split(re.sub(r"[\[\]…\\|]", " ", part))
                if len(words) > 1 and words[0].endswith("dollarflow") and words[1] != "COMMAND" and not words[1].startswith("-"):
                    seen += 1
                    assert words[1] in COMMANDS, f"{page.name}: {line}"
                    known = {word for item in GROUP.get_command(None, words[1]).params for word in (*item.opts, *item.secondary_opts)}  # type: ignore[attr-defined]
                    unknown = {re.split(r"[=/]", word)[0] for word in words[2:] if word.startswith("--")} - known - {"--help"}
                    assert not unknown, f"{page.name}: {line}"
    assert seen > 30


@pytest.mark.parametrize("page", ["README.md", pytest.param("docs/index.md", marks=pytest.mark.slow)])
def test_first_steps_run(page: str, tmp_path: Path) -> None:
    """The Python block of a page, in a process of its own, over six weeks of days instead of nine."""
    (block,) = fenced(ROOT / page, "python")
    script = tmp_path / "page.py"
    script.write_text(block.replace("periods=42", "periods=30"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-W", "error", str(script)]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_figure_and_every_command_is_documented() -> None:
    figures = (ROOT / "docs" / "reproduce.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in figures] == []
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`dollarflow {name}" not in readme] == []


@pytest.mark.slow
def test_site_builds_in_strict_mode_and_asks_the_network_for_nothing(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    site = tmp_path / "site"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = {str(file.relative_to(site)): file.read_text(encoding="utf-8") for file in site.rglob("*.html")}
    assert {"index.html", "tutorial.html", "concepts.html", "reference/commands.html", "reference/equations/repo.html"} <= set(pages)
    for name, text in pages.items():
        fetched = re.findall(r"<(?:script|img|iframe|link)[^>]*?(?:src|href)=\"?(https?:[^\s\">]+)", text)
        assert [address for address in fetched if "localhost" not in address] == [], name
        assert "$`" not in text, name
    assert pages["reference/equations/repo.html"].count("<math") >= 20
    assert pages["concepts.html"].count('class="formula"') >= 4
    assert "audit passed" in pages["tutorial.html"]
    for name, text in pages.items():
        for target in re.findall(r'href="([^"#:]+\.html)', text) if name != "404.html" else ():
            assert (site / name).parent.joinpath(target).exists(), f"{name}: {target}"


@pytest.mark.slow
def test_search_and_formulas_work_from_disk(tmp_path: Path) -> None:
    """In Chromium, on a page opened from a file: something is found, and nothing is asked of the network."""
    from playwright.sync_api import sync_playwright

    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    chromium = "/usr/bin/chromium"
    if not Path(chromium).exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    site = tmp_path / "site"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)], cwd=ROOT, env=environment, check=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.append(request.url) if request.url.startswith("http") else None)
        page.goto(f"file://{site}/index.html")
        page.keyboard.press("/")
        page.keyboard.type("hidden equation", delay=20)
        page.wait_for_selector(".md-search-result__item", timeout=20_000)
        page.goto(f"file://{site}/concepts.html")
        assert page.locator("math").count() > 20
        assert page.evaluate("document.querySelector('.formula math').getBoundingClientRect().height") > 10
        browser.close()
    assert troubles == []
