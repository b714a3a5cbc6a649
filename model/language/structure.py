"""The structure of a system: which equation determines which unknown, in which order, and what must be solved together.

Equations and unknowns are numbered canonically (by name), so that the order in which a system is written changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class StructureError(ValueError):
    """Equations and unknowns do not match one to one; the message names the over- and under-determined parts."""


@dataclass(frozen=True)
class Shape:
    """What the structure needs to know of an equation.

    Parameters
    ----------
    name
        The equation's name.
    unknowns
        Numbers of the unknowns that occur in the current period, ascending.
    own
        The unknown that stands alone on the left and not on the right, or None.
    linear
        Unknowns that enter with a constant numeric coefficient and nowhere else: the equation can be solved for them.
    """

    name: str
    unknowns: tuple[int, ...]
    own: int | None = None
    linear: tuple[int, ...] = ()


@dataclass(frozen=True)
class BlockShape:
    """Equations that determine the same number of unknowns together.

    Parameters
    ----------
    chain
        (equation, unknown) in the order in which they are assigned once the tears are known.
    tears
        Unknowns that Newton's method solves for; empty where the chain alone does.
    residuals
        Equations that the tears must satisfy, as many as there are tears.
    """

    chain: tuple[tuple[int, int], ...]
    tears: tuple[int, ...] = ()
    residuals: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Number of equations."""
        return len(self.chain) + len(self.residuals)


def match(shapes: Sequence[Shape], unknowns: int) -> list[int]:
    """The unknown matched to each equation (−1 for none), a maximum matching that prefers explicit pairs.

    Explicit pairs are taken first, then linear ones, then any; the rest follows by augmenting paths.
    """
    of_equation, of_unknown = [-1] * len(shapes), [-1] * unknowns

    def pair(e: int, u: int) -> None:
        of_equation[e], of_unknown[u] = u, e

    for e, shape in enumerate(shapes):
        if shape.own is not None and of_unknown[shape.own] < 0:
            pair(e, shape.own)
    for attribute in ("linear", "unknowns"):
        for e, shape in enumerate(shapes):
            if of_equation[e] < 0:
                candidates: tuple[int, ...] = getattr(shape, attribute)
                free = next((u for u in candidates if of_unknown[u] < 0), None)
                if free is not None:
                    pair(e, free)
    for e in range(len(shapes)):
        if of_equation[e] < 0:
            _augment(e, shapes, of_equation, of_unknown)
    return of_equation


def _augment(root: int, shapes: Sequence[Shape], of_equation: list[int], of_unknown: list[int]) -> bool:
    """Breadth-first search for an alternating path from an unmatched equation to a free unknown; flips it."""
    parent: dict[int, int] = {}
    queue = [root]
    for e in queue:
        for u in shapes[e].unknowns:
            if u in parent:
                continue
            parent[u] = e
            if of_unknown[u] < 0:
                while True:
                    e = parent[u]
                    following = of_equation[e]
                    of_equation[e], of_unknown[u] = u, e
                    if e == root:
                        return True
                    u = following
            queue.append(of_unknown[u])
    return False


def components(successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """Strongly connected components, each before those that reach it (Tarjan, without recursion); members ascending."""
    count = len(successors)
    index, low, on_stack = [-1] * count, [0] * count, [False] * count
    found: list[list[int]] = []
    stack: list[int] = []
    clock = 0
    for root in range(count):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            v, place = work.pop()
            if place == 0:
                index[v] = low[v] = clock
                clock += 1
                stack.append(v)
                on_stack[v] = True
            descend = False
            for i in range(place, len(successors[v])):
                w = successors[v][i]
                if index[w] < 0:
                    work.extend(((v, i + 1), (w, 0)))
                    descend = True
                    break
                if on_stack[w]:
                    low[v] = min(low[v], index[w])
            if descend:
                continue
            if low[v] == index[v]:
                members = []
                while True:
                    w = stack.pop()
                    on_stack[w] = False
                    members.append(w)
                    if w == v:
                        break
                found.append(sorted(members))
            if work:
                above = work[-1][0]
                low[above] = min(low[above], low[v])
    return found


def blocks(shapes: Sequence[Shape], names: Sequence[str]) -> list[BlockShape]:
    """The blocks in the order in which they can be solved.

    Parameters
    ----------
    shapes
        One for each equation, in canonical order.
    names
        The unknowns' names.

    Raises
    ------
    StructureError
        There is no one-to-one matching.
    """
    matching = match(shapes, len(names))
    if len(shapes) != len(names) or -1 in matching:
        raise StructureError(explain(shapes, names, matching))
    owner = {u: e for e, u in enumerate(matching)}
    needs = [[owner[u] for u in s.unknowns if owner[u] != e] for e, s in enumerate(shapes)]
    return [_tear(members, shapes, matching) for members in components(needs)]


def _tear(members: list[int], shapes: Sequence[Shape], matching: Sequence[int]) -> BlockShape:
    """Split a block into assignments and as few tears as a greedy search finds."""
    inside = {matching[e] for e in members}
    assigned: dict[int, int] = {}
    for e in members:
        own = shapes[e].own
        if own is not None and own in inside and own not in assigned:
            assigned[own] = e
    taken = set(assigned.values())
    for e in members:
        if e not in taken:
            free = next((u for u in shapes[e].linear if u in inside and u not in assigned), None)
            if free is not None:
                assigned[free] = e
                taken.add(e)
    equations = sorted(taken)
    place = {e: i for i, e in enumerate(equations)}
    variable = {e: u for u, e in assigned.items()}
    graph = [[place[assigned[u]] for u in shapes[e].unknowns if u in assigned and assigned[u] != e] for e in equations]
    cut = {equations[i] for i in feedback_vertices(graph)}
    chain_members = [e for e in equations if e not in cut]
    order = {e: i for i, e in enumerate(chain_members)}
    needs = [
        [order[assigned[u]] for u in shapes[e].unknowns if u in assigned and assigned[u] in order and assigned[u] != e]
        for e in chain_members
    ]
    sequence = [chain_members[group[0]] for group in components(needs)]
    chained = {variable[e] for e in sequence}
    return BlockShape(
        chain=tuple((e, variable[e]) for e in sequence),
        tears=tuple(sorted(inside - chained)),
        residuals=tuple(e for e in members if e not in order),
    )


def feedback_vertices(graph: Sequence[Sequence[int]]) -> list[int]:
    """Vertices whose removal leaves no cycle: Levy and Low's reductions, then the vertex with most paths through it."""
    after = {v: set(ws) for v, ws in enumerate(graph)}
    before: dict[int, set[int]] = {v: set() for v in after}
    for v, ws in after.items():
        for w in ws:
            before[w].add(v)
    chosen: list[int] = []

    def drop(v: int) -> list[int]:
        touched = sorted((after[v] | before[v]) - {v})
        for w in after.pop(v):
            if w != v:
                before[w].discard(v)
        for w in before.pop(v):
            if w != v:
                after[w].discard(v)
        return touched

    def bypass(v: int) -> list[int]:
        sources, targets = before[v] - {v}, after[v] - {v}
        touched = drop(v)
        for s in sources:
            for t in targets:
                after[s].add(t)
                before[t].add(s)
        return touched

    queue = list(after)
    while after:
        while queue:
            v = queue.pop()
            if v not in after:
                continue
            if v in after[v]:
                chosen.append(v)
                queue.extend(drop(v))
            elif not after[v] or not before[v]:
                queue.extend(drop(v))
            elif len(after[v]) == 1 or len(before[v]) == 1:
                queue.extend(bypass(v))
        if after:
            best = max(sorted(after), key=lambda v: len(after[v]) * len(before[v]))
            chosen.append(best)
            queue.extend(drop(best))
    return sorted(chosen)


def explain(shapes: Sequence[Shape], names: Sequence[str], matching: Sequence[int]) -> str:
    """The over- and under-determined parts by name (Dulmage and Mendelsohn's decomposition)."""
    owner = {u: e for e, u in enumerate(matching) if u >= 0}
    spare = [e for e, u in enumerate(matching) if u < 0]
    free = [u for u in range(len(names)) if u not in owner]
    containing: dict[int, list[int]] = {}
    for e, shape in enumerate(shapes):
        for u in shape.unknowns:
            containing.setdefault(u, []).append(e)
    over_equations, over_unknowns = set(spare), set[int]()
    queue = list(spare)
    for e in queue:
        for u in shapes[e].unknowns:
            over_unknowns.add(u)
            if u in owner and owner[u] not in over_equations:
                over_equations.add(owner[u])
                queue.append(owner[u])
    under_unknowns, under_equations = set(free), set[int]()
    queue = list(free)
    for u in queue:
        for e in containing.get(u, []):
            under_equations.add(e)
            if matching[e] >= 0 and matching[e] not in under_unknowns:
                under_unknowns.add(matching[e])
                queue.append(matching[e])

    def listed(items: list[str]) -> str:
        return ", ".join(items[:12]) + (f" and {len(items) - 12} more" if len(items) > 12 else "")

    def equations(found: set[int]) -> str:
        return f"{len(found)} equation{'s' * (len(found) != 1)} ({listed(sorted(shapes[e].name for e in found))})"

    def unknowns(found: set[int]) -> str:
        return f"{len(found)} unknown{'s' * (len(found) != 1)} ({listed(sorted(names[u] for u in found))})"

    lines = [f"{len(shapes)} equations for {len(names)} unknowns do not match one to one"]
    if spare:
        lines.append(
            f"over-determined: {equations(over_equations)} for {unknowns(over_unknowns)}; drop an equation or free an exogenous variable"
        )
    if free:
        lines.append(
            f"under-determined: {equations(under_equations)} for {unknowns(under_unknowns)}; add an equation or make a variable exogenous"
        )
    return "\n".join(lines)
