"""Puts the report together: cover, summary, a table and a picture an indicator, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import batched, count
from xml.sax.saxutils import escape

import pikepdf
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from pikepdf import Dictionary
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)

from reports.disclosure import HIDDEN
from reports.pdf import style, tags
from reports.pdf.drawing import drawing
from reports.pdf.tags import Place, TaggedParagraph, TaggedTable, Tags, artifact
from reports.report import KeyFigure, Report, Section
from reports.table import Row, Table

WIDTH = A4[0] - 2 * style.MARGIN
COLUMNS_ABREAST = 6  # more municipalities go to a table beneath


def draw(report: Report) -> bytes:
    """The report as a PDF, in the language that is active; the same report gives the same bytes."""
    made = Tags()
    raw = BytesIO()
    _Document(raw, report, made).build(list(_story(report)))
    with pikepdf.open(raw) as pdf:
        tags.write(pdf, made)
        made_on = f"D:{report.made_on:%Y%m%d}"  # a day has no hour; the same report has the same date whenever drawn
        pdf.docinfo.CreationDate = pdf.docinfo.ModDate = pikepdf.String(made_on)
        pdf.Root.Lang = pikepdf.String(report.language)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


class _Document(BaseDocTemplate):
    """A4 pages with a foot; headings become bookmarks."""

    def __init__(self, target: BytesIO, report: Report, made: Tags) -> None:
        super().__init__(
            target,
            pagesize=A4,
            title=f"{report.title}, {_places(report)}, {report.period}",
            author="Asetu",
            subject=", ".join(report.municipalities),
            lang=report.language,
            initialFontName=style.REGULAR,
            invariant=1,
        )
        self.report, self.made = report, made
        top, foot = style.MARGIN, style.MARGIN
        cover = Frame(style.MARGIN, foot, WIDTH, A4[1] - foot - 70 * mm, 0, 0, 0, 0)
        body = Frame(style.MARGIN, foot, WIDTH, A4[1] - foot - top, 0, 0, 0, 0)
        self.addPageTemplates(
            [
                PageTemplate("cover", cover, onPage=self._cover),
                PageTemplate("body", body, onPage=self._foot),
            ]
        )

    def _cover(self, canvas: Canvas, _document) -> None:
        canvas.tags = self.made
        with artifact(canvas):
            _mark(canvas, style.MARGIN, A4[1] - 48 * mm, 16 * mm)

    def _foot(self, canvas: Canvas, _document) -> None:
        canvas.tags = self.made
        with artifact(canvas):
            canvas.setStrokeColor(style.RULE)
            canvas.line(style.MARGIN, 16 * mm, A4[0] - style.MARGIN, 16 * mm)
            canvas.setFillColor(style.GREY)
            canvas.setFont(style.REGULAR, 8)
            said = f"{self.report.title} · {_places(self.report)} · {self.report.period}"
            canvas.drawString(style.MARGIN, 11 * mm, said)
            canvas.drawRightString(A4[0] - style.MARGIN, 11 * mm, str(canvas.getPageNumber()))

    def afterFlowable(self, flowable: Flowable) -> None:
        level = getattr(flowable, "level", None)
        if level is not None:
            key = f"heading-{flowable.place[-1][1]}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level)


def _places(report: Report) -> str:
    """The municipalities by name, so many as fit on a line of the foot; else how many they are."""
    names = ", ".join(report.municipalities)
    if stringWidth(f"{report.title} · {names} · {report.period} 999", style.REGULAR, 8) <= WIDTH:
        return names
    count = len(report.municipalities)
    return ngettext("%(count)d municipality", "%(count)d municipalities", count) % {"count": count}


def _mark(canvas: Canvas, x: float, y: float, size: float) -> None:
    """The sign of the house: a roof and a door light."""
    canvas.setFillColor(style.ACCENT)
    canvas.roundRect(x, y, size, size, size * 0.28, stroke=0, fill=1)
    canvas.setStrokeColor(style.PAPER)
    canvas.setLineWidth(size * 0.09)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    path = canvas.beginPath()
    path.moveTo(x + size * 0.22, y + size * 0.28)
    path.lineTo(x + size * 0.5, y + size * 0.72)
    path.lineTo(x + size * 0.78, y + size * 0.28)
    canvas.drawPath(path)
    canvas.setFillColor(style.PAPER)
    canvas.circle(x + size * 0.5, y + size * 0.36, size * 0.08, stroke=0, fill=1)


def _story(report: Report) -> Iterator[Flowable]:
    write = _Writer()
    yield from _cover_page(report, write)
    yield NextPageTemplate("body")
    yield PageBreak()
    yield write.heading(_("Summary"), 0)
    yield from _summary(report.summary, write)
    if report.caution:
        yield write.text(report.caution, style.SMALL)
    yield write.heading(_("Indicators"), 0)
    for section in report.sections:
        yield from _section(section, write)
    yield from _method(report, write)


class _Writer:
    """Makes tagged paragraphs, each with a place of its own in the reading order."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def place(self, kind: str) -> Place:
        return ((kind, str(next(self._numbers))),)

    def text(self, text: str, look=style.BODY, kind: str = "P", within: Place = (), key: str = "") -> TaggedParagraph:
        place = (*within, (kind, key or str(next(self._numbers))))
        return TaggedParagraph(escape(str(text)), look, place)

    def heading(self, text: str, level: int) -> TaggedParagraph:
        made = self.text(text, (style.H1, style.H2)[level], f"H{level + 2}")
        made.level = level
        return made


def _cover_page(report: Report, write: _Writer) -> Iterator[Flowable]:
    yield write.text(report.title, style.TITLE, "H1")
    yield write.text(report.period, style.H1)
    if report.whose:
        yield write.text(report.whose, style.FACT)
    yield Spacer(1, 8 * mm)
    for label, value in (
        (_("Municipalities"), ", ".join(report.municipalities)),
        (_("Period"), report.days),
        (_("Made on"), formats.date_format(report.made_on, "SHORT_DATE_FORMAT")),
        (_("Made for"), report.audience),
        (_("Figures"), report.rule),
    ):
        yield write.text(label, style.LABEL)
        yield write.text(value, style.FACT)
        yield Spacer(1, 4 * mm)


def _summary(figures: Sequence[KeyFigure], write: _Writer) -> Iterator[Flowable]:
    table = write.place("Table")
    rows = []
    for number, figure in enumerate(figures):
        row = (*table, ("TR", str(number)))
        change = " · ".join(filter(None, (figure.change, figure.comparison)))
        rows.append(
            [
                write.text(figure.title, style.CELL, "TH", row, "0"),
                write.text(figure.figure, style.NUMBER if figure.is_hidden else style.FIGURE, "TD", row),
                write.text(change, style.CELL, "TD", row),
            ]
        )
    if rows:
        yield TaggedTable(rows, [WIDTH * part for part in (0.42, 0.2, 0.38)], style=_RULED)
    yield Spacer(1, 3 * mm)


_RULED = [
    ("FONTNAME", (0, 0), (-1, -1), style.REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, style.RULE),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
]


def _section(section: Section, write: _Writer) -> Iterator[Flowable]:
    table = section.table
    head: list[Flowable] = [
        write.heading(str(table.title), 1),
        write.text(str(table.definition)),
    ]
    if table.hidden:
        yield KeepTogether([*head, write.text(str(HIDDEN))])
        return
    blocks = [_drawn_table(table, columns, write) for columns in batched(range(len(table.columns)), COLUMNS_ABREAST)]
    foot: list[Flowable] = [Spacer(1, 4 * mm)]
    if section.chart is not None:
        foot.append(drawing(section.chart, min(WIDTH, section.chart.width * 0.8), write.place("Figure")))
        foot.append(Spacer(1, 2 * mm))
    foot.extend(write.text(str(note), style.SMALL) for note in table.notes)
    if len(blocks) == 1:
        yield KeepTogether([*head, *blocks, *foot])
        return
    yield KeepTogether([*head, blocks[0]])
    for block in blocks[1:]:
        yield Spacer(1, 3 * mm)
        yield block
    yield KeepTogether(foot)


def _drawn_table(table: Table, columns: Iterable[int], write: _Writer) -> TaggedTable:
    """The rows of a table for some of its columns."""
    chosen = list(columns)
    place = write.place("Table")
    head = (*place, ("TR", "head"))
    rows = [
        [
            write.text(str(table.unit.label), style.HEAD, "TH", head),
            *(write.text(str(table.columns[n].label), style.HEAD_NUMBER, "TH", head) for n in chosen),
        ]
    ]
    rows += [_drawn_row(table, row, chosen, (*place, ("TR", row.key)), write) for row in table.rows]
    first = WIDTH * (0.36 if len(chosen) > 3 else 0.46)
    width = min((WIDTH - first) / len(chosen), 34 * mm)
    lines = [*_RULED, ("LINEBELOW", (0, 0), (-1, 0), 1, style.INK)]
    lines += [("BACKGROUND", (0, n), (-1, n), style.SOFT) for n, row in enumerate(table.rows, 1) if row.is_total]
    return TaggedTable(rows, [first, *[width] * len(chosen)], style=lines, repeatRows=1, hAlign="LEFT")


def _drawn_row(table: Table, row: Row, columns: list[int], place: Place, write: _Writer) -> list[TaggedParagraph]:
    name, number = (style.CELL_BOLD, style.NUMBER_BOLD) if row.is_total else (style.CELL, style.NUMBER)
    cells = [row.cells[n] for n in columns]
    return [
        write.text(str(row.label), name, "TH", place, "0"),
        *(write.text(table.written(cell), number, "TD", place) for cell in cells),
    ]


def _method(report: Report, write: _Writer) -> Iterator[Flowable]:
    yield write.heading(_("Method and definitions"), 0)
    yield write.text(report.rule)
    for text in (
        _(
            "The figures are counted from the facts recorded in Asetu. A fact has the day on which it happened; a "
            "correction replaces it, and the figures follow. A fact whose day is not known is in no period."
        ),
        _("Both the first and the last day of the period are in it, by Finnish time."),
    ):
        yield write.text(text)
    for term, meaning in _definitions():
        yield write.heading(term, 1)
        yield write.text(meaning)


def _definitions() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Case"),
            _(
                "The way of one household from first contact to settled in one municipality. Most figures of cases and "
                "of persons differ, since a household can have several persons."
            ),
        ),
        (_("Person"), _("A person counts once in each municipality, and once in the column Together.")),
        (
            pgettext("state", "Arrived"),
            _("Has moved to the municipality after the first contact. Each member of a household has their own day."),
        ),
        (
            _("Lived there already"),
            _(
                "Arrived before the first contact. Such persons are not counted as arrivals, in the steps or in the "
                "time to settle."
            ),
        ),
        (
            pgettext("state", "Settled"),
            _(
                "Has arrived, and the criteria of the municipality are met or it is written down why they are not: a "
                "home, a livelihood or studies, school or early childhood education for the children, registration."
            ),
        ),
        (
            _("Median"),
            _("Half of the cases took fewer days and half took more. One very long case does not move it."),
        ),
    )
