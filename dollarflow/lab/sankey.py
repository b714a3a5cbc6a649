"""The flow diagram: who paid whom for what over a run, as it was or as it differs from the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dollarflow.charts.flows import CLAIMS, COLOURS, INCOME, OTHER, PAID, PURPOSES
from dollarflow.charts.names import label
from dollarflow.lab.figures import FONT
from dollarflow.lab.solving import Answer
from dollarflow.reports.palette import BLUE, ORANGE, colour, translucent
from dollarflow.simulation import Simulation
from equations.accounts import CHART
from model.accounting.identities import payments
from model.language.accounts import transaction

Link = tuple[str, str, str]
VIEWS = {"run": "Scenario", "change": "Change against the baseline"}
HEIGHT = 560
LEAST = 0.002
"""Part of all flows below which a link is not drawn."""
NOTHING = 0.05
"""USD bn below which a change is not drawn."""
SECTORS = tuple(sector.name for sector in CHART.sectors)


def purpose(kind: str, payer: str) -> str:
    """What a payment is for."""
    if kind == "transfer" and payer != "treasury":
        return OTHER
    return PAID.get(kind, OTHER if kind == "variation_margin" else INCOME)


def flows(run: Simulation) -> dict[Link, float]:
    """Payments and net acquisitions of claims of a whole run by payer, purpose and payee, USD bn, never negative.

    A claim acquired is paid for by its holder and received by its issuer; a cell's transactions are netted over the run.
    """
    found: dict[Link, float] = {}
    for paid in payments(CHART):
        series = run[paid.variable.base][1:]
        add(found, (paid.payer, purpose(paid.kind, paid.payer), paid.payee), float(series[series > 0].sum()))
        add(found, (paid.payee, purpose(paid.kind, paid.payee), paid.payer), -float(series[series < 0].sum()))
    for cell in CHART.cells():
        net = float(run[transaction(cell).base][1:].sum())
        payer, payee = (cell.holder, cell.issuer) if net >= 0 else (cell.issuer, cell.holder)
        add(found, (payer, PURPOSES.get(cell.instrument, CLAIMS), payee), abs(net))
    return found


def add(found: dict[Link, float], link: Link, amount: float) -> None:
    """Adds an amount to a link, where there is one."""
    if amount > 0:
        found[link] = found.get(link, 0.0) + amount


def changes(answer: Answer) -> dict[Link, float]:
    """Each link's flow less the baseline's, USD bn."""
    after, before = flows(answer.run), flows(answer.base)
    found = {link: after.get(link, 0.0) - before.get(link, 0.0) for link in {**before, **after}}
    return {link: amount for link, amount in found.items() if abs(amount) >= NOTHING}


def sankey(answer: Answer, view: str) -> dict[str, Any]:
    """Payers on the left, purposes in the middle, payees on the right."""
    change = view == "change"
    found = changes(answer) if change else flows(answer.run)
    figure = diagram(found, change)
    figure["layout"] = {
        "height": HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "font": {"family": FONT, "size": 12, "color": "#1B1F24"},
        "paper_bgcolor": "rgba(0,0,0,0)",
    }
    if not found:
        figure["layout"]["annotations"] = [
            {"text": "No flow differs from the baseline.", "showarrow": False, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
        ]
        figure["layout"] |= {"xaxis": {"visible": False}, "yaxis": {"visible": False}, "height": 160}
    return figure


def diagram(found: Mapping[Link, float], change: bool) -> dict[str, Any]:
    """Links as a plotly diagram; changes are blue where a flow grew and orange where it shrank."""
    sides: dict[tuple[str, str, str, bool], float] = {}
    for (payer, why, payee), amount in found.items():
        for side, sector in (("pays", payer), ("gets", payee)):
            key = (side, sector, why, amount >= 0)
            sides[key] = sides.get(key, 0.0) + abs(amount)
    whole = sum(amount for (side, *_), amount in sides.items() if side == "pays")
    shown = {key: amount for key, amount in sides.items() if amount >= LEAST * whole}
    purposes = [why for why in COLOURS if any(key[2] == why for key in shown)]
    nodes = [(side, name) for side in ("pays", "gets") for name in SECTORS if any(key[:2] == (side, name) for key in shown)]
    nodes += [("why", why) for why in purposes]
    place = {node: number for number, node in enumerate(nodes)}
    order = sorted(shown, key=lambda key: (key[0] != "pays", SECTORS.index(key[1]), purposes.index(key[2]), key[3]))
    ends = [(place[side, name], place["why", why]) for side, name, why, _ in order]
    shades = [(BLUE if grew else ORANGE) if change else COLOURS[why] for _, _, why, grew in order]
    words = ["more" if grew else "less" for *_, grew in order] if change else [""] * len(order)
    trace = {
        "type": "sankey",
        "arrangement": "snap",
        "valueformat": ",.1f",
        "valuesuffix": " bn",
        "node": {
            "label": [label(name) if side != "why" else name for side, name in nodes],
            "color": [COLOURS[name] if side == "why" else colour(name) for side, name in nodes],
            "pad": 12,
            "thickness": 14,
            "line": {"color": "#FFFFFF", "width": 0.5},
            "hovertemplate": "%{label}: %{value}<extra></extra>",
        },
        "link": {
            "source": [one if key[0] == "pays" else two for key, (one, two) in zip(order, ends, strict=True)],
            "target": [two if key[0] == "pays" else one for key, (one, two) in zip(order, ends, strict=True)],
            "value": [shown[key] for key in order],
            "color": [translucent(shade, 0.55 if change else 0.4) for shade in shades],
            "customdata": words,
            "hovertemplate": "%{source.label} → %{target.label}: %{value} %{customdata}<extra></extra>",
        },
    }
    return {"data": [trace] if order else []}
