"""Faces, colours and paragraph styles of paper. The faces come with a Python package and are embedded."""

from __future__ import annotations

import fontpkg
from reportlab.graphics import shapes
from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "Asetu", "Asetu-Bold"
pdfmetrics.registerFont(TTFont(REGULAR, fontpkg.path("Lato", 400)))
pdfmetrics.registerFont(TTFont(BOLD, fontpkg.path("Lato", 700)))
pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
shapes.STATE_DEFAULTS["fontName"] = REGULAR  # else a drawing asks for Helvetica, which would not be embedded

INK = HexColor("#1a2233")
GREY = HexColor("#4a5568")
RULE = HexColor("#c3cad5")
ACCENT = HexColor("#0b6b61")
SOFT = HexColor("#e7efee")  # still a light grey without colour
PAPER = white

MARGIN = 22 * mm


def _style(name: str, size: float, leading: float, font: str = REGULAR, **more) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, textColor=INK, **more)


TITLE = _style("title", 30, 35, BOLD, spaceAfter=4 * mm)
H1 = _style("h1", 18, 23, BOLD, spaceBefore=10 * mm, spaceAfter=3 * mm, keepWithNext=True)
H2 = _style("h2", 13, 17, BOLD, spaceBefore=7 * mm, spaceAfter=1.5 * mm, keepWithNext=True)
BODY = _style("body", 9.5, 14, spaceAfter=2 * mm)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11, textColor=GREY, spaceAfter=1 * mm)
LABEL = ParagraphStyle("label", BODY, fontSize=9, leading=13, textColor=GREY, spaceAfter=0)
FACT = ParagraphStyle("fact", BODY, fontSize=11, leading=15, spaceAfter=0)
CELL = _style("cell", 9, 12)
CELL_BOLD = _style("cell-bold", 9, 12, BOLD)
NUMBER = ParagraphStyle("number", CELL, alignment=2)
NUMBER_BOLD = ParagraphStyle("number-bold", CELL_BOLD, alignment=2)
HEAD = ParagraphStyle("head", CELL_BOLD, fontSize=8, leading=10, textColor=GREY)
HEAD_NUMBER = ParagraphStyle("head-number", HEAD, alignment=2)
FIGURE = _style("figure", 15, 18, BOLD, alignment=2)
