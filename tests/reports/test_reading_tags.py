"""The PDF of a reading as it is heard: every piece has a tag, in the order in which it is seen."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pypdf
import pytest
from reportlab.lib.units import mm
from reportlab.platypus import SimpleDocTemplate

from medmodels.reports.model_blocks import Table
from medmodels.reports.reading_flow import block_flow
from medmodels.reports.reading_pdf import reading_pdf
from medmodels.reports.reading_tags import Node, TaggedCanvas
from tests.reports.made_readings import MADE
from tests.reports.reading_kinds import KINDS


@pytest.fixture(scope="module")
def opened(readings):
    return {
        name: pypdf.PdfReader(io.BytesIO(reading_pdf(reading, made=MADE)))
        for name, reading in readings.items()
    }


@pytest.mark.parametrize("name", KINDS)
def test_every_piece_is_tagged(opened, name):
    """Each mark on a page belongs to one node, and each node's marks are on a page."""
    pdf = opened[name]
    catalog = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    numbers = catalog["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    marked = set()
    for page in pdf.pages:
        content = page.get_contents().get_data().decode("latin-1")
        found = [int(n) for n in re.findall(r"/MCID (\d+)>> BDC", content)]
        assert content.count(" BDC") == content.count("EMC")
        assert sorted(found) == list(range(len(parents[page["/StructParents"]].get_object())))
        marked |= {(page.indirect_reference.idnum, n) for n in found}
    kids, tags = set(), []
    waiting = [catalog["/StructTreeRoot"]["/K"].get_object()]
    while waiting:
        node = waiting.pop(0)
        tags.append(str(node["/S"]))
        if node["/S"] == "/Figure":
            assert len(str(node["/Alt"])) > 10
        for kid in (one.get_object() for one in node["/K"]):
            if "/MCID" in kid:
                kids.add((kid.raw_get("/Pg").idnum, int(kid["/MCID"])))
            else:
                waiting.append(kid)
    assert kids == marked
    assert tags[0] == "/Document"
    assert tags.count("/H1") == 1
    assert {"/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/LBody"} <= set(tags)


def _nodes(pdf):
    """All nodes of the structure as (node, the one above), in the order of reading."""
    waiting = [(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"].get_object(), None)]
    while waiting:
        node, above = waiting.pop(0)
        yield node, above
        kids = [one.get_object() for one in node.get("/K", ())] if "/MCID" not in node else []
        waiting = [(kid, node) for kid in kids] + waiting


def _kids(node):
    return [one.get_object() for one in node["/K"]]


@pytest.mark.parametrize("name", KINDS)
def test_it_is_heard_in_the_order_in_which_it_is_seen(opened, name):
    pdf = opened[name]
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(pdf.pages)}
    marks = [(pages[node.raw_get("/Pg").idnum], int(node["/MCID"]))
             for node, _ in _nodes(pdf) if "/MCID" in node]  # fmt: skip
    assert marks == sorted(set(marks))
    levels = [int(str(node["/S"])[2:]) for node, _ in _nodes(pdf)
              if re.fullmatch(r"/H\d", str(node.get("/S")))]  # fmt: skip
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", KINDS)
def test_tables_have_a_name_heads_and_rows_of_one_length(opened, name):
    tables = [node for node, _ in _nodes(opened[name]) if node.get("/S") == "/Table"]
    assert tables
    for table in tables:
        caption, *rows = _kids(table)
        assert caption["/S"] == "/Caption"
        assert {row["/S"] for row in rows} == {"/TR"}
        assert len({len(row["/K"]) for row in rows}) == 1
        head, *rest = rows
        assert rest
        for cell in _kids(head)[1:]:
            assert (cell["/S"], cell["/A"]["/Scope"]) == ("/TH", "/Column")
            assert len(cell["/K"]) == 1  # once, on however many pages it is seen
        for row in rest:
            first, *others = _kids(row)
            assert (first["/S"], first["/A"]["/Scope"]) == ("/TH", "/Row")
            assert {cell["/S"] for cell in others} <= {"/TD"}


@pytest.mark.parametrize("name", KINDS)
def test_figures_lists_and_captions_are_where_they_belong(opened, name):
    pdf = opened[name]
    for node, above in _nodes(pdf):
        tag = node.get("/S")
        if tag == "/Figure":
            left, bottom, right, top = (float(side) for side in node["/A"]["/BBox"])
            assert 0 < left < right < 210 * mm
            assert 0 < bottom < top < 297 * mm
        if tag in ("/Caption", "/LI", "/LBody"):
            assert above["/S"] == {"/Caption": "/Table", "/LI": "/L", "/LBody": "/LI"}[tag]


def test_the_head_of_a_table_that_goes_on_is_heard_once():
    root, made, buffer = Node("Document"), [], io.BytesIO()
    table = block_flow(Table("Many", ("Name", "Value"), tuple((f"{k}", "x") for k in range(99))),
                       root)  # fmt: skip

    def maker(*arguments, **options):
        made.append(TaggedCanvas(*arguments, **options))
        return made[-1]

    SimpleDocTemplate(buffer).build(table, canvasmaker=maker)
    (canvas,), (node,) = made, root.kids
    assert len(canvas.marks) > 1
    head = node.kids[1]
    assert [len(cell.kids) for cell in head.kids] == [1, 1]
    pages = pypdf.PdfReader(io.BytesIO(buffer.getvalue())).pages
    content = b"".join(page.get_contents().get_data() for page in pages)
    assert content.count(b"/Artifact <</Type /Pagination>> BDC") == 2 * (len(canvas.marks) - 1)


@pytest.mark.parametrize("name", ["scan explained", "signal explained", "sites"])
def test_nothing_is_painted_that_is_neither_tagged_nor_ornament(opened, name):
    paints = {b"S", b"s", b"f", b"f*", b"B", b"B*", b"Do", b"Tj", b"TJ"}
    for page in opened[name].pages:
        depth, painted = 0, 0
        for _, operator in page.get_contents().operations:
            depth += {b"BDC": 1, b"EMC": -1}.get(operator, 0)
            assert depth in (0, 1)
            if operator in paints:
                painted += 1
                assert depth == 1, operator
        assert painted > 10
