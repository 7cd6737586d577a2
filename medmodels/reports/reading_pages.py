"""The pages of a PDF: what stands on every one of them, and what tells the file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase.pdfdoc import PDFText

from medmodels import NOTICE
from medmodels.reports.reading_blocks import ReadingReport
from medmodels.reports.reading_canvas import colour
from medmodels.reports.reading_tags import Node, TaggedCanvas
from medmodels.reports.reading_type import BOLD, PLAIN

LEFT, TOP, BOTTOM = 15 * mm, 22 * mm, 19 * mm


class ReportCanvas(TaggedCanvas):
    """Pages that are finished once it is known how many there are.

    Parameters
    ----------
    report : ReadingReport
    root : Node
        The structure of the document.
    made : datetime
        With a time zone.
    identity : bytes
        16 of them, the same for the same reading.
    *arguments, **options
        For reportlab's canvas.
    """

    def __init__(
        self, *arguments: Any, report: ReadingReport, root: Node, made: datetime, identity: bytes,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*arguments, **options)
        self._report, self._root = report, root
        self._waiting: list[dict[str, Any]] = []
        # Whatever the clock or SOURCE_DATE_EPOCH says: the time that was given, in UTC.
        stamp = TimeStamp(invariant=1)
        stamp.lt = made.astimezone(UTC).timetuple()
        stamp.YMDhms = tuple(stamp.lt)[:6]
        self._doc._timeStamp = stamp
        text = PDFText(identity, enc="raw").format(self._doc)
        self._doc._ID = b"\n[" + text + text + b"]\n"
        self.setViewerPreference("DisplayDocTitle", "true")

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Put the page aside."""
        self._waiting.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Finish all pages, tag them and write the file."""
        pages, waiting = len(self._waiting), self._waiting
        for state in waiting:
            self.__dict__.update(state)
            self._frame(pages)
            super().showPage()
        self.tag(self._root)
        super().save()

    def _frame(self, pages: int) -> None:
        """Head and foot of a page."""
        width, height = A4
        self.begin_artifact("Pagination")
        self._mark(LEFT, height - 14.6 * mm)
        self.setFillColor(colour("ink"))
        self.setFont(BOLD, 11)
        self.drawString(LEFT + 8 * mm, height - 12.7 * mm, "Diaphane")
        self.setFont(PLAIN, 8.5)
        self.setFillColor(colour("muted"))
        self.drawRightString(width - LEFT, height - 12.7 * mm, self._report.title)
        self.setStrokeColor(colour("grid"))
        self.setLineWidth(0.5)
        self.line(LEFT, height - 17 * mm, width - LEFT, height - 17 * mm)
        self.line(LEFT, 15 * mm, width - LEFT, 15 * mm)
        self.setFillColor(colour("ink"))
        self.setFont(BOLD, 8.5)
        self.drawString(LEFT, 10.6 * mm, NOTICE)
        self.drawRightString(width - LEFT, 10.6 * mm, f"Page {self._pageNumber} of {pages}")
        self.setFont(PLAIN, 7.5)
        self.setFillColor(colour("muted"))
        self.drawString(LEFT, 7 * mm, f"Input {self._report.input_digest[:16]}")
        self.drawRightString(width - LEFT, 7 * mm, f"Report made {self._report.made}")
        self.end()

    def _mark(self, x: float, y: float) -> None:
        """The mark of the app, 6 mm high: two lobes and what was found in one."""
        side = 6 * mm
        self.saveState()
        self.translate(x, y)
        self.scale(side / 64, side / 64)
        self.setFillColor(colour("accent"))
        self.roundRect(0, 0, 64, 64, 14, stroke=0, fill=1)
        self.setStrokeColor(colour("back"))
        self.setLineWidth(4)
        self.setLineCap(1)
        self.line(32, 14, 32, 52)
        self.setLineWidth(3)
        self.setLineJoin(1)
        for side_of in (-1, 1):
            lobe = self.beginPath()
            lobe.moveTo(32 + side_of * 5, 44)
            lobe.curveTo(32 + side_of * 14, 41, 32 + side_of * 19, 30, 32 + side_of * 19, 18)
            lobe.curveTo(32 + side_of * 19, 13, 32 + side_of * 10, 14, 32 + side_of * 5, 18)
            lobe.close()
            self.setFillColor(colour("back"))
            self.setFillAlpha(0.55)
            self.drawPath(lobe, stroke=1, fill=1)
        self.setFillAlpha(1)
        self.setFillColor(colour("#F0B33C"))
        self.circle(42, 27, 5, stroke=0, fill=1)
        self.restoreState()
