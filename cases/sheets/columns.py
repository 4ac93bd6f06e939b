"""What a column of a sheet means, guessed from its heading in Finnish, Swedish or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.names import fold


class Meaning(models.TextChoices):
    SKIP = "", _("Do not import")
    CONTACT_ON = "contact_on", _("Date of first contact")
    NAME = "name", _("Name (whole)")
    GIVEN_NAME = "given_name", _("Given name")
    FAMILY_NAME = "family_name", _("Family name")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    MOVES_FROM = "moves_from", _("Where they move from")
    MUNICIPALITY = "municipality", _("Municipality they move to")
    SIZE = "size", _("How many persons")
    MOVE_REASON = "move_reason", _("Reason to move")
    STAGE = "stage", _("Stage in words")
    STAY = "stay", _("Stay in words")
    PLANNED_MOVE_ON = "planned_move_on", _("Planned move date")
    ARRIVED_ON = "arrived_on", _("Date of arrival")
    SETTLED_ON = "settled_on", _("Date of settling")
    GOAL = "goal", _("Goal of the plan")
    LANGUAGE = "language", _("Language")
    BIRTH_YEAR = "birth_year", _("Birth year")
    NOTE = "note", _("Note")


# Several columns may be notes; of everything else there is one.
REPEATABLE = frozenset({Meaning.SKIP, Meaning.NOTE})

# Folded headings; a heading that begins with one of them counts too («pvm 2024», «puh nro»).
HEADINGS: dict[Meaning, tuple[str, ...]] = {
    Meaning.CONTACT_ON: (
        "pvm", "paiva", "paivamaara", "paivays", "yhteydenotto", "yhteydenottopaiva", "ensiyhteydenotto", "kontakti",
        "date", "contact date", "first contact", "contacted", "datum", "kontaktdatum", "forsta kontakt",
    ),
    Meaning.NAME: (
        "nimi", "koko nimi", "henkilo", "muuttaja", "asiakas", "yhteyshenkilo", "name", "full name", "person",
        "client", "namn", "kund",
    ),
    Meaning.GIVEN_NAME: ("etunimi", "etunimet", "kutsumanimi", "first name", "given name", "fornamn"),
    Meaning.FAMILY_NAME: ("sukunimi", "last name", "family name", "surname", "efternamn"),
    Meaning.PHONE: ("puh", "puhelin", "puhelinnumero", "puhnro", "gsm", "kannykka", "matkapuhelin", "phone",
                    "phone number", "mobile", "tel", "telefon", "mobil"),
    Meaning.EMAIL: ("sahkoposti", "sposti", "s posti", "email", "e mail", "mail", "epost", "e post"),
    Meaning.MOVES_FROM: (
        "mista", "mista muuttaa", "lahtokunta", "lahtopaikka", "nykyinen asuinpaikka", "nykyinen kunta",
        "kotipaikka", "asuinkunta", "from", "moves from", "moving from", "fran", "flyttar fran", "nuvarande kommun",
    ),
    Meaning.MUNICIPALITY: (
        "kunta", "kotikunta", "kohdekunta", "minne", "minne muuttaa", "tulokunta", "kaupunki", "municipality",
        "home municipality", "to", "moves to", "kommun", "hemkommun", "till", "vart",
    ),
    Meaning.SIZE: (
        "hloa", "hlo", "hlo maara", "henkiloa", "henkilomaara", "henkiloita", "perheen koko", "perhekoko", "koko",
        "talouden koko", "lkm", "persons", "people", "household size", "size", "antal", "personer", "antal personer",
    ),
    Meaning.MOVE_REASON: ("syy", "muuton syy", "muuttosyy", "peruste", "reason", "reason to move", "orsak", "skal"),
    Meaning.STAGE: ("vaihe", "tila", "tilanne", "status", "stage", "state", "skede", "lage"),
    Meaning.STAY: (
        "asuminen", "asumisen kesto", "asumisen luonne", "oleskelu", "oleskelun kesto", "oleskelun luonne", "pysyva",
        "pysyvyys", "maaraaikainen", "vakituinen", "kausi", "muuton kesto", "stay", "length of stay", "permanent",
        "vistelse", "boende", "varaktighet",
    ),
    Meaning.PLANNED_MOVE_ON: (
        "muuttopaiva", "muuttopvm", "suunniteltu muutto", "suunniteltu muuttopaiva", "muutto pvm", "muutto paiva",
        "muuttaa", "move date", "planned move", "planned move date", "flyttdatum", "flyttdag",
    ),
    Meaning.ARRIVED_ON: (
        "muuttanut", "muutti", "saapunut", "saapumispaiva", "saapui", "tulopaiva", "asuu alkaen", "arrived",
        "arrival", "arrival date", "moved in", "ankomst", "ankomstdatum", "flyttade",
    ),
    Meaning.SETTLED_ON: ("asettunut", "asettui", "asettumispaiva", "settled", "settled date", "settled on"),
    Meaning.GOAL: ("tavoite", "tavoitteet", "goal", "goals", "mal"),
    Meaning.LANGUAGE: ("kieli", "aidinkieli", "asiointikieli", "language", "sprak", "modersmal"),
    Meaning.BIRTH_YEAR: ("syntymavuosi", "synt vuosi", "synt v", "syntvuosi", "birth year", "born", "fodelsear"),
    Meaning.NOTE: (
        "huom", "huomio", "huomiot", "huomautus", "huomautukset", "muistiinpanot", "muuta", "lisatiedot", "lisatieto",
        "lisatietoja", "kommentti", "kommentit", "note", "notes", "comment", "comments", "remarks",
        "more information", "additional information", "anmarkning", "obs", "ovrigt", "tillaggsuppgifter",
        "ytterligare information",
    ),
}  # fmt: skip
KNOWN = {heading: meaning for meaning, headings in HEADINGS.items() for heading in headings}


def heading_key(heading: str) -> str:
    """The heading as it is remembered."""
    return fold(heading)[:100]


def guess_heading(heading: str) -> Meaning:
    """The meaning of one heading; SKIP where it is not known. A group in front («Move: Date») is read too."""
    folded = fold(heading)
    if folded in KNOWN:
        return KNOWN[folded]
    own = fold(heading.rpartition(":")[2])
    if own in KNOWN:
        return KNOWN[own]
    words = folded.split()
    if len(words) > 4:  # a sentence is a title, not a heading
        return Meaning.SKIP
    for length in range(len(words) - 1, 0, -1):
        if found := KNOWN.get(" ".join(words[:length])):
            return found
    return Meaning.SKIP


def guess_columns(headings: Sequence[str], remembered: Mapping[str, str]) -> list[Meaning]:
    """A meaning for each heading: as remembered by `heading_key`, else as guessed; none twice but notes."""
    taken: set[Meaning] = set()
    guessed = []
    for heading in headings:
        known = remembered.get(heading_key(heading))
        meaning = Meaning(known) if known in Meaning.values else guess_heading(heading)
        if meaning in taken and meaning not in REPEATABLE:
            meaning = Meaning.SKIP
        taken.add(meaning)
        guessed.append(meaning)
    return guessed


def twice(meanings: Sequence[str]) -> list[Meaning]:
    """The meanings given to more than one column though there can be only one."""
    return [m for m in Meaning if m not in REPEATABLE and list(meanings).count(m.value) > 1]
