"""The catalogues are read from the sources and kept whole."""

from __future__ import annotations

import json

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override, pgettext

from crm.management.commands import translations

TEMPLATE = """
{% load i18n %}
{% translate "Open" %} {% translate "May" context "month" %} {{ name|default:_("Nobody") }}
{% include "_components/field.html" with label=_("Label") %}
{% blocktranslate count counter=cases trimmed %}
  {{ counter }} case
{% plural %}
  {{ counter }} cases
{% endblocktranslate %}
"""
MODULE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Close"); _("Two " "parts"); _(variable); pgettext_lazy("state", "Plan"); ngettext("%(n)s day", "%(n)s days", n)
"""


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A small tree of sources with catalogues of its own."""
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "module.py").write_text(MODULE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def test_messages_are_found_in_modules_and_templates(sources) -> None:
    assert translations.extract() == {
        (None, "Close"): "",
        (None, "Two parts"): "",
        ("state", "Plan"): "",
        (None, "%(n)s day"): "%(n)s days",
        (None, "Open"): "",
        ("month", "May"): "",
        (None, "Nobody"): "",
        (None, "Label"): "",
        (None, "%(counter)s case"): "%(counter)s cases",
    }


def test_a_catalogue_is_filled_compiled_and_checked(sources, capsys) -> None:
    with pytest.raises(CommandError, match="not in the catalogue: 'Open'"):
        call_command("translations", "--check")
    finnish = sources / "finnish.json"
    finnish.write_text(
        json.dumps({"Close": "Sulje", "state|||Plan": "Suunnitelma", "%(n)s day": ["päivä", "%(n)s pv"]})
    )
    call_command("translations", "--add", str(finnish))
    assert "fi: 'Open': not translated" in capsys.readouterr().out
    assert (sources / "locale/fi/LC_MESSAGES/django.mo").exists()
    with pytest.raises(CommandError) as told:
        call_command("translations", "--check")
    assert "'Open': not translated" in str(told.value)
    assert "Close" not in str(told.value)
    assert "%(n)s day" not in str(told.value)


def test_a_message_that_left_the_sources_is_told_and_taken_out(sources) -> None:
    call_command("translations")
    (sources / "templates" / "page.html").write_text("")
    with pytest.raises(CommandError, match="no longer in the sources: 'Open'"):
        call_command("translations", "--check")
    call_command("translations")
    assert "Open" not in (sources / "locale/fi/LC_MESSAGES/django.po").read_text()


def test_a_translation_of_what_the_sources_do_not_say_is_refused(sources) -> None:
    wrong = sources / "wrong.json"
    wrong.write_text(json.dumps({"Opne": "Avaa"}))
    with pytest.raises(CommandError, match="Opne"):
        call_command("translations", "--add", str(wrong))


@pytest.mark.parametrize(
    ("message", "translation", "complaint"),
    [
        ("Open", "Avaa", None),
        ("Open", "", "not translated"),
        ("%(name)s and family", "%(nimi)s perheineen", "placeholders differ"),
        ("{count} rows", "riviä", "placeholders differ"),
        (("%(n)s day", "%(n)s days"), ("yksi päivä", "%(n)s päivää"), None),
        (("%(n)s day", "%(n)s days"), ("%(n)s päivä", "päivää"), "placeholders differ"),
    ],
)
def test_what_is_missing_or_broken_is_named(message, translation, complaint) -> None:
    catalogue = Catalog(locale="fi")
    catalogue.add(message, translation)
    found = translations.complaints(catalogue)
    assert (complaint is None and not found) or complaint in found[0]


def test_writing_twice_changes_nothing(sources) -> None:
    call_command("translations")
    before = (sources / "locale/fi/LC_MESSAGES/django.po").read_bytes()
    call_command("translations")
    assert (sources / "locale/fi/LC_MESSAGES/django.po").read_bytes() == before


def test_finnish_is_what_users_see_and_english_is_the_source() -> None:
    assert pgettext("state", "First contact") == "Yhteydenotto"
    with override("en"):
        assert gettext("Mark as settled") == "Mark as settled"
