"""What the site's build adds to the pages: equations, commands, the executed tutorial, the changelog, and formulas as MathML."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from command_page import command_page
from equation_pages import equation_pages
from formulas import block, inline
from mkdocs.structure.files import File, Files
from notebook_page import notebook_page

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```math\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"\$`([^`]+)`\$")
ROLE = re.compile(r":(?:func|class|mod|meth|data|attr):<code>~?([^<]+)</code>")


def changelog() -> str:
    """The repository's changelog."""
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def generated() -> dict[str, Callable[[], str]]:
    """Pages that are made at build time, by place."""
    return {
        "tutorial.md": lambda: notebook_page(ROOT / "docs" / "tutorial.ipynb", ROOT),
        "reference/commands.md": command_page,
        "changelog.md": changelog,
        **equation_pages(ROOT),
    }


def named(nav: Any) -> set[str]:
    """Every page that a navigation names."""
    if isinstance(nav, str):
        return {nav}
    items = nav.values() if isinstance(nav, dict) else nav
    return {name for item in items for name in named(item)}


def on_config(config: Any) -> Any:
    """Pages that the navigation forgets stand at its end, under their own headings."""
    known = named(config.nav)
    for page in sorted((ROOT / "docs").glob("*.md")):
        if page.name not in known:
            title = page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
            config.nav[-1]["Project"].append({title: page.name})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Adds the generated pages."""
    for place, make in generated().items():
        files.append(File.generated(config, place, content=make()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Formulas as MathML; files of the repository that are no pages by their name instead of a link."""
    markdown = FENCED.sub(lambda found: block(found.group(1)), markdown)
    markdown = INLINE.sub(lambda found: inline(found.group(1)), markdown)
    return re.sub(r"\[([^\]]+)\]\(\.\./(?!docs/)([\w./-]+)\)", r"`\2`", markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Cross-references of docstrings as names in code."""
    return ROLE.sub(r"<code>\1</code>", html)
