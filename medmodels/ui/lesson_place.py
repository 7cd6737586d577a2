"""A place in a map: its row by a slider, its column step by step."""

from __future__ import annotations

import streamlit as st

from medmodels.ui.lesson_steps import go_to_step, steps_control


def place_control(
    key: str, shape: tuple[int, int], telling: tuple[int, int], label: str
) -> tuple[int, int]:
    """Draw the controls; playing goes along the row.

    Parameters
    ----------
    key : str
        As for `lesson_steps.steps_control`, which it calls.
    shape : tuple of int
        Rows and columns of the map, at least 1 each.
    telling : tuple of int
        Row and column of a place worth seeing.
    label : str
        Of the button that goes there.

    Returns
    -------
    tuple of int
        Row and column, from 0.
    """
    rows, columns = shape
    kept, slider = f"{key}-row-kept", f"{key}-row"
    state = st.session_state
    row = min(max(int(state.get(kept, 0)), 0), rows - 1)
    state[kept] = row
    column = steps_control(key, columns, "Column")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if rows > 1:
            state[slider] = row + 1
            with st.container(width=320):
                st.slider(
                    f"Row (1 to {rows})", 1, rows, key=slider,
                    on_change=lambda: state.update({kept: state[slider] - 1}),
                )  # fmt: skip
        st.button(
            label,
            icon=":material/my_location:",
            key=f"{key}-telling",
            on_click=go_to_place,
            args=(key, *telling),
        )
    return row, column


def go_to_place(key: str, row: int, column: int) -> None:
    """Move the controls before they are drawn."""
    st.session_state[f"{key}-row-kept"] = row
    go_to_step(key, column)


def start_at(key: str, of: object, row: int, column: int) -> None:
    """Go to a place once for everything that is new, for instance another scan."""
    if st.session_state.get(f"{key}-started") != of:
        st.session_state[f"{key}-started"] = of
        go_to_place(key, row, column)
