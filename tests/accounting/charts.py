"""Random charts of accounts: any sectors, any instruments of any valuation, any flows."""

from __future__ import annotations

from hypothesis import strategies as st

from model.language.accounts import Chart, Flow, Instrument, Sector, Valuation
from model.language.symbols import Parameter, Variable
from model.language.units import RATE

KINDS = ("tax", "dividend", "fee", "spending")


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Two to six sectors, up to six instruments with one to six cells each, up to six flows."""
    names = [f"s{i}" for i in range(draw(st.integers(2, 6)))]
    pairs = [(a, b) for a in names for b in names if a != b]
    instruments = []
    for i in range(draw(st.integers(1, 6))):
        cells = tuple(draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=6, unique=True)))
        valuation = draw(st.sampled_from(list(Valuation)))
        coupons = valuation is Valuation.COUPON
        rated = valuation is Valuation.PAR and draw(st.booleans())
        instruments.append(
            Instrument(
                f"i{i}",
                cells,
                valuation=valuation,
                rate=Variable(f"rate{i}", RATE) if rated else None,
                rates=((cells[0], Variable("special_rate", RATE)),) if rated and draw(st.booleans()) else (),
                amortisation=Parameter(f"a{i}", RATE) if coupons else None,
                price_yield=Variable(f"y{i}", RATE) if coupons else None,
            )
        )
    links = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(pairs)), max_size=6, unique=True))
    flows = tuple(Flow(kind, payer, payee) for kind, (payer, payee) in links)
    return Chart(tuple(Sector(n, n.upper()) for n in names), tuple(instruments), flows)
