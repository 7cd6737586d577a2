"""A reading as a PDF to be filed: one to three pages, the same bytes whenever made anew."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from datetime import datetime
from functools import partial

from reportlab.lib.pagesizes import A4
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from medmodels import NOTICE, __version__
from medmodels.reading import Reading, reading_json
from medmodels.reports.reading_blocks import ReadingReport
from medmodels.reports.reading_content import reading_report
from medmodels.reports.reading_flow import block_flow, words
from medmodels.reports.reading_pages import BOTTOM, LEFT, TOP, ReportCanvas
from medmodels.reports.reading_tags import Node
from medmodels.reports.reading_type import PLAIN, load_type

# reportlab promises nothing about threads; a file takes a fifth of a second.
_ONE = threading.Lock()


def reading_pdf(reading: Reading, *, made: datetime, insist: bool = False) -> bytes:
    """Make the PDF of a reading.

    Parameters
    ----------
    reading : Reading
    made : datetime
        With a time zone; stands on every page and in the file's properties.
    insist : bool
        Show the answer of a reading that would be withheld, with the reasons against it.

    Returns
    -------
    bytes
        A tagged PDF on A4. Two files of one reading differ in nothing but ``made``.
    """
    with _ONE:
        return _made(reading, made, insist)


def _made(reading: Reading, made: datetime, insist: bool) -> bytes:
    load_type()
    report = reading_report(reading, made=made, insist=insist)
    root, buffer = Node("Document"), io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=A4, invariant=1, lang="en-GB", pageCompression=1, title=report.title,
        author=f"Diaphane {__version__}", creator=f"Diaphane {__version__}",
        subject=f"{report.question} {NOTICE}", keywords=report.input_digest, initialFontName=PLAIN,
    )  # fmt: skip
    width, height = A4
    frame = Frame(
        LEFT, BOTTOM, width - 2 * LEFT, height - TOP - BOTTOM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates(PageTemplate(frames=[frame]))
    canvas = partial(
        ReportCanvas, report=report, root=root, made=made, identity=_identity(reading, insist)
    )
    document.build(_flow(report, root), canvasmaker=canvas)
    return buffer.getvalue()


def _identity(reading: Reading, insist: bool) -> bytes:
    """What tells this file from others: a digest of all that was read."""
    content = json.dumps(reading_json(reading, insist=insist), sort_keys=True)
    return hashlib.sha256(content.encode()).digest()[:16]


def _flow(report: ReadingReport, root: Node) -> list[Flowable]:
    flow: list[Flowable] = [
        words(report.title, "H1", root.add("H1")),
        words(report.question, "text", root.add("P")),
        words(NOTICE, "strong", root.add("P")),
    ]
    for section in report.sections:
        part = root.add("Sect")
        if section.title:
            flow.append(words(section.title, "H2", part.add("H2")))
        for block in section.blocks:
            flow += block_flow(block, part)
    return flow
