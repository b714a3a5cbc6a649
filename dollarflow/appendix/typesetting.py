"""A LaTeX file run through pdflatex, where there is one: pages, errors and overfull boxes."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "pdflatex"
RUNS = 2
"""Tables that break over pages settle their widths in the second run."""
SECONDS = 300
OVERFULL = re.compile(r"Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\)")
PAGES = re.compile(r"Output written on .*? \((\d+) pages?")
ERROR = re.compile(r"^! .*", re.MULTILINE)


@dataclass(frozen=True)
class Compiled:
    """What pdflatex said.

    Parameters
    ----------
    pages
        Number of pages; 0 where there is no document.
    errors
        Its error lines.
    overfull
        By how many points each overfull line or page is too large.
    document
        The PDF.
    """

    pages: int
    errors: tuple[str, ...]
    overfull: tuple[float, ...]
    document: bytes = b""

    def __str__(self) -> str:
        wide = f"{len(self.overfull)} overfull boxes, the largest by {max(self.overfull):.1f} pt" if self.overfull else "no overfull box"
        return f"{self.pages} pages, {len(self.errors)} error{'' if len(self.errors) == 1 else 's'}, {wide}"


def program() -> str | None:
    """Where pdflatex is; None where there is none."""
    return shutil.which(PROGRAM)


def compiled(text: str) -> Compiled | None:
    """A document run through pdflatex; None where there is no pdflatex."""
    place = program()
    if place is None:
        return None
    with tempfile.TemporaryDirectory(prefix="dollarflow-") as name:
        folder = Path(name)
        (folder / "appendix.tex").write_text(text, encoding="utf-8")
        log = ""
        for _ in range(RUNS):
            command = [place, "-interaction=nonstopmode", "-no-shell-escape", "appendix.tex"]
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL)
            log = done.stdout.decode("utf-8", errors="replace").replace("\r", "")
        document = folder / "appendix.pdf"
        content = document.read_bytes() if document.is_file() else b""
    pages = PAGES.search(log.replace("\n", " "))
    return Compiled(
        int(pages.group(1)) if pages else 0,
        tuple(dict.fromkeys(ERROR.findall(log))),
        tuple(float(width) for width in OVERFULL.findall(log)),
        content,
    )
