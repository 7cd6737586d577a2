"""A reading as one HTML page that needs nothing else: no script, no network, no font."""

from __future__ import annotations

from datetime import datetime
from html import escape

from medmodels import NOTICE
from medmodels.figures.theme import DARK, LIGHT, Palette
from medmodels.reading import Reading
from medmodels.reading.lights import Light
from medmodels.reports.model_blocks import Bullets, Heading, Paragraph, Table
from medmodels.reports.model_html import TABLE_STYLE, table_html
from medmodels.reports.reading_blocks import Answer, Checks, Columns, ReadingBlock
from medmodels.reports.reading_content import reading_report
from medmodels.reports.reading_marks import MARKS, SPOKEN
from medmodels.reports.reading_shapes import SEVERITY, Drawing, colours_of
from medmodels.reports.reading_svg import drawing_svg
from medmodels.reports.reading_type import coded

# The browser itself refuses whatever would leave the page, and every script.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_NARROW = 100.0  # mm; a wider drawing would be unreadable when squeezed into a small screen


def _roles(palette: Palette) -> str:
    return " ".join(f"--{role}: {colour};" for role, colour in colours_of(palette).items())


_STYLE = f"""
:root {{ color-scheme: light dark; {_roles(LIGHT)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_roles(DARK)} }} }}
body {{ font: 1rem/1.5 "Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif;
  color: var(--ink); background: var(--back); margin: 0 auto; max-width: 60rem;
  padding: 1rem 1.5rem 4rem; }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 0.25rem; }}
h2 {{ font-size: 1.35rem; margin: 2.25rem 0 0.5rem; border-top: 1px solid var(--grid);
  padding-top: 1rem; }}
h3 {{ font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }}
p, ul {{ max-width: 48rem; }}
.notice {{ background: var(--panel); padding: 0.5rem 0.8rem; border-radius: 0.4rem;
  max-width: none; margin: 0; }}
.made {{ color: var(--muted); font-size: 0.875rem; max-width: none; overflow-wrap: anywhere; }}
.answer {{ border-left: 0.375rem solid var(--severity); padding: 0.25rem 0 0.25rem 1rem;
  font-size: 1.5rem; font-weight: 600; line-height: 1.25; margin: 1rem 0; text-wrap: balance; }}
.checks {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  gap: 0.75rem; list-style: none; padding: 0; max-width: none; }}
.checks li {{ border-top: 0.2rem solid var(--state); padding-top: 0.35rem; line-height: 1.3; }}
.checks b {{ display: block; }}
.mark {{ color: var(--state); }}
.columns {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
  gap: 1rem 1.5rem; align-items: start; }}
figure {{ margin: 1rem 0; min-width: 0; }}
figcaption {{ font-size: 0.875rem; color: var(--muted); margin: 0.25rem 0 0; }}
.figure-title {{ font-weight: 600; margin: 0 0 0.25rem; }}
svg {{ display: block; }}
svg.scaled {{ width: 100%; height: auto; }}
.paper svg.scaled {{ min-width: 36rem; }}
svg text {{ font-family: inherit; }}
.dia-scroll {{ margin: 1rem 0; }}
.paper {{ overflow-x: auto; }}
{TABLE_STYLE}
@page {{ size: A4; margin: 15mm 15mm 20mm;
  @bottom-left {{ content: "{NOTICE}"; font: 600 8.5pt Arial, sans-serif; }}
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages);
    font: 8.5pt Arial, sans-serif; }} }}
@media print {{ body {{ padding: 0; max-width: none; font-size: 10pt; }}
  .checks {{ grid-template-columns: repeat(5, 1fr); }}
  figure, tr, .checks {{ break-inside: avoid; }} h2, h3, .figure-title {{ break-after: avoid; }}
  .dia-scroll, .paper {{ overflow: visible; }} .dia-table {{ font-size: 8.5pt; }}
  footer {{ display: none; }} * {{ print-color-adjust: exact; }} }}
"""


def reading_html(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    """Make the HTML page of a reading.

    Parameters
    ----------
    reading : Reading
    made : datetime
        With a time zone.
    insist : bool
        Show the answer of a reading that would be withheld, with the reasons against it.

    Returns
    -------
    bytes
        UTF-8. Follows the reader's light or dark theme, prints light, an ECG at its true size.
        Whatever came from the input is text, never markup.
    """
    report = reading_report(reading, made=made, insist=insist)
    parts = "\n".join(
        f'<section id="{section.key}">'
        + (f"<h2>{escape(section.title)}</h2>" if section.title else "")
        + "\n".join(map(_block, section.blocks))
        + "</section>"
        for section in report.sections
    )
    page = f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(report.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header><p class="notice"><strong>{escape(NOTICE)}</strong></p></header>
<main>
<h1>{escape(report.title)}</h1>
<p>{escape(report.question)}</p>
<p class="made">Report made {escape(report.made)}. Input {escape(report.input_digest[:16])}.</p>
{parts}
</main>
<footer><p class="notice">{escape(NOTICE)}</p></footer>
</body>
</html>
"""
    # Line by line: a line's end is the only mark that is meant.
    return "\n".join(map(coded, page.split("\n"))).encode()


def _block(block: ReadingBlock) -> str:
    match block:
        case Heading():
            return f"<h3>{escape(block.text)}</h3>"
        case Paragraph():
            text = escape(block.text)
            return f"<p><strong>{text}</strong></p>" if block.strong else f"<p>{text}</p>"
        case Bullets():
            return _list(block.items)
        case Table():
            return table_html(block)
        case Drawing():
            return _figure(block)
        case Columns():
            return f'<div class="columns">{"".join(map(_figure, block.drawings))}</div>'
        case Answer():
            return _answer(block)
        case Checks():
            return _checks(block.lights)


def _list(items: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _figure(drawing: Drawing) -> str:
    drawn = drawing_svg(drawing)
    if drawing.width > _NARROW:
        # Wider than a small screen: what scrolls must be reachable with the keyboard.
        label = escape(drawing.title)
        drawn = f'<div class="paper" tabindex="0" role="region" aria-label="{label}">{drawn}</div>'
    return (
        f'<figure><p class="figure-title">{escape(drawing.title)}</p>{drawn}'
        f"<figcaption>{escape(drawing.caption)}</figcaption></figure>"
    )


def _answer(block: Answer) -> str:
    colour = f"--severity: var(--{SEVERITY[block.severity]})"
    doubts = _list(block.doubts) if block.doubts else ""
    heading = f"<p><strong>{escape(block.heading)}</strong></p>" if block.heading else ""
    return f'<p class="answer" style="{colour}">{escape(block.sentence)}</p>{heading}{doubts}'


def _checks(lights: tuple[Light, ...]) -> str:
    cells = "".join(map(_cell, lights))
    return f'<ul class="checks" aria-label="Checks of this reading">{cells}</ul>'


def _cell(light: Light) -> str:
    mark, role = MARKS[light.state]
    return (
        f'<li style="--state: var(--{role})">{escape(light.question)}<b>'
        f'<span class="mark" role="img" aria-label="{SPOKEN[light.state]}">{mark}</span> '
        f"{escape(light.word)}</b></li>"
    )
