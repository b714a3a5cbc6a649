"""The estimates as TOML and as text: value, standard error, sample, source, and the model's own value beside it."""

from __future__ import annotations

import json
import math

from calibration.estimation.registry import SILENT, studies
from calibration.estimation.study import Study
from calibration.parameters import load_parameters

DIGITS = 10
ILL_CONDITIONED = 1000.0
HEAD = """# Estimates of behavioural parameters, made by `dollarflow calibrate`.
# The model runs on calibration/parameters.toml; these stand beside it.
# error: standard error, Newey-West with the stated priors. data_error: the same from the data alone. informed: share of the prior's
# variance that the data removed. in_errors: model less estimate over the standard error. Errors of an estimate at a bound mean little.
"""

HELD_OUT = """Held-out days are predicted by the estimated equation alone, from that day's regressors. The model has its own curve,
facility and dealers on such days (28 bp on 31 October 2025): docs/estimation.md, "31 October 2025 under other curves", has both."""


def number(value: float) -> str:
    """A number as TOML, to ten significant digits."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    text = f"{value:.{DIGITS}g}"
    return text if any(mark in text for mark in ".e") else f"{text}.0"


def quoted(text: str) -> str:
    """Text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)


def section(study: Study, model: dict[str, float]) -> list[str]:
    """The lines of one study."""
    found = study.fit
    lines = [
        f"[{study.name}]",
        f"explains = {quoted(study.explains)}",
        f"unit = {quoted(study.unit)}",
        f"sample = {quoted(f'{study.first} to {study.last}')}",
        f"observations = {found.observations}",
        f"rmse = {number(found.rmse)}",
        f"condition = {number(found.condition)}",
        f"identified = {'true' if found.condition < ILL_CONDITIONED else 'false'}",
        f"source = {quoted(study.source)}",
        f"note = {quoted(study.note)}",
    ]
    for day in study.held_out:
        lines += ["", f"[[{study.name}.held_out]]", f"date = {day.date}"]
        lines += [f"observed = {number(day.observed)}", f"predicted = {number(day.predicted)}"]
    for unknown in found.relation.unknowns:
        item, name = study.reported[unknown.name], unknown.name
        value, error = item.factor * found.values[name], item.factor * found.errors[name]
        lines += ["", f"[{study.name}.parameter.{item.parameter}]"]
        lines += [f"value = {number(value)}", f"error = {number(error)}", f"unit = {quoted(item.unit)}"]
        lines += [f"data_error = {number(item.factor * found.data_only[name])}"]
        if math.isfinite(unknown.deviation):
            lines += [f"prior = {number(item.factor * unknown.prior)}", f"prior_deviation = {number(item.factor * unknown.deviation)}"]
            lines += [f"informed = {number(found.informed(name))}"]
        if name in found.at_bound:
            lines += ["at_bound = true"]
        if item.parameter in model:
            lines += [f"model = {number(model[item.parameter])}"]
            if error > 0:
                lines += [f"in_errors = {number((model[item.parameter] - value) / error)}"]
        if name in study.profiles:
            lines += [f"profile = [{', '.join(number(fall) for fall in study.profiles[name])}]"]
        if study.others:
            others = (f"{quoted(label)} = {number(item.factor * fit.values[name])}" for label, fit in study.others.items())
            lines += [f"other_samples = {{ {', '.join(others)} }}"]
    return [*lines, ""]


def estimates_toml() -> str:
    """Every estimate, and the parameters on which the data are silent, as TOML.

    The committed ``data/estimates.toml`` is this text on the compiled data.
    """
    model = load_parameters()
    lines = [HEAD]
    for study in studies():
        lines += section(study, model)
    for item in SILENT:
        lines += [f"[silent.{item.parameter}]", f"model = {number(model[item.parameter])}"]
        lines += [f"low = {number(item.low)}", f"high = {number(item.high)}", f"reason = {quoted(item.reason)}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def estimates_text() -> str:
    """The estimates as a table for reading."""
    model = load_parameters()
    head = f"{'parameter':<28} {'estimate':>12} {'error':>11} {'model':>12} {'in errors':>9}  sample"
    lines = [head]
    for study in studies():
        found = study.fit
        doubt = "" if found.condition < ILL_CONDITIONED else f"; condition {found.condition:.0f}: only combinations are identified"
        lines += ["", f"{study.explains} ({study.unit}), {found.observations} observations, rmse {found.rmse:.3g}{doubt}"]
        for unknown in found.relation.unknowns:
            item = study.reported[unknown.name]
            value, error = item.factor * found.values[unknown.name], item.factor * found.errors[unknown.name]
            own = model.get(item.parameter)
            beside = f"{own:>12.5g}" if own is not None else f"{'':>12}"
            gap = f"{(own - value) / error:>9.1f}" if own is not None and error > 0 else f"{'':>9}"
            mark = " at its bound" if unknown.name in found.at_bound else ""
            lines += [f"{item.parameter:<28} {value:>12.5g} {error:>11.3g} {beside} {gap}  {study.first} to {study.last}{mark}"]
        lines += [f"  held out {day.date}: observed {day.observed:.1f}, predicted {day.predicted:.1f}" for day in study.held_out]
    lines += ["", "the data are silent on:"]
    lines += [f"{item.parameter:<28} {model[item.parameter]:>12.5g}  {item.low:g} to {item.high:g}: {item.reason}" for item in SILENT]
    return "\n".join([*lines, "", HELD_OUT])
