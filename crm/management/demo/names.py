"""Names put together at random from common given and family names: nobody real is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from contacts.names import fold


@dataclass(frozen=True)
class Culture:
    """Names, and the language (ISO 639-1) and citizenship (ISO 3166-1) that usually go with them."""

    language: str
    citizenship: str
    women: str
    men: str
    families: str
    girls: str = ""  # of the children of today, where their names differ from their parents'
    boys: str = ""

    def child(self, rng: Random, gender: str) -> str:
        names = self.girls if gender == "woman" else self.boys
        return rng.choice(names.split()) if names else self.given(rng, gender)

    def family(self, rng: Random) -> str:
        return rng.choice(self.families.split())

    def given(self, rng: Random, gender: str) -> str:
        return rng.choice((self.women if gender == "woman" else self.men).split())


FINNISH = Culture(
    "fi",
    "FI",
    women="Aino Anna Anni Anu Eeva Elina Ella Emilia Emma Hanna Heidi Helmi Henna Iida Inka Jaana Jenna Johanna Kaisa "
    "Katja Kirsi Laura Leena Liisa Lotta Maarit Maija Mari Marja Marjut Mervi Mia Minna Mirja Niina Noora Oona Outi "
    "Päivi Piia Pirjo Reetta Riikka Ritva Saara Salla Sanna Sari Satu Senja Sini Siiri Sofia Suvi Taina Tarja Tiina "
    "Tuula Tuuli Ulla Veera Venla Vilma",
    men="Aki Aleksi Antti Arto Eero Eetu Eino Elias Esa Hannu Harri Heikki Ilkka Jaakko Jani Janne Jarkko Jari Joni "
    "Jouko Juha Juho Jukka Jussi Kalle Kari Kimmo Lasse Lauri Leevi Marko Markus Matti Miika Mika Mikael Mikko Niko "
    "Oiva Oskari Otto Paavo Pasi Pekka Pentti Petri Petteri Risto Roope Sakari Sami Samuli Seppo Tapio Teemu Teppo "
    "Timo Toni Tuomas Tuomo Veikko Ville Väinö",
    families="Aalto Ahola Ahonen Alatalo Anttila Aro Eskola Haapala Hakala Halonen Harju Heikkilä Heikkinen Heino "
    "Hiltunen Hirvonen Hämäläinen Hänninen Ikonen Jokela Juntunen Järvinen Kallio Karjalainen Karppinen Kauppi "
    "Kauppila Kemppainen Keränen Keskitalo Kinnunen Kivelä Koivisto Kokko Korhonen Koskela Koskinen Kuusela Laine "
    "Laitinen Lampela Laukkanen Lehtinen Lehto Leinonen Lepistö Lohi Luoma Maijala Manninen Mattila Moilanen "
    "Mustonen Mäkelä Mäkinen Määttä Nevala Niemelä Niemi Nieminen Nikula Nurmi Oikarinen Ojala Ollila Paavola "
    "Parviainen Pekkala Peltola Penttilä Pesonen Pitkänen Poikela Pulkkinen Raappana Rantala Räisänen Saarela "
    "Salmela Salo Savolainen Seppälä Siltala Sipola Suominen Säkkinen Tervo Tikkanen Toivonen Tolonen Tuominen "
    "Turunen Uusitalo Vaara Vainio Vanhala Virtanen Väisänen Väyrynen Ylitalo",
    girls="Aada Aino Alma Amanda Eevi Ella Elsa Emma Enni Helmi Hilla Iida Isla Kerttu Lilja Lumi Minea Nelli Olivia "
    "Pihla Saana Selma Sofia Venla Viola",
    boys="Aatos Eelis Eemil Eino Elias Emil Hugo Joel Leevi Leo Luka Matias Niilo Noel Oiva Oliver Onni Otso Otto "
    "Toivo Topi Urho Valtteri Veeti Väinö",
)

UKRAINIAN = Culture(
    "uk",
    "UA",
    women="Olena Oksana Iryna Nataliia Tetiana Svitlana Yuliia Kateryna Daryna Sofiia Mariia Anastasiia Halyna Olha",
    men="Oleksandr Andrii Serhii Mykola Dmytro Ivan Vasyl Bohdan Maksym Taras Yurii Artem Danylo Matvii",
    families="Shevchenko Bondarenko Tkachenko Kovalenko Kravchenko Oliinyk Melnyk Lysenko Marchenko Rudenko Savchenko "
    "Petrenko Moroz Klymenko Hrytsenko Polishchuk",
)
ARABIC = Culture(
    "ar",
    "SY",
    women="Amina Fatima Layla Maryam Noor Rana Salma Samira Yasmin Zeinab Hala Rima Dalia Nadia",
    men="Ahmad Ali Hassan Hussein Ibrahim Khaled Mahmoud Mustafa Omar Samir Tariq Yousef Karim Bilal",
    families="Haddad Khalil Mansour Nasser Saleh Darwish Hamdan Issa Jaber Sabbagh Khoury Rahman Qasim Aziz",
)
THAI = Culture(
    "th",
    "TH",
    women="Malee Suda Ploy Nittaya Siriporn Kanya Wanida Pimchanok Achara Rattana",
    men="Somchai Anan Prasit Kittipong Wichai Thanakorn Narong Chaiwat",
    families="Srisuk Chaiyasit Wongsa Boonmee Saetang Thongchai Rattanakul Phromma Suksawat Kaewmanee",
)
SWEDISH = Culture(
    "sv",
    "SE",
    women="Anna Karin Elin Sara Malin Ingrid Linnéa Åsa Maja Ebba",
    men="Erik Lars Anders Johan Karl Nils Fredrik Gustav Axel Björn",
    families="Andersson Johansson Lindqvist Nilsson Bergström Sandberg Öberg Holmgren Sjöberg Norén",
)
FINLAND_SWEDISH = replace(SWEDISH, citizenship="FI")
NORWEGIAN = Culture(
    "no",
    "NO",
    women="Ingrid Marit Solveig Kari Astrid Randi Sunniva",
    men="Ole Bjørn Knut Håkon Sverre Tor Magnus",
    families="Hansen Olsen Berg Dahl Moen Solberg Øvrebø Bakken",
)
GERMAN = Culture(
    "de",
    "DE",
    women="Anja Birgit Claudia Heike Julia Katrin Lena Sabine Ute",
    men="Andreas Bernd Jürgen Klaus Lukas Matthias Stefan Thomas Uwe",
    families="Müller Schneider Fischer Weber Krüger Hoffmann Schäfer Bauer Vogel Köhler",
)
ESTONIAN = Culture(
    "et",
    "EE",
    women="Kadri Liis Maarika Piret Triin Ülle Kristel",
    men="Margus Priit Raivo Tõnu Urmas Toomas Kaarel",
    families="Tamm Saar Sepp Mägi Kask Kukk Rebane Põder",
)
FILIPINO = Culture(
    "tl",
    "PH",
    women="Maricel Jocelyn Rowena Angelica Cristina Grace Lorna",
    men="Jose Ramon Eduardo Mark Rodel Jerome Arnel",
    families="Santos Reyes Cruz Bautista Garcia Mendoza Villanueva Aquino",
)
RUSSIAN = Culture(
    "ru",
    "RU",
    women="Elena Irina Ljudmila Marina Olga Svetlana Tatjana",
    men="Aleksei Dmitri Igor Mihail Nikolai Sergei Viktor",
    families="Ivanenko Lebed Moroz Sokol Kalin Zima Borisenko Karelin",
)
VIETNAMESE = Culture(
    "vi",
    "VN",
    women="Lan Huong Mai Thuy Linh Hoa",
    men="Minh Duc Hung Tuan Nam Long",
    families="Nguyen Tran Le Pham Hoang Vu Dang",
)
NEPALI = Culture(
    "ne",
    "NP",
    women="Sita Anjali Sunita Kabita Puja Sarita",
    men="Ramesh Suresh Bikash Prakash Dipak Sanjay",
    families="Shrestha Gurung Tamang Thapa Adhikari Karki Rai",
)

# What each speaks besides: people who come to work usually manage in English.
SPEAKS_ENGLISH = ("sv", "no", "de", "et", "tl", "ne", "th", "fi")


def address(given: str, family: str, number: int) -> str:
    """An e-mail address that leads nowhere: `amina.haddad17@example.com`."""
    local = ".".join(fold(part).replace(" ", "") for part in (given, family))
    return f"{local}{number}@example.com"


def phone(rng: Random) -> str:
    """A number written as people write it, from a Finnish range in which nobody has a telephone (machines only)."""
    return f"049 {rng.randrange(100, 1000)} {rng.randrange(1000, 10000)}"
