"""Runs an ensemble: chunks are solved in this process or on a Dask cluster and written as they arrive; what is there is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from dollarflow.ensembles.chunks import Chunk, solve_chunk
from dollarflow.ensembles.cluster import connect, on_cluster
from dollarflow.ensembles.members import Members
from dollarflow.ensembles.store import METADATA, create, differences, read_attributes
from dollarflow.ensembles.writer import Writer
from dollarflow.errors import BadInput
from dollarflow.provenance import digest_of, system_digest, versions
from model.language.system import nearest

Progress = Callable[[int, int], None]
CHUNK_BYTES = 64_000_000
"""Memory of one chunk's values at most."""
LARGEST_CHUNK = 250
SMALLEST_CHUNK = 8
SUMMARY_CHUNK = 1000
KEPT = (
    "sofr", "effr", "sofr_iorb", "bill_rate", "yield_notes", "yield_bonds", "term_premium", "basis", "reserves", "on_rrp", "srf", "tga",
    "repo_dvp", "mmf_shares", "deposits", "m2", "debt", "hf_leverage", "fed_net_income", "deferred_asset",
)  # fmt: skip
"""Variables that are kept where the caller names none, as far as the system has them."""
ALL = "all"
PACKERS = ("zarr", "numcodecs")
"""Packages that decide how files are packed."""


def available() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def kept(members: Members, names: Sequence[str] | None) -> tuple[str, ...]:
    """The variables whose paths are kept: the caller's, every one for ``all``, or the headline ones.

    Raises
    ------
    BadInput
        A name that the system does not have, or one given twice.
    """
    known = members.solved.variables
    if names is None:
        return tuple(n for n in KEPT if n in known) or members.solved.unknowns
    if list(names) == [ALL]:
        return tuple(known)
    if not names:
        raise BadInput(f"--keep: name at least one variable, such as {KEPT[0]}, or {ALL}")
    for name in names:
        if name not in known:
            raise BadInput(f"--keep {name}: the system has no such variable{nearest(name, known)}")
    if len(set(names)) < len(names):
        raise BadInput(f"--keep {next(n for n in names if list(names).count(n) > 1)}: named twice")
    return tuple(names)


def chunk_size(members: Members, keep: Sequence[str], summary: bool) -> int:
    """Members of a chunk: as many as fit into :data:`CHUNK_BYTES`, within limits; a function of what is asked alone."""
    fit = CHUNK_BYTES // (8 * len(members.dates) * max(len(keep), 1))
    return int(max(SMALLEST_CHUNK, min(fit, SUMMARY_CHUNK if summary else LARGEST_CHUNK, members.design.members)))


def identity_of(members: Members, keep: Sequence[str], chunk: int, summary: bool) -> dict[str, Any]:
    """Everything that decides a store's bytes, as JSON."""
    start, design = members.start, members.design
    paths = {name: np.asarray(path).tolist() for name, path in sorted(start.drivers.exogenous.items())}
    return {
        "scenario": members.scenario.name,
        "scenario_digest": digest_of(members.scenario.model_dump(mode="json")),
        "start": members.dates[0].isoformat(),
        "periods": members.grid.periods,
        "clock": members.grid.clock,
        "design": design.kind,
        "draws": design.draws,
        "seed": design.seed,
        "members": design.members,
        "variation": members.variation.content(),
        "keep": list(keep),
        "summary": summary,
        "chunk": chunk,
        "system": system_digest(members.solved),
        "inputs": digest_of([dict(sorted(start.opening.items())), dict(sorted(start.drivers.parameters.items())), paths]),
        "versions": versions() | {name: metadata.version(name) for name in PACKERS},
    }


def labels_of(members: Members, keep: Sequence[str]) -> dict[str, Any]:
    """What readers of a store need beside its identity."""
    variables = members.solved.variables
    return {
        "title": members.scenario.title,
        "dates": [day.isoformat() for day in members.dates],
        "variables": list(keep),
        "units": [str(variables[name].unit) for name in keep],
        "parameters": list(members.variation.names),
        "factors": list(members.variation.labels),
        "sources": {f.name: f.source for f in members.variation.factors} | {p.name: p.source for p in members.variation.processes},
    }


def run(
    members: Members,
    out: Path,
    *,
    keep: Sequence[str] | None = None,
    summary: bool = False,
    chunk: int | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> None:
    """Solves an ensemble into a store; the same bytes however many workers there are and however often it was interrupted.

    Parameters
    ----------
    members
        The ensemble.
    out
        The store, a folder.
    keep
        Variables whose paths are kept.
    summary
        Keep order statistics and moments of each chunk instead of paths.
    chunk
        Members solved and written together; None for a size that fits into memory.
    workers
        Threads in this process.
    scheduler
        Address of a Dask scheduler whose workers solve instead.
    resume
        Continue what is there; without anything there, begin.
    progress
        Called with (members done, members).

    Raises
    ------
    BadInput
        A store that is there already, or that holds something else than what is asked to be resumed; a place that cannot be written; no
        scheduler at the address.
    Failed
        Workers that cannot do the work.
    """
    names = kept(members, keep)
    size = chunk_size(members, names, summary) if chunk is None else chunk
    if size < 1:
        raise BadInput(f"a chunk has 1 member at least, not {size}")
    identity = identity_of(members, names, size, summary)
    if out.exists():
        if not resume:
            if not (out / METADATA).is_file():
                raise BadInput(f"{out} is there already and is no ensemble; name another --out")
            raise BadInput(f"{out} is there already; name another --out, or continue it with --resume")
        different = differences(read_attributes(out)["identity"], identity)
        if different:
            raise BadInput(
                f"--resume: {out} holds another ensemble: {'; '.join(different[:6])}{'; and more' if len(different) > 6 else ''}"
            )
    client = None if scheduler is None else connect(scheduler)
    try:
        labels = labels_of(members, names)
        if not out.exists():
            create(out, identity, labels)
        with Writer(out, identity, labels) as writer:
            spans = writer.missing()
            total = members.design.members
            done = total - sum(last - first for first, last in spans)
            solve = _locally(members, spans, names, workers) if client is None else on_cluster(members, spans, names, client)
            if progress is not None:
                progress(done, total)
            for found in solve:
                writer.write(found)
                done += found.last - found.first
                if progress is not None:
                    progress(done, total)
    finally:
        if client is not None:
            client.close()


def _locally(members: Members, spans: Sequence[tuple[int, int]], keep: tuple[str, ...], threads: int) -> Iterator[Chunk]:
    for first, last in spans:
        yield solve_chunk(members, first, last, keep, threads)
