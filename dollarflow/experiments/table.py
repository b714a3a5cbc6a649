"""Rows of experiments printed: text for a terminal, markdown for the documentation, JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from typing import get_args

from dollarflow.experiments.check import Basis, Check, Experiment

Result = tuple[Experiment, tuple[Check, ...]]
WIDTH = 110
INTRODUCTION = (
    "What the model finds against what was published, as `dollarflow experiments` prints it; written by `dollarflow experiments "
    "--format markdown`. A band is written down with its source before the run and is not fitted to it. Identities must hold exactly. "
    "Rows in sample have a band or a parameter from the same observation: passing them is no evidence. Rows that restate a parameter or "
    "an input, which they name, have a figure and a band that both follow from it: passing them shows that the program computes what was "
    "put in, and nothing of the world; they are counted apart, whatever their basis. A miss stays a miss; its cause stands below the table."
)


def figure(value: float | None) -> str:
    """A number in at most four significant digits."""
    if value is None:
        return ""
    if value != value:
        return "none"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def band(row: Check) -> str:
    """A band in words."""
    if row.low is None and row.high is None:
        return "reported"
    if row.low is None:
        return f"at most {figure(row.high)}"
    if row.high is None:
        return f"at least {figure(row.low)}"
    return figure(row.low) if row.low == row.high else f"{figure(row.low)} to {figure(row.high)}"


def verdict(row: Check) -> str:
    """What a reader wants to know first."""
    if row.low is None and row.high is None and row.passed:
        return "shown"
    return "pass" if row.passed else "MISS"


def basis(row: Check) -> str:
    """Where a band comes from, and what takes the evidence out of passing it."""
    return row.basis + (", in sample" if row.in_sample else "") + (f", restates {row.restates}" if row.restates else "")


def as_text(item: Experiment, rows: tuple[Check, ...]) -> str:
    """An experiment as a block of lines."""
    lines = [f"{item.name}  {item.title}"]
    for row in rows:
        lines.append(
            f"  {verdict(row):<5} {figure(row.computed):>9} {row.unit:<6} {band(row):<20} {row.variable}: {row.case}  [{basis(row)}]"
        )
        if row.explanation:
            lines += textwrap.wrap(row.explanation, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return "\n".join(lines)


def as_markdown(results: Iterable[Result]) -> str:
    """All experiments as a document."""
    kept = list(results)
    lines = ["# Experiments", "", *textwrap.wrap(INTRODUCTION, 140), "", f"{summary(kept)}.", ""]
    for item, rows in kept:
        lines += [f"## {item.name}. {item.title}", "", *textwrap.wrap(item.question, 140), ""]
        lines += ["| case | variable | computed | band | unit | basis | verdict |", "|---|---|---:|---|---|---|---|"]
        notes = []
        for row in rows:
            word = verdict(row).lower()
            lines.append(f"| {row.case} | {row.variable} | {figure(row.computed)} | {band(row)} | {row.unit} | {basis(row)} | {word} |")
            if row.explanation:
                notes.append(f"- {row.case}, {row.variable}: {row.explanation}")
        sources = sorted({row.source for row in rows})
        lines += ["", *notes, *([""] if notes else []), "Bands: " + "; ".join(sources) + ".", ""]
    return "\n".join(lines).rstrip() + "\n"


def as_json(results: Iterable[Result]) -> str:
    """All rows as a list of objects."""
    return json.dumps([row.as_dict() for _, rows in results for row in rows], indent=2, ensure_ascii=False)


def summary(results: Iterable[Result]) -> str:
    """Counts by basis, and apart from them rows whose passing is no evidence: those in sample, and those that restate what was put in."""
    rows = [row for _, found in results for row in found]
    judged = [row for row in rows if row.low is not None or row.high is not None]
    kinds = {kind: [row for row in judged if row.basis == kind and not row.in_sample and not row.restates] for kind in get_args(Basis)}
    kinds["in sample"] = [row for row in judged if row.in_sample and not row.restates]
    kinds["restating"] = [row for row in judged if row.restates]
    parts = [f"{kind} {sum(row.passed for row in own)} of {len(own)}" for kind, own in kinds.items() if own]
    return f"{len(rows)} rows; inside their bands: {', '.join(parts) or 'none judged'}"
