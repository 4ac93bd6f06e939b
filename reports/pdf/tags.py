"""Tags: what each piece of a page is, in reading order, for a screen reader. ReportLab writes none itself.

While a page is drawn each piece is marked with a number; afterwards `write` adds the tree that says what the
numbers mean (ISO 32000-1, 14.7 and 14.8). Lines, grounds and page numbers are marked as artifacts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name
from reportlab.graphics.shapes import Drawing
from reportlab.platypus import Paragraph, Table

Place = tuple[tuple[str, str], ...]  # the way to an element: its kind and key within the one above


@dataclass
class Tags:
    """The marked pieces in the order in which they were drawn: page, number on it, place in the tree."""

    pieces: list[tuple[int, int, Place]] = field(default_factory=list)
    alternatives: dict[Place, str] = field(default_factory=dict)
    _on_page: dict[int, int] = field(default_factory=dict)

    def mark(self, page: int, place: Place) -> int:
        number = self._on_page.get(page, 0)
        self._on_page[page] = number + 1
        self.pieces.append((page, number, place))
        return number


@contextmanager
def marked(canvas, place: Place) -> Iterator[None]:
    """Mark what is drawn inside as a piece of the element at `place`."""
    number = canvas.tags.mark(canvas.getPageNumber(), place)
    canvas._code.append(f"/{place[-1][0]} <</MCID {number}>> BDC")
    yield
    canvas._code.append("EMC")


@contextmanager
def artifact(canvas) -> Iterator[None]:
    """Mark what is drawn inside as nothing to be read."""
    canvas._code.append("/Artifact BMC")
    yield
    canvas._code.append("EMC")


class TaggedParagraph(Paragraph):
    """A paragraph that is marked when drawn; its parts keep the mark where it breaks over pages."""

    def __init__(self, text, style, place: Place = (), **more) -> None:
        super().__init__(text, style, **more)
        self.place = place

    def split(self, width, height):
        parts = super().split(width, height)
        for part in parts:
            part.place = self.place
        return parts

    def draw(self) -> None:
        with marked(self.canv, self.place):
            super().draw()


class TaggedDrawing(Drawing):
    """A picture that is marked when drawn, with its description."""

    def __init__(self, width: float, height: float, place: Place, description: str) -> None:
        super().__init__(width, height)
        self.__dict__["place"] = place
        self.__dict__["description"] = description

    def draw(self) -> None:
        self.canv.tags.alternatives[self.place] = self.description
        with marked(self.canv, self.place):
            super().draw()


class TaggedTable(Table):
    """A table whose cells are marked by what is in them, and whose lines and grounds are artifacts."""

    def _drawBkgrnd(self) -> None:
        with artifact(self.canv):
            super()._drawBkgrnd()

    def _drawLines(self) -> None:
        with artifact(self.canv):
            super()._drawLines()


def write(pdf: pikepdf.Pdf, tags: Tags) -> None:
    """Add the structure tree of `tags` to a finished file."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    root.K = Array([document])
    elements: dict[Place, pikepdf.Object] = {(): document}
    parents: dict[int, list[pikepdf.Object]] = {}

    def element(place: Place) -> pikepdf.Object:
        if place not in elements:
            above = element(place[:-1])
            made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + place[-1][0]), P=above, K=Array()))
            if place in tags.alternatives:
                made.Alt = pikepdf.String(tags.alternatives[place])
            if place[-1][0] == "TH":
                scope = Name.Row if place[-1][1] == "0" else Name.Column
                made.A = Dictionary(O=Name.Table, Scope=scope)
            above.K.append(made)
            elements[place] = made
        return elements[place]

    for page, number, place in tags.pieces:
        owner = element(place)
        owner.K.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page - 1].obj, MCID=number))
        parents.setdefault(page - 1, []).append(owner)
    numbers = Array()
    for page, owners in sorted(parents.items()):
        pdf.pages[page].obj.StructParents = page
        pdf.pages[page].obj.Tabs = Name.S
        numbers.append(page)
        numbers.append(pdf.make_indirect(Array(owners)))
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
