"""The people of the demo: the team's members, and customers from many countries with their manners of writing."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

# (role, first and last name, mailbox). The mailbox of demo accounts is fixed: the desk finds its members by it.
CASTS = {
    "tidepool": (
        ("owner", "Helena Brandt", "helena"),
        ("admin", "Nadia Ferreira", "admin@acme.example"),
        ("manager", "Owen Castellano", "manager"),
        ("librarian", "Inès Laurent", "ines"),
        ("agent", "Tomasz Wilk", "agent"),
        ("agent", "Priya Raghavan", "priya"),
        ("agent", "Daniel Osei", "daniel"),
        ("spectator", "Greta Lindqvist", "spectator"),
    ),
    "harbor": (
        ("owner", "Marcus Feld", "marcus"),
        ("admin", "Nadia Ferreira", "admin@acme.example"),
        ("manager", "Yuki Tanabe", "yuki"),
        ("librarian", "Sorcha Byrne", "sorcha"),
        ("agent", "Leila Haddad", "agent"),
        ("agent", "Jonas Eriksen", "jonas"),
        ("agent", "Camille Dubois", "camille"),
        ("spectator", "Ravi Menon", "ravi"),
    ),
}


@dataclass(frozen=True, slots=True)
class Locale:
    """Names of one culture, as `shown` or `shown=ascii`, and how its people begin and end a mail."""

    code: str
    weight: int
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    cities: tuple[str, ...]
    hello: str = ""
    bye: str = ""
    family_first: bool = False
    called: str = "{first}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A customer as a writer: everything about them that shows in their mails."""

    name: str
    called: str  # how an agent addresses them
    locale: str
    email: str
    domain: str
    company: str
    city: str
    hello: str
    bye: str


def _locale(code: str, weight: int, firsts: str, lasts: str, cities: str, **rest: str | bool) -> Locale:
    """Spell the lists as words; an underscore stands for a space inside a name."""
    names = (tuple(word.replace("_", " ") for word in text.split()) for text in (firsts, lasts, cities))
    return Locale(code, weight, *names, **rest)  # type: ignore[arg-type]


LOCALES = (
    _locale(
        "en",
        34,
        "James Olivia Noah Emma Liam Charlotte Mason Grace Ethan Chloe Lucas Hannah Aaron Megan Callum Isla Jordan "
        "Tessa Rhys Niamh Dwayne Keisha Marcus Imani Bethany Colin Deborah Graham Joyce Warren",
        "Smith Turner Walker Bennett Carter Hughes Okafor Mitchell Price Foster Ward Brooks Sullivan O'Connor "
        "Whitfield Harper Adeyemi Reid Boateng Doyle Fletcher Goldberg Castillo Pryce Lovelace MacLeod Abbott "
        "Winters Quill",
        "Leeds Boston Dublin Toronto Bristol Denver Auckland Glasgow",
    ),
    _locale(
        "de",
        10,
        "Anna Lukas Sabine Jürgen Katrin Felix Björn Ulrike Matthias Heike Jörg Miriam",
        "Müller Schäfer Weiß Krüger Vogel Hoffmann Böhm Neumann Lange Köhler Schröder Engel",
        "Hamburg Graz Zürich Leipzig",
        hello="Guten Tag,",
        bye="Mit freundlichen Grüßen\n{name}\n{company}",
    ),
    _locale(
        "fr",
        8,
        "Camille Élodie Benoît Chloé François Hélène Mathieu Solène Théo Anaïs",
        "Lefèvre Dubois Moreau Girard Bonnet Fontaine Chevalier Renault Garnier Lemoine",
        "Lyon Nantes Liège Genève",
        hello="Bonjour,",
        bye="Cordialement,\n{name}",
    ),
    _locale(
        "es",
        6,
        "Lucía Álvaro Begoña Íñigo Sofía Joaquín Ximena Andrés",
        "García Muñoz Ibáñez Peña Rodríguez Núñez Castaño Gómez",
        "Sevilla Bogotá Valencia Monterrey",
        hello="Hola,",
        bye="Un saludo,\n{name}",
    ),
    _locale(
        "pl",
        6,
        "Łukasz Agnieszka Michał Małgorzata Paweł Żaneta Grzegorz Katarzyna",
        "Nowak Wójcik Mazur Krawczyk Dudek Stępień Pająk Zając",
        "Kraków Gdańsk Wrocław",
        hello="Dzień dobry,",
        bye="Pozdrawiam\n{name}",
    ),
    _locale(
        "tr",
        4,
        "Ayşe Çağlar İbrahim Gülşen Oğuz Şule Emre Zeynep",
        "Yılmaz Öztürk Çelik Şahin Aydın Güneş Doğan Koç",
        "İzmir Ankara İstanbul",
        hello="Merhaba,",
        bye="Teşekkürler,\n{name}",
    ),
    _locale(
        "vi",
        4,
        "Thị_Hương Văn_Đức Minh_Anh Ngọc_Bích Quốc_Bảo Thu_Thảo",
        "Nguyễn Trần Phạm Đặng Võ Bùi",
        "Hà_Nội Đà_Nẵng",
        family_first=True,
        hello="Xin chào,",
        bye="Trân trọng,\n{name}",
    ),
    _locale(
        "nordic",
        5,
        "Åsa Søren Þóra Mikko Øyvind Linnéa Jørgen Päivi",
        "Lindström Sørensen Mäkinen Ødegård Bergqvist Nygård Høgh Virtanen",
        "Malmö Aarhus Tromsø Tampere",
    ),
    _locale(
        "ja",
        6,
        "美咲=Misaki 健太=Kenta 陽子=Yoko 翔=Sho 由美=Yumi 大輔=Daisuke",
        "田中=Tanaka 佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 渡辺=Watanabe 小林=Kobayashi",
        "大阪 横浜 Osaka",
        family_first=True,
        called="{last}-san",
        hello="お世話になっております。",
        bye="よろしくお願いいたします。\n{name}",
    ),
    _locale(
        "zh",
        5,
        "伟=Wei 芳=Fang 志强=Zhiqiang 秀英=Xiuying 晓明=Xiaoming 静=Jing",
        "王=Wang 李=Li 张=Zhang 陈=Chen 刘=Liu 黄=Huang",
        "上海 深圳 Shenzhen",
        family_first=True,
        hello="你好，",
        bye="谢谢！\n{name}",
    ),
    _locale(
        "ar",
        4,
        "ليلى=Layla محمد=Mohammed فاطمة=Fatima يوسف=Youssef نور=Nour عمر=Omar",
        "الخطيب=Alkhatib حداد=Haddad منصور=Mansour العمري=Alomari صالح=Saleh",
        "Amman Dubai Casablanca",
        hello="السلام عليكم،",
        bye="مع تحياتي،\n{name}",
    ),
    _locale(
        "el",
        4,
        "Γιώργος=Giorgos Νίκος=Nikos Δημήτρης=Dimitris Κώστας=Kostas Θανάσης=Thanasis",
        "Παπαδόπουλος=Papadopoulos Οικονόμου=Oikonomou Γεωργίου=Georgiou Αθανασίου=Athanasiou Νικολάου=Nikolaou",
        "Αθήνα Thessaloniki Πάτρα",
        hello="Καλημέρα σας,",
        bye="Με εκτίμηση,\n{name}",
    ),
    _locale(
        "uk",
        4,
        "Оксана=Oksana Андрій=Andrii Юлія=Yuliia Тарас=Taras Ірина=Iryna Богдан=Bohdan",
        "Шевченко=Shevchenko Бондаренко=Bondarenko Коваль=Koval Ткаченко=Tkachenko Мельник=Melnyk",
        "Львів Одеса Kyiv",
        hello="Добрий день,",
        bye="З повагою,\n{name}",
    ),
)

_GERMAN = next(locale for locale in LOCALES if locale.code == "de")

# How people begin and end a mail whatever their language; most common first.
MANNERS = (
    ("Hi,", "Thanks,\n{signed}"),
    ("Hello,", "Best regards,\n{name}"),
    ("", ""),
    ("Hi there,", "{signed}"),
    ("Dear {product} team,", "Kind regards,\n{name}\n{company}"),
    ("Hey,", "Cheers\n{signed}"),
    ("", "Sent from my iPhone"),
    ("Good morning,", "Thank you in advance,\n{name}"),
    ("Dear Sir or Madam,", "Yours faithfully,\n\n{name}\nOffice management, {company}"),
    ("hi", "thx, {signed}"),
)
MANNER_WEIGHTS = (20, 16, 14, 10, 9, 8, 6, 8, 4, 5)

COMPANIES = tuple(
    "|".join(
        (
            "Brightwater Dental|Nordlicht Logistik|Café Meridian|Hollis & Webb|Kestrel Physiotherapy|Vantage Lifts",
            "Sakura Print|Oliveira Foods|Blue Heron Yoga|Mistral Energie|Copperfield Accounting|Atlas Freight",
            "Juniper Veterinary|Stadtwerke Lindau|Pinecrest School|Ostsee Marine|Lumen Optics|Fjord Outdoor",
            "Redwood Legal|Tramontana Tours|Quarry Lane Books|Helix Diagnostics|Almond Tree Bakery",
            "Ironbridge Rentals|Solaris Solar|Keystone Cleaning|Marigold Events|Wavelength Audio",
            "Granite State Movers|Peregrine Security|Tulip Home Care|Zephyr Bikes|Northgate Clinic|Saffron Kitchen",
            "Bamboo Media|Cobalt Fitness|Delta Tutors|Elmwood Architects|Foxglove Pharmacy|Harvest Coop",
            "Indigo Textiles|Jade Garden Spa|Lighthouse Insurance|Maple Street Cinema|Nimbus Consulting",
            "Orchard Hotels|Prairie Wind|Riverside Garage|Summit Climbing|Terracotta Tiles",
        )
    ).split("|")
)

# One name to break every column that was made for "Jane Smith".
LONG_NAME = "Maximiliana-Henrietta Wilhelmina Anastasia Freifrau von und zu Hohenstein-Wittgenstein-Berleburg"

_ASCII = str.maketrans("łŁøØđĐßıðÞþ", "lLoOdDsidTt")


def slug(text: str) -> str:
    """Turn a name into what fits into an address."""
    plain = unicodedata.normalize("NFKD", text.translate(_ASCII)).encode("ascii", "ignore").decode().lower()
    return "".join(char for char in plain if char.isalnum())


def profiles(rng: Random, count: int) -> Iterator[Profile]:
    """Make up `count` people; no two share an e-mail address."""
    taken: set[str] = set()
    weights = [locale.weight for locale in LOCALES]
    for number, locale in enumerate(rng.choices(LOCALES, weights, k=count)):
        if number == 10:
            yield _profile(rng, _GERMAN, taken, LONG_NAME)
        else:
            yield _profile(rng, locale, taken)


def known(rng: Random, name: str, email: str) -> Profile:
    """Make a writer of somebody of whom only name and address are known."""
    first, domain = name.split(maxsplit=1)[0], email.partition("@")[2]
    hello, bye = rng.choices(MANNERS, MANNER_WEIGHTS)[0]
    return Profile(
        name=name,
        called=first,
        locale="en",
        email=email,
        domain=domain,
        company=next((company for company in COMPANIES if f"{slug(company)}.example" == domain), domain),
        city=rng.choice(next(locale for locale in LOCALES if locale.code == "en").cities),
        hello=hello,
        bye=bye.replace("{signed}", first),
    )


def _profile(rng: Random, locale: Locale, taken: set[str], name: str = "") -> Profile:
    first, first_ascii = _spelled(rng.choice(locale.firsts))
    last, last_ascii = _spelled(rng.choice(locale.lasts))
    company = rng.choice(COMPANIES)
    domain = f"{slug(company)}.example"
    space = "" if locale.code in {"zh", "ja"} else " "
    shown = f"{last}{space}{first}" if locale.family_first else f"{first} {last}"
    mailbox = f"{slug(first_ascii)}.{slug(last_ascii)}" if not name else slug(name)[:40]
    hello, bye = _manner(rng, locale)
    return Profile(
        name=name or shown,
        called=name.split(maxsplit=1)[0] if name else locale.called.format(first=first_ascii, last=last_ascii),
        locale=locale.code,
        email=_free(mailbox, domain, taken),
        domain=domain,
        company=company,
        city=rng.choice(locale.cities),
        hello=hello,
        bye=bye.replace("{signed}", shown if locale.family_first or name else first),
    )


def _spelled(word: str) -> tuple[str, str]:
    """Split `shown=ascii`; most names are both."""
    shown, _, plain = word.partition("=")
    return shown, plain or shown


def _manner(rng: Random, locale: Locale) -> tuple[str, str]:
    hello, bye = rng.choices(MANNERS, MANNER_WEIGHTS)[0]
    if locale.hello and rng.random() < 0.45:
        return locale.hello, locale.bye if rng.random() < 0.6 else bye
    return hello, bye


def _free(mailbox: str, domain: str, taken: set[str]) -> str:
    email, number = f"{mailbox}@{domain}", 1
    while email in taken:
        number += 1
        email = f"{mailbox}{number}@{domain}"
    taken.add(email)
    return email
