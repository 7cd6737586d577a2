"""One unit at one step: the formulas of a gated unit, and the same with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

if TYPE_CHECKING:
    from medmodels.lessons.gru import UnitStep
    from medmodels.lessons.recurrence import Unrolled

# The longest formula fits on a narrow telephone.
_SMALL_ENOUGH = (
    "<style>.st-key-KEY .katex { font-size: min(1.15em, 3.7vw); }"
    "@media (max-width: 640px) { .st-key-KEY .katex-display { margin: 0.25rem 0; } }</style>"
)


def show_unit(unrolled: Unrolled, step: int, unit: int, key: str) -> None:
    """Follow one unit through one step, every number of it.

    Parameters
    ----------
    unrolled : Unrolled
    step : int
        Of reading, from 0.
    unit : int
        From 0; on screen units count from 1.
    key : str
        Prefix of the widgets' keys.
    """
    found = unrolled.unit(step, unit)
    st.markdown(f"**Unit {unit + 1} at step {step + 1}, in numbers.** {_in_words(found)}")
    st.html(_SMALL_ENOUGH.replace("KEY", f"{key}-formulas"))
    with st.container(key=f"{key}-formulas"):
        # Two and two: in one column, on a narrow screen, they keep their order.
        places = [*st.columns(2), *st.columns(2)]
        for place, formula in zip(places, formulas(found), strict=True):
            place.latex(formula)
    with st.expander("What goes in: every product of these sums", icon=":material/functions:"):
        _show_products(unrolled, step, unit)


def formulas(found: UnitStep) -> tuple[str, str, str, str]:
    """The four formulas of a step, each with its numbers under it, as LaTeX.

    Parameters
    ----------
    found : UnitStep

    Returns
    -------
    tuple of str
        Update gate, reset gate, candidate and state.
    """
    (zi, ri, ni), (zm, rm, nm) = (
        [_number(value) for value in part] for part in (found.from_input, found.from_memory)
    )
    z, r, n, before, h = (
        _number(value) for value in (found.z, found.r, found.candidate, found.previous, found.h)
    )
    gates = [
        r"\begin{aligned}" + f"{gate}_t&=" + r"\sigma\big(W_" + f"{gate}x_t+b_{gate}"
        + f"+U_{gate}h_{{t-1}}+c_{gate}" + r"\big)\\&=\sigma\big("
        + f"{{{given}}}+{_signed(memory)}" + r"\big)=" + result + r"\end{aligned}"
        for gate, given, memory, result in (("z", zi, zm, z), ("r", ri, rm, r))
    ]  # fmt: skip
    candidate = (
        r"\begin{aligned}n_t&=\tanh\big(W_nx_t+b_n+r_t\,(U_nh_{t-1}+c_n)\big)\\&=\tanh\big("
        + f"{{{ni}}}+{r}"
        + r"\cdot"
        + f"{_signed(nm)}"
        + r"\big)="
        + n
        + r"\end{aligned}"
    )
    state = (
        r"\begin{aligned}h_t&=z_t\,h_{t-1}+(1-z_t)\,n_t\\&="
        + z + r"\cdot" + _signed(before) + "+" + _number(1 - found.z) + r"\cdot" + _signed(n)
        + "=" + h + r"\end{aligned}"
    )  # fmt: skip
    return gates[0], gates[1], candidate, state


def _in_words(found: UnitStep) -> str:
    moved = found.h - found.previous
    change = "stays" if abs(moved) < 0.005 else ("rises" if moved > 0 else "falls")
    listening = (
        "next to nothing" if found.r < 0.1 else "nearly all" if found.r > 0.9 else f"{found.r:.0%}"
    )
    end = f"at {_plain(found.h)}" if change == "stays" else f"to {_plain(found.h)}"
    return (
        f"It held {_plain(found.previous)}. It lets {found.z:.0%} of that stand, listens to "
        f"{listening} of what the memory has to say, would write {_plain(found.candidate)}, and "
        f"so {change} {end}."
    )


def _show_products(unrolled: Unrolled, step: int, unit: int) -> None:
    kernel, recurrent, bias = unrolled.weights
    units = len(recurrent)
    columns = [unit, units + unit, 2 * units + unit]
    st.markdown(
        f"The input $x_t$ is {len(kernel)} numbers that the layers before hand over for this "
        f"step; the memory $h_{{t-1}}$ is the {units} numbers that all units held after the step "
        "before. Each is multiplied by a weight that never changes: the columns say what it "
        "adds to the update gate z, the reset gate r and the candidate n."
    )
    parts = (
        ("Input", "x", unrolled.x[step], kernel, bias[0]),
        ("Memory", "h", unrolled.trace.previous[step], recurrent, bias[1]),
    )
    for place, (title, letter, values, weights, added) in zip(st.columns(2), parts, strict=True):
        products = values[:, np.newaxis] * weights[:, columns]
        total = products.sum(axis=0) + added[columns]
        table: dict[str, list[object]] = {
            title: [*(f"{letter} {k + 1}" for k in range(len(values))), "bias", "sum"],
            "value": [*(round(float(v), 4) for v in values), None, None],
        }
        for k, name in enumerate(("to z", "to r", "to n")):
            column = [*products[:, k], added[columns][k], total[k]]
            table[name] = [round(float(value), 4) for value in column]
        place.dataframe(table, hide_index=True, height=320)


def _number(value: float) -> str:
    return f"{value:.3f}" if round(value, 3) else "0.000"


def _signed(number: str) -> str:
    """A number in brackets where a sign stands before it."""
    return f"({number})" if number.startswith("-") else number


def _plain(value: float) -> str:
    return _number(value).replace("-", "−")
