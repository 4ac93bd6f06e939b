"""What coordinators write down: the words of the demo's timelines, tasks and reasons, in Finnish as in real life."""

from dataclasses import dataclass

# First contacts, by what brings the household here.
FIRST = {
    "work": (
        "Saanut työpaikan ja kysyy asunnosta. Aloitus sovittu parin kuukauden päähän.",
        "Työhaastattelu takana, tieto valinnasta ensi viikolla. Kysyy vuokra-asunnoista ja palveluista.",
        "Työnantaja antoi meidän numeron. Haluaa tietää, mitä pitää hoitaa ennen muuttoa.",
        "Etsii töitä alueelta ja selvittää, mitä asuminen täällä maksaa.",
    ),
    "partners_work": (
        "Puoliso aloittaa työt täällä, itse etsii vielä paikkaa. Kysyi avoimista työpaikoista.",
        "Puoliso sai vakituisen paikan. Etsitään asunto ja selvitetään oma työtilanne.",
    ),
    "study": (
        "Valittu opiskelemaan, tarvitsee soluasunnon tai yksiön elokuusta alkaen.",
        "Aloittaa opinnot ja kysyy, miten kotikunta muuttuu.",
    ),
    "family": (
        "Muuttaa kumppanin luo. Kysyy töistä ja harrastuksista.",
        "Haluaa lähemmäs sukulaisia. Etsii pientä asuntoa keskustan läheltä.",
    ),
    "return": (
        "Paluumuuttaja, suku täällä. Etsii omakotitaloa, mielellään veden ääreltä.",
        "Lähti aikanaan opiskelemaan ja haluaa nyt takaisin. Töitä saisi olla tiedossa.",
        "Vanhemmat asuvat täällä ja tarvitsevat apua, siksi paluu on ajankohtainen juuri nyt.",
    ),
    "retirement": (
        "Jää eläkkeelle keväällä. Miettii, myydäänkö kaupunkiasunto heti vai vasta muuton jälkeen.",
        "Kysyi terveyspalveluista ja siitä, miten pärjää ilman autoa.",
    ),
    "remote_work": (
        "Tekee etätöitä, työnantajalle asuinpaikalla ei ole väliä. Kysyi valokuidusta ja työtilasta.",
        "Kokeilisi ensin kuukauden ja päättäisi sitten. Tarvitsee hyvän verkkoyhteyden.",
    ),
    "second_home": (
        "Mökki täällä parikymmentä vuotta, nyt ajatus asua ympäri vuoden. Kysyi rakennusvalvonnasta ja jätehuollosta.",
        "Haluaisi muuttaa mökin vakituiseksi asunnoksi. Selvitetään, mitä lupia tarvitaan.",
    ),
    "protection": (
        "Haluaa muuttaa vastaanottokeskuksesta omaan asuntoon. Tuttuja asuu täällä jo.",
        "Tilapäinen suojelu voimassa. Hakee asuntoa, töitä ja suomen kielen kurssia.",
    ),
    "other": (
        "Kyselee yleisesti, millaista täällä on asua. Ei vielä päätöstä.",
        "Luki muuttajista lehdestä ja innostui. Lähetetty linkit asuntoihin ja palveluihin.",
    ),
}
FIRST_ANONYMOUS = (
    "Soittaja ei halunnut kertoa nimeään. Kysyi vuokra-asunnoista ja koulusta.",
    "Kysyi messuilla tonteista ja työpaikoista, palaa asiaan myöhemmin.",
    "Kävi neuvontapisteellä ohimennen. Annettiin esite ja yhteystiedot.",
)


@dataclass(frozen=True)
class Line:
    """Words that suit some households: `needs` are words of `stories.traits`; `after`: only after the arrival,
    False: only before it, None: whenever."""

    text: str
    needs: frozenset[str] = frozenset()
    after: bool | None = None


def _before(text: str, *needs: str) -> Line:
    return Line(text, frozenset(needs), after=False)


def _after(text: str, *needs: str) -> Line:
    return Line(text, frozenset(needs), after=True)


NO_ANSWER = Line("Ei vastannut, jätetty viesti vastaajaan.")
CALL_OUT = (
    NO_ANSWER,
    _before("Soitettu ja käyty läpi tilanne. Asunto vielä auki, muuten suunnitelmat ennallaan."),
    _before("Soitettu, sovittu että palataan asiaan kahden viikon päästä."),
    _before("Kerrottu kunnan vuokra-asunnoista ja hakemuksen liitteistä."),
    _before("Puhuttu työnhausta. Lähetetty kahden työnantajan yhteystiedot.", "work"),
    _before("Käyty läpi muuttoilmoitus, sähkösopimus ja kotivakuutus."),
    _before("Kerrottu koulun ja varhaiskasvatuksen vapaista paikoista.", "children"),
    _before("Soitettu tulkin kanssa. Käyty läpi oleskelulupa ja kotikunta.", "foreign"),
    _before("Puhuttu puolison työmahdollisuuksista, työllisyyspalvelut ottavat yhteyttä.", "partner", "work"),
    _before("Kerrottu palvelulinjasta, apteekista ja terveysasemasta.", "retired"),
    _after("Kysytty kuulumisia. Kaikki hyvin, kiittää avusta."),
    _after("Soitettu ja kysytty, onko muutossa vielä avointa. Netti puuttuu, muuten kunnossa."),
    _after("Lapset viihtyvät, kaverit löytyneet heti ensimmäisellä viikolla.", "children"),
    _after("Työ sujuu hyvin. Kyyti työpaikalle järjestyi työkaverin kanssa.", "work"),
    _after("Suomen kurssi alkoi, tunnit kaksi iltaa viikossa.", "foreign"),
    _after("Löytänyt eläkeläisten kuntosalivuoron ja kirjaston lukupiirin.", "retired"),
)
CALL_IN = (
    _before("Soitti: vuokranantaja on vastannut, näyttö ensi viikolla."),
    _before("Soitti ja kysyi asunnon avaimista."),
    _before("Kertoi, että työsopimus on nyt allekirjoitettu.", "work"),
    _before("Kysyi koulukuljetuksesta ja lähimmästä bussipysäkistä.", "children"),
    _before("Kysyi, milloin varhaiskasvatuspäätös tulee.", "children"),
    _before("Kysyi, pääseekö paikkakunnalle junalla tai bussilla."),
    _after("Kysyi, kuka auraa tien ja mihin roskat viedään."),
    _after("Kysyi neuvolan ja hammashoidon ajanvarauksesta.", "children"),
    _after("Kysyi, mistä saa verokortin.", "foreign"),
    _after("Soitti ja kiitti tervetuliaispaketista."),
)
EMAIL_OUT = (
    _before("Lähetetty linkit vuokra-asuntoihin ja myynnissä oleviin taloihin."),
    _before("Lähetetty muuttajan muistilista ja tietosuojaseloste."),
    _before("Lähetetty varhaiskasvatushakemuksen ohjeet ja koulun yhteystiedot.", "children"),
    _before("Lähetetty avoimet työpaikat ja työnantajien yhteystiedot.", "work"),
    _before("Vastattu kysymyksiin verokortista ja kotikunnasta.", "foreign"),
    _before("Kutsuttu tutustumiskäynnille, ehdotettu kahta päivää."),
    _after("Lähetetty kansalaisopiston kurssien aikataulu."),
    _after("Lähetetty suomen kielen kurssien aikataulu.", "foreign"),
    _after("Kutsuttu uusien asukkaiden iltaan kirjastolle."),
)
EMAIL_IN = (
    _before("Lähetti työtodistukset ja ansioluettelon välitettäväksi.", "work"),
    _before("Kiitos nopeasta vastauksesta! Mietimme vielä muuttopäivää."),
    _before("Kysyy, voiko koiran kanssa vuokrata kunnan asunnon."),
    _before("Lähetti kuvat asunnosta, jota harkitsee. Kysyi lämmityskuluista."),
    _before("Thank you for the information! Is there a Finnish course in the evenings?", "foreign"),
    _before("We have booked the flights. Can somebody meet us at the station?", "foreign"),
    _after("Kiitos kaikesta! Asunto on juuri sopiva."),
    _after("Thank you, everything is fine. The children like their school.", "foreign", "children"),
    _after("Kysyy, onko kylällä kuoroa tai kansalaisopiston ryhmää."),
)
MEETING = (
    _before("Tavattu kunnantalolla. Käyty läpi asuminen, työ ja arjen palvelut.", "work"),
    _before("Tavattu kunnantalolla. Käyty läpi asuminen ja palvelut."),
    _before("Tutustumiskäynti: katsottu kaksi asuntoa ja koulu. Lapset tykkäsivät.", "children"),
    _before("Tutustumiskäynti: katsottu kaksi asuntoa ja käyty kahvilla."),
    _before("Etätapaaminen, mukana tulkki. Tehty lista hoidettavista asioista.", "foreign"),
    _before("Tavattu työnantajan kanssa yhdessä, sovittu työsuhdeasunnosta.", "work"),
    _after("Kahvit kirjastossa, mukana muuttajaopas. Sovittu sienireissusta."),
    _after("Käyty yhdessä pankissa ja verotoimistossa.", "foreign"),
    _after("Kotikäynti. Viety tervetuliaispaketti, esitelty naapuri."),
)
NOTE = (
    _before("Toivoo kolmiota tai neliötä, mieluiten rivitaloa.", "partner"),
    _before("Toivoo yksiötä tai kaksiota keskustasta.", "single"),
    _before("Sopiva asunto vapautuu kuun vaihteessa, kysytty isännöitsijältä."),
    _before("Varhaiskasvatuksesta vahvistettu, että paikka löytyy.", "children"),
    _before("Työllisyyspalvelut ottavat yhteyttä puolisoon.", "partner", "work"),
    _before("Työnantaja vahvisti aloituspäivän.", "work"),
    _before("Koira mukana, kysytään yksityiseltä vuokranantajalta."),
    _after("Löytänyt hiihtoseuran ja kansalaisopiston kurssit."),
    _after("Naapurit ottaneet hyvin vastaan."),
    _after("Lapset aloittaneet uimakoulun.", "children"),
)
ARRIVED = (
    Line("Avaimet luovutettu, muutto sujui hyvin."),
    Line("Netti toimii vasta ensi viikolla, muuten muutto meni hyvin."),
    Line("Muuttoapua löytyi naapurista."),
    Line("Lapset aloittavat koulussa ja päiväkodissa heti maanantaina.", frozenset({"children"})),
    Line("Työnantaja oli vastassa asemalla.", frozenset({"work"})),
    Line(""),
)

GOALS = {
    "work": ("Työpaikka molemmille aikuisille", "Vakituinen työ vuoden sisällä", "Työ ja asunto ennen muuttoa"),
    "study": ("Opinnot alkuun ja asunto lukukaudeksi",),
    "retirement": ("Esteetön koti palvelujen lähellä",),
    "remote_work": ("Työtila ja toimiva verkkoyhteys kotiin",),
    "second_home": ("Mökistä vakituinen koti luvat kunnossa",),
    "protection": ("Oma asunto ja suomen kielen kurssi", "Lapset kouluun ja vanhemmat töihin"),
    "family": ("Koti perheen luota ja oma arki alkuun",),
}
GOAL_OTHER = ("Sopiva koti ennen muuttoa", "Koko perhe viihtyy vuoden päästä")

TASKS_BEFORE = (
    Line("Kysy vapaita vuokra-asuntoja"),
    Line("Soita ja kysy, miltä nyt näyttää"),
    Line("Lähetä muuttajan muistilista"),
    Line("Sovi tutustumiskäynti paikkakunnalle"),
    Line("Muistuta varhaiskasvatushakemuksesta", frozenset({"children"})),
    Line("Sovi koulun tutustumiskäynti", frozenset({"children"})),
    Line("Kysy työnantajalta aloituspäivä", frozenset({"work"})),
    Line("Selvitä puolison työmahdollisuudet", frozenset({"partner", "work"})),
    Line("Varaa tulkki tapaamiseen", frozenset({"foreign"})),
)
TASKS_MOVING = (
    Line("Vahvista muuttopäivä"),
    Line("Sovi avainten luovutus"),
    Line("Muistuta sähkösopimuksesta ja kotivakuutuksesta"),
    Line("Ilmoita koululle uudesta oppilaasta", frozenset({"children"})),
    Line("Sovi, kuka on vastassa asemalla", frozenset({"foreign"})),
)
TASKS_AFTER = (
    Line("Vie tervetuliaispaketti"),
    Line("Kysy, miten ensimmäiset viikot ovat menneet"),
    Line("Kysy, löytyikö harrastuksia lapsille", frozenset({"children"})),
    Line("Esittele muuttajaopas"),
    Line("Soita ja kysy kuulumiset"),
    Line("Kutsu uusien asukkaiden iltaan"),
    Line("Kysy, onko kotikunta jo vaihdettu"),
    Line("Kysy, miten työ on lähtenyt käyntiin", frozenset({"work"})),
    Line("Varmista paikka suomen kurssilta", frozenset({"foreign"})),
)
FOLLOW_UP_CALLS = {30: "Kuukauden seurantasoitto", 90: "Kolmen kuukauden seurantasoitto"}

PAUSE = (
    "Odottaa työnantajan päätöstä",
    "Asunto myynnissä nykyisellä paikkakunnalla",
    "Pyysi palaamaan asiaan myöhemmin",
    "Terveyssyyt, jatketaan kun on toivuttu",
)
POSTPONED = (
    "Remontti myöhästyi",
    "Työn aloitus siirtyi",
    "Vuokranantaja siirsi avainten luovutusta",
)
FALL_BACK = (
    "Asunto peruuntui, katsotaan uudelleen",
    "Työpaikka vaihtui, suunnitelma tehdään uusiksi",
    "Talokauppa peruuntui, etsitään toinen asunto",
)
REOPEN = ("Otti uudelleen yhteyttä", "Päätettiin liian aikaisin, muutto onkin ajankohtainen")
OTHER_REASON = ("Terveyssyyt, muutto ei ole nyt mahdollinen", "Eronneet, kumpikin jää nykyiselle paikkakunnalle")
UNMET = {
    "home": ("Asuu toistaiseksi sukulaisen luona, oma asunto tulossa",),
    "livelihood": ("Etsii vielä töitä, puolison palkka riittää", "Työ alkaa vasta ensi kuussa"),
    "school": ("Ei lapsia",),
    "registered": ("Kotikunta säilyy toistaiseksi muualla",),
}
SETTLED = (
    Line("Viihtyy hyvin. Sovittu, että ottaa yhteyttä tarvittaessa."),
    Line("Työ vakinaistettu ja asunto ostettu.", frozenset({"work"})),
    Line("Kertoi, että nyt tuntuu kodilta."),
    Line("Lapset puhuvat jo suomea kavereille.", frozenset({"children", "foreign"})),
    Line(""),
)
RESTRICTED = "Turvakielto. Yhteydenpito vain nimetyn koordinaattorin kautta, ei postia kotiosoitteeseen."
BARRED = "Koordinaattorin lähisukulainen"
