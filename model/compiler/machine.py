"""Machine code: kernels as LLVM text, compiled without any relaxation of floating-point rules."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from model.compiler import cache
from model.compiler.engine import Code, function_names, link, packed, processor, surroundings
from model.compiler.plan import BlockPlan, Plan
from model.compiler.routines import DECLARATIONS, DECLARED_HELPERS, ELIMINATE, HELPER_NAMES, HELPERS
from model.compiler.stores import Store
from model.compiler.tape import Tape

LARGE = 2000
"""Operations on a tape above which code is generated quickly: a quarter of the compile time, the same bits."""
LENGTH, LENGTH_LARGE = 1500, 10_000
"""Instructions after which a kernel continues in a new machine function, so that compile time stays linear in size.

The quick code generator, which large systems take, is linear by itself; what several functions need each computes again.
"""
WRITERS = ("machine", "engine", "driver", "torn", "elimination", "emitter", "plan", "routines", "writer")
"""Modules whose text decides what the same tape compiles to."""


def compile_kernels(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], plan: Plan | None = None) -> Code:
    """The functions of each kernel, ``eliminate`` and a plan's ``advance`` and ``sweep``.

    Code that was compiled before, by this or another process, is taken from the cache.
    """
    key = _key(tape, stride, kernels, plan)
    code = cache.load(key)
    if code is None:
        code = packed(_compiled(tape, stride, kernels, plan))
        cache.store(key, code)
    return link(key, code, function_names(kernels, plan))


def _key(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], plan: Plan | None) -> str:
    """A digest of everything that the code depends on."""
    digest = hashlib.sha256()
    stores = [(name, [(s.node, s.position, s.in_row) for s in stores]) for name, stores in kernels.items()]
    writers = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in WRITERS]
    for part in (surroundings(), writers, stride, stores, tape.ops):
        digest.update(marshal.dumps(part, 2))
    digest.update(repr(plan).encode())
    return digest.hexdigest()


def _compiled(tape: Tape, stride: int, kernels: dict[str, Sequence[Store]], plan: Plan | None) -> list[bytes]:
    """The object code: one piece, or the kernels' own piece and another where they are large."""
    from model.compiler.driver import driver_text
    from model.compiler.elimination import eliminate_text, follow_text
    from model.compiler.writer import kernel_text

    large = len(tape.ops) > LARGE
    text = [DECLARATIONS]
    for name, stores in kernels.items():
        text.extend(kernel_text(tape, stride, name, stores, LENGTH_LARGE if large else LENGTH))
    for step in () if plan is None else plan.steps:
        if isinstance(step, BlockPlan):
            text.extend(eliminate_text(step))
            text.extend(follow_text(step))
    routines = HELPERS + ELIMINATE
    driver = "" if plan is None else driver_text(plan)
    if not large:
        module = _module("\n".join([*text, routines]), driver)
        for name in HELPER_NAMES:
            module.get_function(name).linkage = "internal"
        return [_object(module, 2, _improve)]
    loop = _module(DECLARATIONS + routines, driver)
    return [_object(_module("\n".join([*text, DECLARED_HELPERS])), 0), _object(loop, 1, _tidy)]


def _module(*texts: str) -> Any:
    """What LLVM makes of texts that belong together."""
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(texts[0])
    for text in texts[1:]:
        if text:
            module.link_in(llvm.parse_assembly(text))
    return module


def _object(module: Any, care: int, passes: Callable[[Any, Any], None] | None = None) -> bytes:
    """A module's object code, generated with so much care after some passes."""
    import llvmlite.binding as llvm

    machine = llvm.Target.from_default_triple().create_target_machine(*processor(), opt=care, jit=True)
    if passes is not None:
        passes(module, machine)
    return bytes(machine.emit_object(module))


def _improve(module: Any, machine: Any) -> None:
    """Kernels become part of the loop, and what is computed twice is computed once; loops stay what they are, they are short."""
    import llvmlite.binding as llvm

    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_unrolling = options.loop_vectorization = options.slp_vectorization = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


def _tidy(module: Any, machine: Any) -> None:
    """Variables become registers, and what is written at length becomes shorter."""
    import llvmlite.binding as llvm

    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_function_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)
