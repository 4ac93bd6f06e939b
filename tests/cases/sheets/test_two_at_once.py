"""The button of an import pressed twice at the same moment, in real threads."""

from __future__ import annotations

import pytest

from cases.import_models import ImportBatch, ImportStep
from cases.models import Case
from tests.cases.test_two_at_once import at_once
from tests.factories import MunicipalityFactory, coordinator_of
from tests.factories.sheets import Line, checked_import, csv_sheet, run_chunk

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)


def test_the_rows_are_written_once():
    town = MunicipalityFactory()
    lines = [Line(name="Kuusela, Otso", stage="tauolla"), Line(name="Rautio, Hilla")]
    batch = checked_import(town, coordinator_of(town), csv_sheet(lines))
    after = at_once(lambda: run_chunk(batch), lambda: run_chunk(batch))
    assert [answer.step for answer in after] == [ImportStep.DONE, ImportStep.DONE]
    assert Case.objects.count() == 2
    assert ImportBatch.objects.get().rows_done == 2
