"""What of one's imports goes into a file; what of the rows of one: the sheet's own columns, and what the check says.

The sheet's own headings are kept, and those added mean nothing to an import: what was mended in the file can be
imported as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.import_models import Fate, ImportBatch
from cases.sheets.batch import rows_in_sight
from cases.sheets.columns import Meaning
from cases.sheets.pages import RowView, row_views, rows_of
from contacts.access import Scope, as_it_is_now
from crm.exports import Column, Export, Given, Listed
from crm.models import ExportedList
from crm.permissions import Permission


def rows_as_export(batch: ImportBatch, scope: Scope, fate: str) -> Export:
    """The rows of one fate ("" for all) that the page shows. A fate that there is not is 404."""

    def read(ids: Sequence[int]) -> Iterable[Any]:
        now = as_it_is_now(scope)
        if not now.may(Permission.IMPORT_CASES, batch.municipality_id):
            return []
        return row_views(batch, rows_in_sight(batch, now).filter(pk__in=ids).order_by("number"), now)

    rows = rows_of(batch, scope, fate)
    secret = rows.filter(restricted_by_row__isnull=False).exists()
    return Export(
        what=ExportedList.IMPORT_ROWS,
        title=batch.sheet_title or _("Rows of a sheet"),
        columns=[
            Column(_("Row"), lambda view: view.row.number, 8),
            *(Column(heading, _cell(place)) for place, heading in enumerate(batch.headings)),
            *([Column(_("Non-disclosure"), _marked, 14)] if secret else []),
            Column(_("What becomes of it"), lambda view: str(view.fate.label), 20),
            Column(_("Why"), lambda view: " ".join(view.sentences), 60),
        ],
        source=Listed(rows, read, "batch__municipality_id"),
        back=reverse(f"import_{batch.step}", args=[batch.token]) + (f"?fate={fate}" if fate else ""),
        words=lambda: "; ".join([batch.file_name, *([str(Fate(fate).label)] if fate else [])]),
        phones=Meaning.PHONE in batch.columns,
        secret=secret,
    )


def _marked(view: RowView) -> str:
    """Of whom the sheet says non-disclosure, on this row or on another about the same person."""
    return str(_("Non-disclosure")) if view.row.restricted_by_row is not None else ""


def _cell(place: int) -> Callable[[RowView], str]:
    return lambda view: view.row.cells[place]


def imports_as_export(batches: Sequence[ImportBatch]) -> Export:
    """These imports, not what is in them."""
    deleted = _("Rows deleted")
    return Export(
        what=ExportedList.IMPORTS,
        title=_("My imports"),
        columns=[
            Column(_("File"), lambda batch: batch.file_name, 40),
            Column(_("Municipality"), lambda batch: batch.municipality.name, 20),
            Column(_("Uploaded"), lambda batch: timezone.localdate(batch.recorded_at)),
            Column(_("Rows"), lambda batch: batch.rows_total),
            Column(_("Rows dealt with"), lambda batch: batch.rows_done),
            Column(_("Step"), lambda batch: batch.get_step_display(), 20),
            Column(deleted, lambda batch: str(deleted) if batch.rows_deleted_at else ""),
        ],
        source=Given(batches, {batch.municipality_id for batch in batches}),
        back=reverse("import_list"),
        personal=False,
    )
