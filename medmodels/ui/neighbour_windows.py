"""The nearest training windows of bases as a table of letters around the junction."""

from __future__ import annotations

import html

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.neighbours import Nearest
from medmodels.inputs.window_letters import around_junction, differences, letters_of, marked
from medmodels.ui.neighbour_pictures import training_folder

# Letters on either side of the junction: as many as fit beside the other columns.
_REACH = 15
_STYLE = (
    "<style>.dia-windows { border-collapse: collapse; font-size: 0.9375rem; } "
    ".dia-windows :is(th, td) { text-align: left; padding: 0.125rem 0.75rem 0.125rem 0; } "
    ".dia-windows code { font-size: 0.9375rem; background: none; padding: 0; color: inherit; } "
    ".dia-windows u { font-weight: 700; text-underline-offset: 0.2em; }</style>"
)


def show_window_examples(bundle: Bundle, own: str, found: Nearest) -> None:
    """Draw the letters of the nearest windows under one's own, differences marked.

    Parameters
    ----------
    bundle : Bundle
    own : str
        The letters of the window that is open.
    found : Nearest
    """
    folder = training_folder(str(bundle.trust["neighbours"].get("folder", "")))
    letters = letters_of(folder / "index.csv", found.names.tolist()) if folder else None
    if letters and any(len(one) != len(own) for one in letters):
        letters = None
    st.html(
        _STYLE + '<p class="dia-figure-title">The nearest training windows, around the junction</p>'
        + windows_table(bundle, own, found, letters)
    )  # fmt: skip
    if letters is None:
        st.caption(
            f"The letters of the training {bundle.card.items} are not part of this app. Where they "
            "are on this machine, `DIAPHANE_DATA` names their folder, and they are shown here."
        )
    else:
        st.caption(
            f"{_REACH} bases on either side of the junction (|); a letter that differs from this "
            f"window’s is underlined and lower case. “Differ” counts all {len(own)} bases."
        )


def windows_table(bundle: Bundle, own: str, found: Nearest, letters: list[str] | None) -> str:
    """The table as HTML; without letters where there are none.

    Parameters
    ----------
    bundle : Bundle
    own : str
    found : Nearest
    letters : list of str or None
        Of each of the nearest windows.
    """
    heads = ["", *(["Letters", "Differ"] if letters else []), "Class", "Data row", "Distance"]
    rows = []
    if letters:
        rows.append(["This one", _code(around_junction(own, _REACH)), "", "", "", ""])
    for rank, (label, name) in enumerate(zip(found.labels, found.names, strict=True)):
        cells = [str(rank + 1)]
        if letters:
            near = marked(around_junction(letters[rank], _REACH), around_junction(own, _REACH))
            cells += [_code(near), str(differences(letters[rank], own))]
        title = bundle.card.classes[int(label)].title
        cells += [html.escape(title), html.escape(str(name)), f"{found.distances[rank]:.2f}"]
        rows.append(cells)
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="dia-windows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _code(letters: str) -> str:
    """Letters with the junction between them, those in lower case underlined."""
    drawn = [f"<u>{letter}</u>" if letter.islower() else letter for letter in letters]
    drawn.insert(len(letters) // 2, "|")
    return f"<code>{''.join(drawn)}</code>"
