"""From a system to its program; programs are kept for the life of the process, by content."""

from __future__ import annotations

from functools import lru_cache

from model.compiler.assembly import Builder, CompileError
from model.compiler.description import Description
from model.compiler.kernels import build_kernels, default_backend
from model.compiler.program import Program
from model.compiler.symbolic import Symbolic
from model.compiler.tape import Tape
from model.language.equation import Complementarity
from model.language.later import Later
from model.language.structure import StructureError, blocks
from model.language.symbols import Variable
from model.language.system import System


def compile_system(system: System, backend: str = "") -> Program:
    """The compiled system.

    Raises
    ------
    StructureError
        Unknowns and equations do not match one to one.
    CompileError
        An expression that equations cannot contain.
    """
    chosen = backend or default_backend()
    key = id(system), chosen
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = system, _compiled(system, chosen)
        for old in list(_KNOWN)[:-KEPT]:
            _KNOWN.pop(old, None)
    return found[1]


KEPT = 32
_KNOWN: dict[tuple[int, str], tuple[System, Program]] = {}
"""Programs of systems that were asked for last, by identity: to compare a system with an equal one takes longer than to solve it."""


@lru_cache(maxsize=KEPT)
def _compiled(system: System, chosen: str) -> Program:
    columns = (*sorted(system.unknowns), *system.given)
    index = {name: i for i, name in enumerate(columns)}
    tape = Tape(index, {p.name: i for i, p in enumerate(system.parameters)})
    equations = tuple(sorted(system.equations, key=lambda e: e.name))
    unknowns = tuple(sorted(system.unknowns))
    builder = Builder(tape, equations, [index[u] for u in unknowns])
    order = tuple(blocks([builder.shape(e) for e in range(len(equations))], unknowns))
    kernels, steps = builder.steps(order)
    conditions = tuple(e for e in equations if isinstance(e, Complementarity))
    kernels["certificate"] = builder.certificate(system, conditions)
    lags, leads = _offsets(system)
    description = Description(
        unknowns=unknowns,
        given=system.given,
        add_factors=tuple(system.add_factors),
        parameters=tuple((p.name, p.lower, p.upper) for p in system.parameters),
        equations=tuple(e.name for e in equations),
        hidden=tuple(h.name for h in system.hidden),
        conditions=tuple((c.name, index[str(c.left)]) for c in conditions),
        lags=lags,
        leads=leads,
        shapes=order,
        steps=tuple(steps),
    )
    module = build_kernels(tape, len(columns), kernels, chosen, description.plan)
    residuals = tuple(builder.residual(e) for e in range(len(equations)))
    return Program(chosen, description, [module], Later.known(Symbolic(system, equations, conditions, residuals, tape)))


def _offsets(system: System) -> tuple[dict[str, int], dict[str, int]]:
    lags: dict[str, int] = {}
    leads: dict[str, int] = {}
    for s in system.symbols:
        if isinstance(s, Variable):
            if s.time < 0:
                lags[s.base] = max(lags.get(s.base, 0), -s.time)
            elif s.time > 0:
                leads[s.base] = max(leads.get(s.base, 0), s.time)
    return dict(sorted(lags.items())), dict(sorted(leads.items()))


__all__ = ["CompileError", "StructureError", "compile_system"]
