"""What coordinators write down: the words of the demo's timelines, tasks and reasons, in Finnish as in real life."""

# First contacts, by what brings the household here.
FIRST = {
    "work": (
        "Saanut työpaikan ja kysyy asunnosta. Aloitus sovittu parin kuukauden päähän.",
        "Työhaastattelu takana, tieto valinnasta ensi viikolla. Kysyy vuokra-asunnoista ja palveluista.",
        "Työnantaja antoi meidän numeron. Haluaa tietää, mitä pitää hoitaa ennen muuttoa.",
        "Etsii töitä alueelta ja selvittää, onko koko perheelle tilaa tulla.",
    ),
    "partners_work": (
        "Puoliso aloittaa työt täällä, itse etsii vielä paikkaa. Kysyi avoimista työpaikoista.",
        "Puoliso sai vakituisen paikan. Lapsille tarvitaan koulu ja varhaiskasvatuspaikka.",
    ),
    "study": (
        "Valittu opiskelemaan, tarvitsee soluasunnon tai yksiön elokuusta alkaen.",
        "Aloittaa opinnot ja kysyy, miten kotikunta muuttuu.",
    ),
    "family": (
        "Muuttaa kumppanin luo. Kysyy töistä ja harrastuksista.",
        "Haluaa lähemmäs lastenlapsia. Etsii pientä asuntoa keskustan läheltä.",
    ),
    "return": (
        "Paluumuuttaja, suku täällä. Etsii omakotitaloa, mielellään veden ääreltä.",
        "Lähti opiskelemaan kymmenen vuotta sitten ja haluaa nyt takaisin. Töitä saisi olla tiedossa.",
        "Perheen lapsi menee kouluun syksyllä, ja siksi paluu on ajankohtainen juuri nyt.",
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
        "Perhe haluaa muuttaa vastaanottokeskuksesta omaan asuntoon. Tuttuja asuu täällä jo.",
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

CALL_OUT = (
    "Soitettu ja käyty läpi tilanne. Asunto vielä auki, muuten suunnitelmat ennallaan.",
    "Soitettu, sovittu että palataan asiaan kahden viikon päästä.",
    "Ei vastannut, jätetty viesti vastaajaan.",
    "Kerrottu kunnan vuokra-asunnoista ja hakemuksen liitteistä.",
    "Puhuttu työnhausta. Lähetetty kahden työnantajan yhteystiedot.",
    "Käyty läpi muuttoilmoitus, sähkösopimus ja kotivakuutus.",
    "Kysytty kuulumisia. Kaikki hyvin, kiittää avusta.",
)
CALL_IN = (
    "Soitti ja kysyi asunnon avaimista.",
    "Soitti: vuokranantaja on vastannut, näyttö ensi viikolla.",
    "Kysyi koulukuljetuksesta ja lähimmästä bussipysäkistä.",
    "Kertoi, että työsopimus on nyt allekirjoitettu.",
    "Kysyi, milloin varhaiskasvatuspäätös tulee.",
)
EMAIL_OUT = (
    "Lähetetty linkit vuokra-asuntoihin ja varhaiskasvatushakemukseen.",
    "Lähetetty muuttajan muistilista ja tietosuojaseloste.",
    "Lähetetty kansalaisopiston suomen kurssien aikataulu.",
    "Vastattu kysymyksiin verokortista ja kotikunnasta.",
    "Kutsuttu tutustumiskäynnille, ehdotettu kahta päivää.",
)
EMAIL_IN = (
    "Lähetti työtodistukset ja ansioluettelon välitettäväksi.",
    "Thank you for the information! Is there a Finnish course in the evenings?",
    "Kiitos nopeasta vastauksesta! Mietimme vielä muuttopäivää.",
    "Kysyy, voiko koiran kanssa vuokrata kunnan asunnon.",
    "Lähetti kuvat asunnosta, jota harkitsevat. Kysyi lämmityskuluista.",
)
MEETING = (
    "Tavattu kunnantalolla. Käyty läpi asuminen, työ ja lasten asiat.",
    "Tutustumiskäynti: katsottu kaksi asuntoa ja koulu. Lapset tykkäsivät.",
    "Etätapaaminen, mukana tulkki. Tehty lista hoidettavista asioista.",
    "Kahvit kirjastossa, mukana muuttajaopas. Sovittu sienireissusta.",
    "Tavattu työnantajan kanssa yhdessä, sovittu työsuhdeasunnosta.",
)
NOTE = (
    "Toivoo kolmiota tai neliötä, mieluiten rivitaloa. Koira mukana.",
    "Sopiva asunto vapautuu kuun vaihteessa, kysytty isännöitsijältä.",
    "Varhaiskasvatuksesta vahvistettu, että paikka löytyy.",
    "Työllisyyspalvelut ottavat puolisoon yhteyttä.",
    "Muuttoauto tilattu, muuttoapua löytyi naapurista.",
)
NOTE_ARRIVED = (
    "Avaimet luovutettu, tervetuliaispaketti viety ovelle.",
    "Lapset aloittaneet koulun ja päiväkodin. Alku sujunut hyvin.",
    "Löytäneet hiihtoseuran ja kansalaisopiston kurssit.",
    "Netti toimii vasta ensi viikolla, muuten muutto meni hyvin.",
    "Naapurit ottaneet hyvin vastaan. Kysyi lumitöistä.",
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
    "Kysy vapaita vuokra-asuntoja",
    "Soita ja kysy, miltä nyt näyttää",
    "Lähetä varhaiskasvatushakemus",
    "Sovi koulun tutustumiskäynti",
    "Kysy työnantajalta aloituspäivä",
    "Varaa tulkki tapaamiseen",
    "Lähetä muuttajan muistilista",
    "Selvitä puolison työmahdollisuudet",
    "Sovi tutustumiskäynti paikkakunnalle",
)
TASKS_MOVING = (
    "Vahvista muuttopäivä",
    "Sovi avainten luovutus",
    "Muistuta muuttoilmoituksesta",
    "Ilmoita koululle uudesta oppilaasta",
    "Varaa aika neuvolaan",
)
TASKS_AFTER = (
    "Vie tervetuliaispaketti",
    "Kuukauden seurantasoitto",
    "Kolmen kuukauden seurantasoitto",
    "Etsi muuttajaopas",
    "Kysy, löytyikö harrastuksia lapsille",
)

PAUSE = (
    "Odottaa työnantajan päätöstä",
    "Asunto myynnissä nykyisellä paikkakunnalla",
    "Oleskelulupahakemus käsittelyssä",
    "Perhe pyysi palaamaan asiaan myöhemmin",
    "Opinnot kesken kevääseen asti",
)
POSTPONED = (
    "Remontti myöhästyi",
    "Työn aloitus siirtyi",
    "Lapsen lukukausi viedään loppuun",
    "Oleskelulupa viipyi",
)
FALL_BACK = (
    "Asunto peruuntui, katsotaan uudelleen",
    "Työpaikka vaihtui, suunnitelma tehdään uusiksi",
    "Puolison tilanne muuttui",
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
    "Viihtyvät hyvin. Sovittu, että ottavat yhteyttä tarvittaessa.",
    "Työ vakinaistettu ja asunto ostettu.",
    "Kertoi, että nyt tuntuu kodilta.",
    "",
)
RESTRICTED = "Turvakielto. Yhteydenpito vain nimetyn koordinaattorin kautta, ei postia kotiosoitteeseen."
BARRED = "Koordinaattorin lähisukulainen"
