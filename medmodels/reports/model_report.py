"""The model report as files: one self-contained HTML page, and JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import Any

import plotly
from plotly.offline import get_plotlyjs

from medmodels import NOTICE
from medmodels.bundles import Bundle
from medmodels.figures.theme import DARK, LIGHT
from medmodels.reports.model_blocks import Figure
from medmodels.reports.model_html import TABLE_STYLE, block_html, text_html
from medmodels.reports.model_sections import PARTS
from medmodels.reports.model_summary import drop_sentences, summary_blocks

# The browser itself refuses whatever would leave the page.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
_STYLE = f"""
:root {{ color-scheme: light dark; --ink: {LIGHT.ink}; --muted: {LIGHT.muted};
  --back: {LIGHT.background}; --panel: {LIGHT.panel}; --line: {LIGHT.grid};
  --accent: {LIGHT.accent}; --alarm: {LIGHT.severity[2]}; }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ --ink: {DARK.ink};
  --muted: {DARK.muted}; --back: {DARK.background}; --panel: {DARK.panel}; --line: {DARK.grid};
  --accent: {DARK.accent}; --alarm: {DARK.severity[2]}; }} }}
body {{ font: 1rem/1.5 "Source Sans 3", "Helvetica Neue", Arial, sans-serif; color: var(--ink);
  background: var(--back); margin: 0 auto; max-width: 78rem; padding: 1rem 1.5rem 4rem; }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 0.5rem 0; }}
h2 {{ font-size: 1.35rem; margin: 2.5rem 0 0.5rem; border-top: 1px solid var(--line);
  padding-top: 1rem; }}
h3 {{ font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }}
p, ul {{ max-width: 46rem; }}
a {{ color: var(--accent); }}
nav ul {{ display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0;
  max-width: none; }}
.notice {{ background: var(--panel); padding: 0.5rem 0.8rem; border-radius: 0.4rem;
  max-width: none; }}
.drop {{ border-left: 0.375rem solid var(--alarm); padding: 0.1rem 0 0.1rem 1rem; }}
.drop p:first-child {{ font-size: 1.2rem; font-weight: 600; }}
.side {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr));
  gap: 1rem 2rem; }}
figure {{ margin: 0; min-width: 0; }}
figcaption {{ font-size: 0.875rem; color: var(--muted); margin: 0.5rem 0; }}
.figure-title {{ font-weight: 600; margin: 0.5rem 0 0; }}
.dia-scroll {{ margin: 1rem 0; }}
{TABLE_STYLE}
@media print {{ nav {{ display: none; }} body {{ padding: 0; max-width: none; }}
  figure, tr {{ break-inside: avoid; }} h2, h3 {{ break-after: avoid; }}
  .dia-scroll {{ overflow: visible; }} .dia-table {{ font-size: 0.7rem; }}
  .side {{ display: block; }} }}
"""
_SCRIPT = """
const figures = JSON.parse(document.getElementById("figures").textContent);
const dark = window.matchMedia("(prefers-color-scheme: dark)");
function draw(name, width) {
  for (const [key, both] of Object.entries(figures)) {
    // A printed page lays itself out after the figures are drawn: there their width is given.
    const layout = {...both[name].layout, width, autosize: width === undefined};
    Plotly.react("figure-" + key, both[name].data, layout,
      {responsive: true, displayModeBar: false, displaylogo: false});
  }
}
const now = () => draw(dark.matches ? "dark" : "light");
dark.addEventListener("change", now);
window.addEventListener("beforeprint", () => draw("light", 640));
window.addEventListener("afterprint", now);
now();
"""


def model_report_html(bundle: Bundle) -> bytes:
    """The whole report as one file that needs no network.

    Parameters
    ----------
    bundle : Bundle

    Returns
    -------
    bytes
        UTF-8 HTML with plotly.js inside (about 5 MB); follows the reader's
        light or dark theme, prints light, and reads without scripts but for
        the figures, whose numbers stand in their captions.
    """
    drawn: dict[str, dict[str, Any]] = {}

    def figure(block: Figure) -> str:
        drawn[block.key] = {
            palette.name: json.loads(block.draw(palette).to_json()) for palette in (LIGHT, DARK)
        }
        return (
            f'<figure><p class="figure-title">{text_html(block.title)}</p>'
            f'<div id="figure-{escape(block.key)}" role="img" aria-label="{escape(block.alt)}">'
            f"</div><figcaption>{text_html(block.caption)}</figcaption></figure>"
        )

    sections = [part.of(bundle) for part in PARTS]
    links = "".join(
        f'<li><a href="#{section.key}">{text_html(section.title)}</a></li>' for section in sections
    )
    parts = [
        f'<section id="{section.key}"><h2>{text_html(section.title)}</h2>'
        + "\n".join(block_html(block, figure) for block in section.blocks)
        + "</section>"
        for section in sections
    ]
    summary = "\n".join(block_html(block, figure) for block in summary_blocks(bundle))
    drop = "".join(f"<p>{text_html(sentence)}</p>" for sentence in drop_sentences(bundle))
    title = f"Model report: {bundle.card.title}"
    version = f"Version {bundle.card.version}, bundle" if bundle.card.version else "Bundle"
    content = json.dumps(drawn, allow_nan=False).replace("</", "<\\/")
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header><p class="notice"><strong>{escape(NOTICE)}</strong></p></header>
<main>
<h1>{escape(title)}</h1>
<p>{text_html(bundle.card.question)} {version} <code>{bundle.digest[:12]}</code>.</p>
<div class="drop">{drop}</div>
{summary}
<nav aria-label="Parts of this report"><ul>{links}</ul></nav>
{"".join(parts)}
</main>
<footer><p class="notice">{escape(NOTICE)}</p></footer>
<noscript><p>The figures need scripts; their numbers stand in captions and tables.</p></noscript>
<script type="application/json" id="figures">{content}</script>
<script>/* plotly.js of plotly {plotly.__version__} */{get_plotlyjs()}</script>
<script>{_SCRIPT}</script>
</body>
</html>
"""
    return page.encode()


def model_report_json(bundle: Bundle) -> bytes:
    """Everything that the report draws on, as JSON.

    Returns
    -------
    bytes
        UTF-8: ``notice``, ``task``, ``bundle`` (digest), ``card``, ``drop``, ``trust``,
        ``training`` and ``evaluation``, which holds every number of the report.
    """
    card = asdict(bundle.card)
    content = {
        "notice": NOTICE,
        "task": bundle.task,
        "bundle": bundle.digest,
        "card": card,
        "trust": bundle.trust,
        "drop": list(drop_sentences(bundle)),
        "evaluation": bundle.evaluation,
        "training": bundle.training,
    }
    return (json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()
