"""Every component on one page, while developing: what there is to build with, in both colour schemes."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.audit import Change
from crm.conflicts import Conflict
from crm.fields import DateField, TextField
from crm.paging import Page
from crm.requests import StaffRequest
from crm.unsent import Unsent

STATES = ("contact", "assessment", "plan", "moving", "arrived", "settled", "paused", "closed")

LONG_TEXTS = (
    "Soitti takaisin ja kysyi asunnosta.\nSovittiin, että vuokratalon esite lähetetään sähköpostilla ensi viikolla.",
    "Kysyi koulusta.\n\nPuoliso etsii töitä hoivakodista; työpaja 12.12. sopii molemmille, jos kyyti järjestyy.",
)


class SampleForm(forms.Form):
    name = TextField(label="Nimi", help_text="Etunimi ja sukunimi")
    day = DateField(label="Muuttopäivä", required=False)
    reason = forms.ChoiceField(label="Syy", choices=[("work", "Työ"), ("family", "Perhe")])
    stay = forms.ChoiceField(
        label="Asuminen", choices=[("permanent", "Pysyvä"), ("seasonal", "Kausi")], widget=forms.RadioSelect
    )
    who = forms.MultipleChoiceField(
        label="Ketkä muuttavat", choices=[("1", "Amina"), ("2", "Youssef")], widget=forms.CheckboxSelectMultiple
    )
    told = forms.BooleanField(label="Tietosuojaseloste on annettu", required=False)
    note = TextField(label="Muistiinpano", widget=forms.Textarea, required=False)


@login_not_required
def components(request: StaffRequest) -> HttpResponse:
    """The gallery; routed in debug only."""
    earlier = request.today - timedelta(days=21)
    steps = [
        {"label": "Yhteydenotto", "status": "done", "note": earlier},
        {"label": "Kartoitus", "status": "done", "note": earlier},
        {"label": "Suunnitelma", "status": "now", "note": "21 pv tässä vaiheessa"},
        {"label": "Muuttamassa", "status": ""},
        {"label": "Muuttanut", "status": ""},
        {"label": "Asettunut", "status": ""},
    ]
    context = {
        "states": STATES,
        "steps": steps,
        "form": SampleForm(),
        "wrong": SampleForm({"wrong-day": "32.1.2026"}, prefix="wrong"),
        "overtaken": {
            "change": Change("Marja Lahti", timezone.now()),
            "missed": True,
            "conflicts": [
                Conflict(("phone",), "Puhelin", "choose-phone", "1", "040 123 4567", "040 999 8888", missed=True),
                Conflict(("ends",), "Viimeinen päivä", "choose-ends", "1", "", "31.12.2026"),
                Conflict(("note",), "Muistiinpano", "choose-note", "1", *LONG_TEXTS, long=True),
            ],
        },
        "kept": [
            Unsent("?kept=1#main", "#main", [("given_name", "Aino"), ("text", "Soitti takaisin.\nKysyi asunnosta.")])
        ],
        "page": Page([], 7, first=False),
    }
    return render(request, "crm/components.html", context)
