"""The shapes of what is answered on the pages of an import."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from django import forms
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.import_models import ImportBatch, NameOrder
from cases.sheets.batch import ColumnView, SheetWord
from cases.sheets.columns import Meaning
from cases.sheets.reading import MAX_MEGABYTES, MAX_ROWS
from cases.sheets.stays import OF_WHOLE_SHEET
from contacts.models import NoticeLanguage, PrivacyNotice
from crm.access import holders
from crm.fields import DateField, TextField
from crm.models import Municipality, User
from crm.permissions import Permission


class UploadForm(forms.Form):
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Municipality"),
        help_text=_("Rows of other municipalities are left out and listed."),
    )
    file = forms.FileField(
        label=_("Sheet"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        allow_empty_file=True,  # reading says what to do
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)  # sent twice, one import

    def __init__(self, *args, municipalities, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        own = Municipality.objects.filter(pk__in=municipalities).order_by("name_fi")
        field.queryset = own  # type: ignore[attr-defined]
        allowed = gettext("An Excel workbook (.xlsx) or a CSV file, at most %(megabytes)d megabytes and %(rows)s rows.")
        most = {"megabytes": MAX_MEGABYTES, "rows": number_format(MAX_ROWS, force_grouping=True)}
        self.fields["file"].help_text = allowed % most
        if len(municipalities) == 1:
            field.initial, field.disabled = next(iter(municipalities)), True


class SheetForm(forms.Form):
    sheet = forms.TypedChoiceField(label=_("Which sheet has the rows?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args, batch: ImportBatch, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        sheets = [(place, sheet["title"]) for place, sheet in enumerate(batch.sheets)]
        self.fields["sheet"].choices = sheets  # type: ignore[attr-defined]


class MeaningsForm(forms.Form):
    """A meaning for each of a list of things, whose fields are `0`, `1` …"""

    prefix = "meaning"

    def meanings(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields if name.isdecimal()]


class ColumnsForm(MeaningsForm):
    """The meaning of each column, and in which order the whole names are written."""

    name_order = forms.ChoiceField(
        label=_("Whole names without a comma"),
        choices=NameOrder,
        widget=forms.RadioSelect,
        help_text=_("Each guessed name is marked in the check."),
    )

    def __init__(self, *args, columns: Sequence[ColumnView], name_order: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_order"].initial = name_order
        for place, column in enumerate(columns):
            label = column.heading or _("Column without a heading")
            self.fields[str(place)] = forms.ChoiceField(
                label=label, choices=Meaning.choices, initial=column.meaning, required=False
            )


class WordsForm(MeaningsForm):
    """The meaning of each word about the stage; with another prefix and choices, about the stay."""

    def __init__(
        self, *args, words: Sequence[SheetWord], choices: Sequence[tuple[str, str | Promise]], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        for place, word in enumerate(words):
            self.fields[str(place)] = forms.ChoiceField(
                label=word.pattern,
                choices=[("", _("Choose")), *choices],
                initial=word.meaning,
                error_messages={"required": _("Choose what this word means.")},
            )

    def rows(self) -> list[tuple[SheetWord, forms.BoundField]]:
        return list(zip(self.words, self, strict=True))

    def by_pattern(self) -> dict[str, str]:
        return dict(zip((word.pattern for word in self.words), self.meanings(), strict=True))


class QuestionsForm(forms.Form):
    coordinator = forms.ModelChoiceField(
        User.objects.none(), label=_("Coordinator"), help_text=_("All imported cases get this coordinator.")
    )
    notice_given = forms.ChoiceField(
        label=_("Have these people been given the privacy notice?"),
        choices=[("no", _("No, or not known: the cases stop at first contact")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
    )
    notice_version = TextField(label=_("Version of the notice"), max_length=20, required=False)
    notice_language = forms.ChoiceField(label=_("Language of the notice"), choices=NoticeLanguage, required=False)
    notice_on = DateField(
        label=_("Date given"),
        required=False,
        help_text=_("Leave empty if it was given at each first contact."),
    )
    stay = forms.ChoiceField(
        label=_("What is known of the stay where the sheet does not say?"),
        choices=OF_WHOLE_SHEET,
        required=False,
        help_text=_("Only those whose stay is permanent are counted as new residents."),
    )
    criteria_reason = TextField(
        label=_("Settled households: why is it not known which criteria are met?"),
        max_length=200,
        required=False,
        help_text=_("For example: from the old sheet. Without a reason settled households stop at «Arrived»."),
    )
    goal = TextField(
        label=_("Goal for those who have none in the sheet"),
        max_length=200,
        required=False,
        help_text=_("For example: finding a home and work. Without a goal those with a plan stop at «Assessment»."),
    )

    def __init__(self, *args, batch: ImportBatch, notices: Sequence[PrivacyNotice], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        published = {notice.language for notice in notices} or set(NoticeLanguage.values)
        languages = [(code, name) for code, name in NoticeLanguage.choices if code in published]
        self.fields["notice_language"].choices = languages  # type: ignore[attr-defined]
        coordinators = holders(Permission.WORK_CASES, [batch.municipality_id], today)
        self.fields["coordinator"].queryset = coordinators  # type: ignore[attr-defined]

    def clean_notice_on(self):
        on = self.cleaned_data["notice_on"]
        if on and on > self.today:
            raise forms.ValidationError(_("The date is in the future. Record the notice on the day it is given."))
        return on

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("notice_given") == "yes":
            if not cleaned.get("notice_version"):
                self.add_error("notice_version", _("Write which version of the notice was given."))
            if not cleaned.get("notice_language"):
                self.add_error("notice_language", _("Choose the language of the notice."))
        return cleaned

    def answers(self) -> dict:
        """What `save_answers` takes: without a notice given, nothing of it is kept."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "notice_given"}
        if self.cleaned_data["notice_given"] == "no":
            answers |= {"notice_version": "", "notice_language": "", "notice_on": None}
        return answers
