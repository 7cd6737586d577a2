"""Tags in a PDF: what each piece on a page is, for those who read it with their ears.

reportlab writes no structure of its own. Here each piece is drawn between marks, and a tree says
which mark is a heading, a paragraph, a cell or a figure with its text alternative (ISO 32000-1,
14.6 marked content, 14.7 logical structure, 14.8 tagged PDF).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable


@dataclass(eq=False)
class Node:
    """A piece of the document's structure.

    Parameters
    ----------
    tag : str
        One of the standard structure types (ISO 32000-1, 14.8.4): "H1", "P", "TD", ...
    alt : str
        Text alternative; for figures.
    scope : str
        "Column" or "Row" of a "TH".
    box : tuple of float
        Left, bottom, right and top on its page, points, once it is drawn; of figures.
    kids : list
        Nodes, and marks: (page from 1, number of the mark on its page).
    """

    tag: str
    alt: str = ""
    scope: str = ""
    box: tuple[float, ...] = ()
    kids: list[Node | tuple[int, int]] = field(default_factory=list)

    def add(self, tag: str, *, alt: str = "", scope: str = "") -> Node:
        """A new node below this one, after the others."""
        node = Node(tag, alt, scope)
        self.kids.append(node)
        return node


class Tagged(Flowable):
    """A flowable that is drawn between the marks of a node."""

    def __init__(self, inner: Flowable, node: Node) -> None:
        super().__init__()
        self.inner, self.node = inner, node
        self._drawn = False
        self.keepWithNext = inner.getKeepWithNext()

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As the inner one does."""
        self.width, self.height = self.inner.wrapOn(
            getattr(self, "canv", None), available_width, available_height
        )
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Parts of the inner one, all of the same node."""
        canvas = getattr(self, "canv", None)
        parts = self.inner.splitOn(canvas, available_width, available_height)
        return [Tagged(part, self.node) for part in parts]

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """As the inner one does."""
        return float(self.inner.getSpaceBefore())

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """As the inner one does."""
        return float(self.inner.getSpaceAfter())

    def drawOn(self, canvas: TaggedCanvas, x: float, y: float, _sW: float = 0) -> None:  # noqa: N802
        """Draw the inner one between its marks.

        Drawn once more, it is the head of a table that goes on: nobody hears that twice.
        """
        if self._drawn:
            canvas.begin_artifact("Pagination")
        else:
            canvas.begin(self.node)
        self._drawn = True
        if self.node.tag == "Figure":
            left, bottom = canvas.absolutePosition(x, y)
            self.node.box = (left, bottom, left + self.width, bottom + self.height)
        self.inner.drawOn(canvas, x, y, _sW)
        canvas.end()


class TaggedCanvas(Canvas):
    """A canvas that remembers which node each mark on its pages belongs to."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.marks: dict[int, list[Node]] = {}

    def begin(self, node: Node) -> None:
        """Begin what belongs to a node."""
        marks = self.marks.setdefault(self._pageNumber, [])
        node.kids.append((self._pageNumber, len(marks)))
        self._code.append(f"/{node.tag} <</MCID {len(marks)}>> BDC")
        marks.append(node)

    def begin_artifact(self, kind: str) -> None:
        """Begin what is no part of the text (14.8.2.2): "Pagination" or "Layout"."""
        self._code.append(f"/Artifact <</Type /{kind}>> BDC")

    def end(self) -> None:
        """End what was begun."""
        self._code.append("EMC")

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Close the page, and say where the parents of its marks are found (14.7.4.4)."""
        number = self._pageNumber
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = number - 1, PDFName("S")

    def tag(self, root: Node) -> None:
        """Write the tree, when all pages are drawn."""
        document, above = self._doc, _above(root)
        names = {node: PDFObjectReference(f"Struct{k}") for k, node in enumerate(above)}
        top = PDFObjectReference(_ROOT)
        for node, parent in above.items():
            element = _element(node, top if parent is None else names[parent], names)
            document.Reference(element, names[node].name)
        parents: list[object] = []
        for page, marks in sorted(self.marks.items()):
            parents += [page - 1, PDFArray([names[node] for node in marks])]
        tree = {
            "Type": PDFName("StructTreeRoot"), "K": names[root],
            "ParentTree": PDFDictionary({"Nums": PDFArray(parents)}),
            "ParentTreeNextKey": len(self.marks),
        }  # fmt: skip
        document.Catalog.StructTreeRoot = PDFDictionary(tree)
        document.Reference(document.Catalog.StructTreeRoot, _ROOT)
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


_ROOT = "StructTreeRoot"


def _above(root: Node) -> dict[Node, Node | None]:
    """Every node with the one above it, from the top down."""
    found: dict[Node, Node | None] = {root: None}
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        below = [kid for kid in node.kids if isinstance(kid, Node)]
        found |= dict.fromkeys(below, node)
        waiting += below
    return found


def _element(
    node: Node, parent: PDFObjectReference, names: dict[Node, PDFObjectReference]
) -> PDFDictionary:
    content = {
        "Type": PDFName("StructElem"), "S": PDFName(node.tag), "P": parent,
        "K": PDFArray([names[kid] if isinstance(kid, Node) else _mark(*kid) for kid in node.kids]),
    }  # fmt: skip
    if node.alt:
        content["Alt"] = PDFString(node.alt)
    if node.scope:
        content["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName(node.scope)})
    if node.box:
        box = PDFArray([round(value, 2) for value in node.box])
        content["A"] = PDFDictionary({"O": PDFName("Layout"), "BBox": box})
    return PDFDictionary(content)


def _mark(page: int, number: int) -> PDFDictionary:
    """A mark on a page, as the kid of a node."""
    return PDFDictionary(
        {"Type": PDFName("MCR"), "Pg": PDFObjectReference(f"Page{page}"), "MCID": number}
    )
