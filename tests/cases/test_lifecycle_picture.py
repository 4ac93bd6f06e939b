"""The picture of the lifecycle says what the rules say, and docs/ hold what the code draws."""

from __future__ import annotations

import pytest
from defusedxml import ElementTree
from django.conf import settings
from django.utils.translation import override

from cases import lifecycle
from cases.lifecycle import OPEN, RULES, State
from cases.lifecycle_docs import documents
from cases.lifecycle_picture import ACTIVE_FRAME, NEEDS, OPEN_FRAME, QUESTIONS, arrows, ends, needs, picture, table, way

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", documents())
def test_the_documents_are_fresh(name):
    stored = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    assert stored == documents()[name], "run `manage.py lifecycle_docs`"


def covered(end):
    return {ACTIVE_FRAME: set(lifecycle.ACTIVE), OPEN_FRAME: set(OPEN)}.get(end, {end})


def test_the_arrows_start_and_end_where_the_rules_do():
    drawn = list(arrows())
    for rule in RULES.values():
        sources = [covered(source) for other, source, _target in drawn if other is rule]
        targets = [covered(target) for other, _source, target in drawn if other is rule]
        assert set().union(*sources) == set(rule.sources)
        assert set().union(*targets) == set(rule.targets)


def test_every_arrow_has_a_way_and_every_rule_a_name_in_the_picture():
    named = {rule.name for rule, source, target in arrows() if way(source, target).label}
    assert named == set(RULES)


def test_a_group_that_fills_a_frame_is_one_end():
    assert ends(OPEN) == [OPEN_FRAME]
    assert ends([*OPEN, State.SETTLED]) == [OPEN_FRAME, State.SETTLED]
    assert ends(lifecycle.ACTIVE) == [ACTIVE_FRAME]
    assert ends([State.PLAN, State.MOVING]) == [State.PLAN, State.MOVING]


def test_every_need_and_question_has_words():
    assert {need.code for need in needs()} <= set(NEEDS)
    assert {question for rule in RULES.values() for question in rule.asks} <= set(QUESTIONS)


@pytest.mark.parametrize("language", ["fi", "en"])
def test_the_picture_is_well_formed_and_speaks(language):
    with override(language):
        root = ElementTree.fromstring(picture())
        texts = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
        assert {str(state.label) for state in State} <= texts
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text
        assert "–" not in [" ".join(row.asks) for row in table()]
