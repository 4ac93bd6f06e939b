"""What can be told of people and households, in which shape. A form saves nothing: `told()` is for the actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.actions import PERSON_FIELDS, PersonData, fill_person
from contacts.fields import Birth, BirthField, CodeField, CodesField, OptionalMailField, OptionalTextField, PhoneField
from contacts.languages import (
    COMMON_COUNTRIES,
    COMMON_LANGUAGES,
    countries,
    country_code,
    country_name,
    language_code,
    language_name,
    languages_by_use,
)
from contacts.models import (
    AgeGroup,
    Declinable,
    Education,
    Gender,
    HouseholdMember,
    LabourStatus,
    NoticeLanguage,
    Person,
    PrivacyNotice,
    Relation,
)
from crm.conflicts import EditForm
from crm.fields import DateField, TextField
from crm.models import Municipality, User
from crm.requests import number_in

if TYPE_CHECKING:
    from contacts.duplicates import Match

OLDEST = 120  # years; the oldest person known in Finland died at 112
MOST_MEMBERS = 15


_OF_OTHERS = [choice for choice in Relation.choices if choice[0] != Relation.CONTACT]

# The field of the form that each thing one may decline to tell is written in.
_DECLINABLE_FIELDS = {
    Declinable.BIRTH: "birth",
    Declinable.CITIZENSHIPS: "citizenships",
    Declinable.LANGUAGES: "languages",
    Declinable.PHONE: "phone",
    Declinable.EMAIL: "email",
}


class PersonForm(forms.Form):
    """What is told of one person. Nothing is required: who called without a name is an adult or a child.

    `matches` are the likely duplicates found by `contacts.views.duplicates.warn_of_duplicates`; the place (which
    register, which household, which row) is where they are looked for.
    """

    whose: str | Promise = ""  # whose form it is, where a page has several
    must_tell_who = False  # a member needs a name, or at least to be an adult or a child

    given_name = OptionalTextField(
        label=_("Given name"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
    family_name = OptionalTextField(
        label=_("Family name"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
    relation = forms.ChoiceField(label=_("In the household"), choices=Relation, initial=Relation.OTHER)
    phone = PhoneField(label=_("Phone"))
    email = OptionalMailField(label=_("E-mail"))
    service_language = CodeField(
        label=_("Language of service"), name_of=language_name, code_of=language_code, datalist="languages"
    )
    birth = BirthField(label=_("Birth date or year"))
    age_group = forms.ChoiceField(
        label=_("Adult or child, if the birth year is not known"), choices=AgeGroup, required=False
    )
    gender = forms.ChoiceField(label=_("Gender"), choices=Gender, required=False)
    languages = CodesField(
        label=_("Languages"),
        common=COMMON_LANGUAGES,
        name_of=language_name,
        code_of=language_code,
        datalist="languages",
    )
    citizenships = CodesField(
        label=_("Citizenships"),
        common=COMMON_COUNTRIES,
        name_of=country_name,
        code_of=country_code,
        datalist="countries",
    )
    education = forms.ChoiceField(label=_("Education"), choices=Education, required=False)
    labour_status = forms.ChoiceField(label=_("Labour-market status"), choices=LabourStatus, required=False)
    occupation = OptionalTextField(label=_("Occupation"), max_length=120)
    declined = forms.MultipleChoiceField(
        label=_("Does not want to tell"), choices=Declinable, required=False, widget=forms.CheckboxSelectMultiple
    )
    save_anyway = forms.BooleanField(label=_("Save anyway"), required=False)

    def __init__(
        self,
        *args,
        today: date,
        municipality_id: int | None = None,
        household_id: int | None = None,
        person_id: int | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.municipality_id, self.household_id, self.person_id = municipality_id, household_id, person_id
        self.matches: list[Match] = []

    @property
    def more_open(self) -> bool:
        """Whether anything under «More» is told or wrong."""
        more = ("birth", "age_group", "gender", "languages", "citizenships", "education", "labour_status", "occupation")
        return any(self.errors.get(name) or _is_told(self[name].value()) for name in (*more, "declined"))

    @property
    def place_query(self) -> str:
        """Where the live search for duplicates looks: the query of its address."""
        place = {
            "prefix": self.prefix,
            "municipality": self.municipality_id,
            "household": self.household_id,
            "person": self.person_id,
        }
        return urlencode({name: value for name, value in place.items() if value is not None})

    @property
    def code_lists(self) -> dict[str, list[str]]:
        """The names that languages and countries are completed from, by the id of their list."""
        return {"languages": [name for _code, name in languages_by_use()], **country_list()}

    def clean_birth(self) -> Birth:
        born: Birth = self.cleaned_data["birth"]
        if (born.date and born.date > self.today) or (born.year and born.year > self.today.year):
            raise ValidationError(_("This is in the future. Write the year of birth with four digits."))
        if born.year and born.year < self.today.year - OLDEST:
            raise ValidationError(_("Nobody is over %(years)s years old. Check the year."), params={"years": OLDEST})
        return born

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        for declined in cleaned.get("declined", ()):
            field = _DECLINABLE_FIELDS[Declinable(declined)]
            value = cleaned.get(field)
            if any(value) if isinstance(value, Birth) else value:
                self.add_error(
                    field, _("This is filled in and also ticked as «does not want to tell». Keep one of the two.")
                )
        who = ("given_name", "family_name", "age_group", "birth")
        if self.must_tell_who and not self.errors and not any(any(cleaned[name] or ()) for name in who):
            self.add_error("given_name", _("Write a name, or choose under «More» whether it is an adult or a child."))
        return cleaned

    def told(self) -> PersonData:
        """What was told and could be read; a form with errors gives the rest."""
        told = self.cleaned_data
        born = told.get("birth") or Birth(None, None)
        names = ("given_name", "family_name", "gender", "service_language", "education", "labour_status", "occupation")
        texts = {name: told.get(name, "") for name in (*names, "phone", "email")}
        lists: dict[str, Any] = {name: tuple(told.get(name, ())) for name in ("citizenships", "languages", "declined")}
        age_group = "" if born.year else told.get("age_group", "")
        return PersonData(birth_date=born.date, birth_year=born.year, age_group=age_group, **texts, **lists)

    def relation_by_age(self) -> str:
        """The place in the household where none was chosen: age tells a child, of others it is not known."""
        person = fill_person(Person(), self.told())
        return Relation.CHILD if person.is_child_on(self.today, "") else Relation.OTHER


def country_list() -> dict[str, list[str]]:
    """The names that countries are completed from, by the id of their list."""
    return {"countries": list(countries().values())}


def _is_told(value) -> bool:
    return any(map(_is_told, value)) if isinstance(value, list | tuple) else bool(value)


def initial_of(person: Person, membership: HouseholdMember | None) -> dict[str, object]:
    """What a form shows of a stored person and of their place in the household, if they still have one."""
    names = [field for field in PERSON_FIELDS if field not in ("birth_date", "birth_year")]
    birth = Birth(person.birth_date, person.birth_year)
    relation = membership.relation if membership else Relation.OTHER
    return {name: getattr(person, name) for name in names} | {"relation": relation, "birth": birth}


class EditPersonForm(EditForm, PersonForm):
    """What is told of somebody who is in the register."""

    must_tell_who = True
    together = (("birth", "age_group"),)


class MemberForm(PersonForm):
    """Somebody who joins a household that is already in the register, from a day."""

    must_tell_who = True

    relation = forms.ChoiceField(label=_("In the household"), choices=[("", _("Choose")), *_OF_OTHERS])
    joined_on = DateField(label=_("In the household from"))
    seen_last = forms.Field(widget=forms.HiddenInput, required=False)  # who was added last as the form showed it

    def clean_joined_on(self) -> date:
        return not_after(self.cleaned_data["joined_on"], self.today)

    def clean_seen_last(self) -> int | None:
        """None for what the page has not written: nobody can mend what stands in a hidden field."""
        return number_in(str(self.cleaned_data["seen_last"] or ""))


class _PeopleOfHousehold(forms.BaseFormSet):
    """The people of a new household: the first is the contact person, empty forms after it are left out."""

    def __init__(self, data=None, *, today: date, municipality_id: int | None = None, **kwargs) -> None:
        told = {"today": today, "municipality_id": municipality_id}
        super().__init__(data, form_kwargs=told, **{"prefix": "people", **kwargs})

    def add_fields(self, form, index: int | None) -> None:
        super().add_fields(form, index)
        relation = form.fields["relation"]
        if index == 0:
            form.whose = _("Contact person")
            relation.initial, relation.disabled = Relation.CONTACT, True
        else:
            form.whose = gettext("Person %(number)s") % {"number": (index or 0) + 1}
            relation.choices, relation.required, relation.initial = [("", _("Choose")), *_OF_OTHERS], False, ""

    @classmethod
    def with_one_more(cls, data: QueryDict, **kwargs) -> _PeopleOfHousehold:
        """What was typed, and an empty form after it: for «Add a member»."""
        more = data.copy()
        prefix = kwargs.get("prefix", "people")
        total = f"{prefix}-TOTAL_FORMS"
        before = int(more.get(total) or 1) if more.get(total, "1").isdecimal() else 0
        more[total] = str(min(before + 1, MOST_MEMBERS))
        return cls(more, **kwargs)

    @classmethod
    def without(cls, data: QueryDict, number: int, **kwargs) -> _PeopleOfHousehold:
        """What was typed without the person `number` (from 0), who was added by mistake; the contact person stays."""
        prefix = kwargs.get("prefix", "people")
        field = re.compile(rf"{re.escape(prefix)}-(\d{{1,4}})-(.+)")
        total = f"{prefix}-TOTAL_FORMS"
        before = number_in(data.get(total, "")) or 1
        if not 0 < number < before:
            return cls(data, **kwargs)
        rest = QueryDict(mutable=True)
        for name, values in data.lists():
            found = field.fullmatch(name)
            at = int(found[1]) if found else 0
            if found and at > number:
                name = f"{prefix}-{at - 1}-{found[2]}"
            if not found or at != number:
                rest.setlist(name, values)
        rest[total] = str(before - 1)
        return cls(rest, **kwargs)

    @property
    def filled(self) -> list[PersonForm]:
        """The forms that tell of somebody: the first, and of the others those with anything in them."""
        return [form for number, form in enumerate(self.forms) if number == 0 or form.has_changed()]

    def told(self) -> list[tuple[PersonData, str]]:
        """Each person and their place in the household, as `contacts.actions.register_household` takes them."""
        return [(form.told(), form.cleaned_data.get("relation") or form.relation_by_age()) for form in self.filled]


PersonFormSet = forms.formset_factory(
    PersonForm,
    formset=_PeopleOfHousehold,
    extra=0,
    min_num=1,
    max_num=MOST_MEMBERS,
    absolute_max=MOST_MEMBERS,
    validate_max=True,
)


class _Origin(forms.Form):
    moves_from = OptionalTextField(label=_("Moves from"), max_length=120, help_text=_("Municipality, or town abroad"))
    from_country = CodeField(
        label=_("Country they move from"), name_of=country_name, code_of=country_code, datalist="countries"
    )

    @property
    def code_lists(self) -> dict[str, list[str]]:
        return country_list()


class OriginForm(EditForm, _Origin):
    """Where a household that is in the register moves from."""


class HouseholdForm(_Origin):
    """What is told of a new household besides its people. The register is asked for where there are several."""

    municipality = forms.ChoiceField(label=_("Municipality"))
    restricted = forms.BooleanField(
        label=_("Non-disclosure for personal safety"),
        required=False,
        help_text=_("Only you and those you name will see that the household exists."),
    )
    restricted_reason = OptionalTextField(label=_("Reason for the non-disclosure"), max_length=500)

    field_order = ["municipality"]

    def __init__(self, *args, places: Sequence[Municipality], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        names = [(pk, place.name) for pk, place in self.places.items()]
        self.fields["municipality"].choices = names  # type: ignore[attr-defined]
        if len(self.places) == 1:
            del self.fields["municipality"]

    @property
    def register(self) -> Municipality:
        """The municipality in whose register the household goes; read when the form is valid."""
        chosen = self.cleaned_data.get("municipality")
        return self.places[chosen] if chosen else next(iter(self.places.values()))

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("restricted") and not cleaned.get("restricted_reason"):
            self.add_error("restricted_reason", _("Give the reason: those named on the household see it."))
        return cleaned


class NoticeForm(forms.Form):
    """That the privacy notice was given: one of the municipality's versions, in its language, on a day."""

    notice = forms.ChoiceField(label=_("Version and language"))
    given_on = DateField(label=_("Given"))

    def __init__(self, *args, notices: Sequence[PrivacyNotice], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.notices = {str(notice.pk): notice for notice in notices}
        versions = [(pk, str(notice)) for pk, notice in self.notices.items()]
        self.fields["notice"].choices = versions  # type: ignore[attr-defined]

    def clean_notice(self) -> PrivacyNotice:
        return self.notices[self.cleaned_data["notice"]]

    def clean_given_on(self) -> date:
        return not_after(self.cleaned_data["given_on"], self.today)


class PublishForm(forms.Form):
    """A version of a municipality's privacy notice in one language."""

    notice_version = TextField(label=_("Version"), max_length=20, help_text=_("For example 1.1, or 2026-1"))
    language = forms.ChoiceField(label=_("Language"), choices=NoticeLanguage)
    published_on = DateField(
        label=_("Given from"), help_text=_("The first day on which newcomers get this version; a past day will do.")
    )
    text = TextField(
        label=_("The text that newcomers get"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Leave an empty line between paragraphs."),
    )


class AccessForm(forms.Form):
    """Who is named on a household or kept from it, why, from when and until when."""

    user = forms.ChoiceField(label=_("Colleague"))
    reason = TextField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}), help_text=_("Briefly"))
    starts = DateField(label=_("From"))
    ends = DateField(label=_("Until, if known"), required=False)

    def __init__(self, *args, users: Sequence[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(user.pk): user for user in users}
        names = [("", _("Choose")), *((pk, user.name) for pk, user in self.users.items())]
        self.fields["user"].choices = names  # type: ignore[attr-defined]

    def clean_user(self) -> User:
        return self.users[self.cleaned_data["user"]]


class LastDayForm(EditForm):
    """The last day of something that others may have changed meanwhile."""

    last_day = DateField(label=_("Last day"))

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last_day(self) -> date:
        return not_after(self.cleaned_data["last_day"], self.today)


def not_after(day: date, today: date) -> date:
    if day > today:
        raise ValidationError(_("This is in the future. Give a day that has come."))
    return day
