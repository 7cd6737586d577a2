"""Blocks of a report as flowables for the pages of a PDF, each with its tag."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer
from reportlab.platypus import Paragraph as Words
from reportlab.platypus import Table as PlainGrid

from medmodels.reading.lights import Light
from medmodels.reports.model_blocks import Bullets, Heading, Paragraph, Table
from medmodels.reports.reading_blocks import Answer, Checks, Columns, ReadingBlock
from medmodels.reports.reading_canvas import DrawingFlowable, colour
from medmodels.reports.reading_marks import MARKS, SPOKEN
from medmodels.reports.reading_shapes import SEVERITY, Drawing
from medmodels.reports.reading_tags import Node, Tagged
from medmodels.reports.reading_type import BOLD, PLAIN, printable, width_mm

WIDTH = 180 * mm


class Grid(PlainGrid):
    """Cells whose rules are ornament, no part of the text."""

    def _drawLines(self) -> None:  # noqa: N802 - reportlab's name
        self.canv.begin_artifact("Layout")
        super()._drawLines()
        self.canv.end()


_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9.5, leading=12.5, spaceAfter=3)
_STYLES = {
    "text": _TEXT,
    "H1": ParagraphStyle("H1", _TEXT, fontName=BOLD, fontSize=20, leading=24, spaceAfter=1),
    "H2": ParagraphStyle("H2", _TEXT, fontName=BOLD, fontSize=13, leading=16, spaceBefore=8,
                         spaceAfter=2, keepWithNext=1),
    "H3": ParagraphStyle("H3", _TEXT, fontName=BOLD, fontSize=10.5, leading=13, spaceBefore=5,
                         spaceAfter=2, keepWithNext=1),
    "answer": ParagraphStyle("answer", _TEXT, fontName=BOLD, fontSize=15, leading=18.5),
    "strong": ParagraphStyle("strong", _TEXT, fontName=BOLD),
    "figure": ParagraphStyle("figure", _TEXT, fontName=BOLD, fontSize=10, leading=13,
                             spaceBefore=4, spaceAfter=2, keepWithNext=1),
    "small": ParagraphStyle("small", _TEXT, fontSize=8, leading=10, textColor=colour("muted"),
                            spaceBefore=1, spaceAfter=4),
    "cell": ParagraphStyle("cell", _TEXT, fontSize=8.2, leading=10, spaceAfter=0),
    "head": ParagraphStyle("head", _TEXT, fontName=BOLD, fontSize=8.2, leading=10, spaceAfter=0),
    "bullet": ParagraphStyle("bullet", _TEXT, leftIndent=9, bulletIndent=0, spaceAfter=1.2,
                             bulletFontSize=6.5, fontSize=8.6, leading=10.6),
}  # fmt: skip


def words(text: str, style: str, node: Node, *, bullet: str | None = None) -> Flowable:
    """A paragraph of plain text; nothing in it is taken for markup."""
    return Tagged(Words(escape(printable(text)), _STYLES[style], bulletText=bullet), node)


def block_flow(block: ReadingBlock, above: Node) -> list[Flowable]:
    """One block as flowables.

    Parameters
    ----------
    block : ReadingBlock
    above : Node
        The part of the document that it belongs to.
    """
    match block:
        case Heading():
            return [words(block.text, "H3", above.add("H3"))]
        case Paragraph():
            return [words(block.text, "strong" if block.strong else "text", above.add("P"))]
        case Bullets():
            return _bullets(block, above)
        case Table():
            return _table(block, above)
        case Drawing():
            return _drawing(block, above)
        case Columns():
            return [_columns(block, above)]
        case Answer():
            return _answer(block, above)
        case Checks():
            return _checks(block.lights, above)


def _bullets(block: Bullets, above: Node) -> list[Flowable]:
    items = above.add("L")
    return [words(item, "bullet", items.add("LI").add("LBody"), bullet="•") for item in block.items]


def _drawing(block: Drawing, above: Node, width: float | None = None) -> list[Flowable]:
    figure = DrawingFlowable(block, width)
    figure.hAlign, figure.keepWithNext = "LEFT", 1
    return [
        words(block.title, "figure", above.add("P")),
        Tagged(figure, above.add("Figure", alt=block.alt)),
        # Within the figure it would not be heard: its text alternative stands for all of it.
        words(block.caption, "small", above.add("P")),
    ]


def _columns(block: Columns, above: Node) -> Flowable:
    drawings = block.drawings
    part = above.add("Div")
    widths = [drawing.width * mm for drawing in drawings]
    gap = (WIDTH - sum(widths)) / max(len(widths) - 1, 1) if len(widths) > 1 else 0
    cells = [_drawing(drawing, part) for drawing in drawings]
    columns = [width + (gap if k + 1 < len(widths) else 0) for k, width in enumerate(widths)]
    return Grid([cells], columns, hAlign="LEFT", style=_BARE)


def _answer(block: Answer, above: Node) -> list[Flowable]:
    bar = Grid(
        [[words(block.sentence, "answer", above.add("P"))]], [WIDTH], hAlign="LEFT",
        style=[*_BARE, ("LINEBEFORE", (0, 0), (0, -1), 4.5, colour(SEVERITY[block.severity])),
               ("LEFTPADDING", (0, 0), (-1, -1), 10), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)],
    )  # fmt: skip
    flow: list[Flowable] = [Spacer(1, 5), bar, Spacer(1, 5)]
    if block.heading:
        flow.append(words(block.heading, "strong", above.add("P")))
    return [*flow, *(_bullets(Bullets(block.doubts), above) if block.doubts else [])]


def _checks(lights: Sequence[Light], above: Node) -> list[Flowable]:
    """The strip: a mark and a word for each check."""
    strip_node, cells = above.add("L"), []
    rules: list[tuple[object, ...]] = list(_BARE)
    for k, light in enumerate(lights):
        mark, role = MARKS[light.state]
        cell = strip_node.add("LI").add("LBody")
        cells.append([
            words(light.question, "cell", cell.add("P")),
            Tagged(Words(
                f'<font color="{colour(role).hexval().replace("0x", "#")}">{mark}</font> '
                f"{escape(printable(light.word))}", _STYLES["head"],
            ), cell.add("P", alt=f"{SPOKEN[light.state]}: {light.word}")),
        ])  # fmt: skip
        rules.append(("LINEABOVE", (k, 0), (k, 0), 2.5, colour(role)))
        rules.append(("RIGHTPADDING", (k, 0), (k, 0), 4))
    rules.append(("TOPPADDING", (0, 0), (-1, -1), 3))
    strip = Grid([cells], [WIDTH / len(lights)] * len(lights), hAlign="LEFT", style=rules)
    return [Spacer(1, 6), strip, Spacer(1, 4)]


def _table(block: Table, above: Node) -> list[Flowable]:
    node, widths = above.add("Table"), _widths(block)
    caption, head = node.add("Caption"), node.add("TR")
    # A corner that says nothing is a cell all the same: rows of a table are equally long.
    grid = [[
        words(cell, "head", head.add("TH", scope="Column") if cell else head.add("TD"))
        for cell in block.head
    ]]  # fmt: skip
    for row in block.rows:
        line = node.add("TR")
        grid.append([
            words(cell, "cell" if k else "head",
                  line.add("TD") if k else line.add("TH", scope="Row"))
            for k, cell in enumerate(row)
        ])  # fmt: skip
    rules = [
        *_BARE, ("LINEBELOW", (0, 0), (-1, 0), 1, colour("muted")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, colour("grid")),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("RIGHTPADDING", (0, 0), (-2, -1), 6),
    ]  # fmt: skip
    table = Grid(grid, widths, hAlign="LEFT", style=rules, repeatRows=1)
    flow = [words(block.caption, "figure", caption), table]
    return [*flow, words(block.note, "small", above.add("P")) if block.note else Spacer(1, 4)]


def _widths(block: Table) -> list[float]:
    """Columns as wide as their longest cell wants, long text sharing what is left."""
    wanted = []
    for k in range(len(block.head)):
        cells = [row[k] for row in block.rows]
        longest = max((width_mm(cell, 8.5, bold=k == 0) for cell in cells), default=0)
        wanted.append(max(longest, width_mm(block.head[k], 8.5, bold=True)) * mm + 9)
    spare = WIDTH - sum(wanted)
    if spare >= 0:
        return [*wanted[:-1], wanted[-1] + spare]
    fair = WIDTH / len(wanted)
    narrow = sum(width for width in wanted if width <= fair)
    wide = sum(width for width in wanted if width > fair)
    return [width if width <= fair else (WIDTH - narrow) * width / wide for width in wanted]


_BARE: list[tuple[object, ...]] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]  # fmt: skip
