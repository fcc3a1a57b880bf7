"""Quantities, phenomenon by phenomenon: sentences of our own."""

from __future__ import annotations

import pytest

from tracker.nlp.quantities import find_quantities

# phenomenon -> (language, text, "words = kind qualifier low..high [unit]", ...); an open end is left empty
CASES: dict[str, list[tuple[str, ...]]] = {
    "plain counts in digits": [
        ("en", "They opened 24,000 accounts.", "24,000 accounts = accounts exact 24000..24000"),
        ("en", "The lab sent 150 prompts.", "150 prompts = exchanges exact 150..150"),
        ("en", "It has 300,000 business customers.", "300,000 business customers = users exact 300000..300000"),
        ("en", "A corpus of 14.8 trillion tokens", "14.8 trillion tokens = tokens exact 14800000000000..14800000000000"),
        ("en", "It runs on 2048 chips.", "2048 chips = other exact 2048..2048"),
        ("en", "The model has 671 billion parameters.", "671 billion parameters = other exact 671000000000..671000000000"),
    ],
    "number words": [
        ("en", "Sixteen million exchanges were logged.", "Sixteen million exchanges = exchanges exact 16000000..16000000"),
        ("en", "Twenty-four thousand accounts fell.", "Twenty-four thousand accounts = accounts exact 24000..24000"),
        ("en", "One hundred and five staff left.", "One hundred and five staff = people exact 105..105"),
        ("en", "half a million queries", "half a million queries = exchanges exact 500000..500000"),
        ("en", "A quarter of a million prompts", "A quarter of a million prompts = exchanges exact 250000..250000"),
        ("en", "a million and a half conversations", "a million and a half conversations = exchanges exact 1500000..1500000"),
        ("en", "two dozen labs", "two dozen labs = companies exact 24..24"),
        ("en", "a dozen senators", "a dozen senators = people exact 12..12"),
    ],
    "scales written onto the digits": [
        ("en", "28.8m exchanges", "28.8m exchanges = exchanges exact 28800000..28800000"),
        ("en", "16M+ queries", "16M+ queries = exchanges over 16000000.."),
        ("en", "25k accounts", "25k accounts = accounts exact 25000..25000"),
        ("en", "a $3bn fund", "$3bn = money exact 3000000000..3000000000 USD"),
        ("en", "$6.5M in fees", "$6.5M = money exact 6500000..6500000 USD"),
    ],
    "over": [
        ("en", "more than 16 million exchanges", "more than 16 million exchanges = exchanges over 16000000.."),
        ("en", "At least 40 accounts", "At least 40 accounts = accounts over 40.."),
        ("en", "upwards of sixteen million queries", "upwards of sixteen million queries = exchanges over 16000000.."),
        ("en", "exceeding 150,000 prompts", "exceeding 150,000 prompts = exchanges over 150000.."),
        ("en", "well over 20,000 accounts", "well over 20,000 accounts = accounts over 20000.."),
        ("en", "no fewer than 12 firms", "no fewer than 12 firms = companies over 12.."),
        ("en", "40-plus start-ups", "40-plus start-ups = companies over 40.."),
        ("en", "ten years or longer", "ten years or longer = duration over 3650.."),
        ("en", "north of $2 billion", "north of $2 billion = money over 2000000000.. USD"),
    ],
    "under": [
        ("en", "nearly 25,000 accounts", "nearly 25,000 accounts = accounts under ..25000"),
        ("en", "up to five years", "up to five years = duration under ..1825"),
        ("en", "no more than 180 days", "no more than 180 days = duration under ..180"),
        ("en", "as many as 40 employees", "as many as 40 employees = people under ..40"),
        ("en", "fell as much as 5%", "as much as 5% = percent under ..5"),
        ("en", "fewer than 100 users", "fewer than 100 users = users under ..100"),
        ("en", "within 30 days", "within 30 days = duration under ..30"),
        ("en", "just under half of its staff", "just under half of its staff = percent under ..50"),
        ("en", "not more than $10 million", "not more than $10 million = money under ..10000000 USD"),
        ("en", "just shy of 29 million messages", "just shy of 29 million messages = exchanges under ..29000000"),
    ],
    "about": [
        ("en", "roughly 24,000 accounts", "roughly 24,000 accounts = accounts about 24000..24000"),
        ("en", "some 16 million exchanges", "some 16 million exchanges = exchanges about 16000000..16000000"),
        ("en", "an estimated 500 engineers", "an estimated 500 engineers = people about 500..500"),
        ("en", "16 million-odd exchanges", "16 million-odd exchanges = exchanges about 16000000..16000000"),
        ("en", "three hundred accounts or so", "three hundred accounts or so = accounts about 300..300"),
        ("en", "~24k accounts", "~24k accounts = accounts about 24000..24000"),
        ("en", "close to 70%", "close to 70% = percent about 70..70"),
        ("en", "something like 24,000 accounts", "something like 24,000 accounts = accounts about 24000..24000"),
        ("en", "on the order of 10 million calls", "on the order of 10 million calls = exchanges about 10000000..10000000"),
    ],
    "of two qualifiers the outer bounds": [
        ("en", "up to about 25,000 accounts", "up to about 25,000 accounts = accounts under ..25000"),
        ("en", "at least some 300 queries", "at least some 300 queries = exchanges over 300.."),
        ("en", "only about 300 accounts", "about 300 accounts = accounts about 300..300"),
    ],
    "a preposition is no qualifier": [
        ("en", "It will invest 3 billion yuan over three years.", "3 billion yuan = money exact 3000000000..3000000000 CNY", "three years = duration exact 1095..1095"),
        ("en", "They held talks over some six weeks.", "some six weeks = duration about 42..42"),
        ("en", "The campaign lasted over six weeks.", "over six weeks = duration over 42.."),
        ("en", "The state may act under two laws.", "two laws = other exact 2..2"),
        ("en", "Blogs rounded the exchanges up to 29 million.", "29 million = exchanges exact 29000000..29000000"),
        ("en", "Staff were asked about three firms.", "three firms = companies exact 3..3"),
    ],
    "range": [
        ("en", "between 20,000 and 25,000 accounts", "between 20,000 and 25,000 accounts = accounts range 20000..25000"),
        ("en", "three to five years", "three to five years = duration range 1095..1825"),
        ("en", "5-10% of traffic", "5-10% = percent range 5..10"),
        ("en", "16 to 17 million exchanges", "16 to 17 million exchanges = exchanges range 16000000..17000000"),
        ("en", "a fine of $5 million to $10 million", "$5 million to $10 million = money range 5000000..10000000 USD"),
        ("en", "between 5 and 10 percent", "between 5 and 10 percent = percent range 5..10"),
        ("en", "five or six developers", "five or six developers = companies range 5..6"),
        ("en", "20,000–25,000 accounts", "20,000–25,000 accounts = accounts range 20000..25000"),
    ],
    "a change from one to another is no range": [
        ("en", "It rose from 5% to 10%.", "5% = percent exact 5..5", "10% = percent exact 10..10"),
        ("en", "Costs fell to $3 million from $5 million.", "$3 million = money exact 3000000..3000000 USD", "$5 million = money exact 5000000..5000000 USD"),
    ],
    "vague magnitudes": [
        ("en", "thousands of accounts", "thousands of accounts = accounts vague 2000.."),
        ("en", "tens of thousands of proxy accounts", "tens of thousands of proxy accounts = accounts vague 20000.."),
        ("en", "hundreds of thousands of prompts", "hundreds of thousands of prompts = exchanges vague 200000.."),
        ("en", "dozens of engineers", "dozens of engineers = people vague 24.."),
        ("en", "several million conversations", "several million conversations = exchanges vague 2000000.."),
        ("en", "a few hundred users", "a few hundred users = users vague 200.."),
        ("en", "It spent billions of dollars.", "billions of dollars = money vague 2000000000.. USD"),
        ("en", "They have invested billions.", "billions = money vague 2000000000.. USD"),
        ("en", "a multi-billion-dollar model", "multi-billion-dollar = money vague 2000000000.. USD"),
        ("en", "It scores the text."),
    ],
    "fractions are percent": [
        ("en", "nearly half of its traffic", "nearly half of its traffic = percent under ..50"),
        ("en", "Two-thirds of the accounts", "Two-thirds of the accounts = percent exact 66.7..66.7"),
        ("en", "down about a third this year", "about a third = percent about 33.3..33.3"),
        ("en", "More than a quarter of the queries", "More than a quarter of the queries = percent over 25.."),
        ("en", "three-quarters of staff", "three-quarters of staff = percent exact 75..75"),
        ("en", "one in five users", "one in five users = percent exact 20..20"),
        ("en", "nine out of ten prompts", "nine out of ten prompts = percent exact 90..90"),
        ("en", "a third model and the second half of the game"),
    ],
    "percent": [
        ("en", "5 per cent of traffic", "5 per cent = percent exact 5..5"),
        ("en", "a 0.5 percentage point rise", "0.5 percentage point = percent exact 0.5..0.5"),
        ("en", "90pc of prompts", "90pc = percent exact 90..90"),
        ("en", "less than 94.8%", "less than 94.8% = percent under ..94.8"),
    ],
    "money": [
        ("en", "HK$94.55 a share", "HK$94.55 = money exact 94.55..94.55 HKD"),
        ("en", "243.4 billion yuan", "243.4 billion yuan = money exact 243400000000..243400000000 CNY"),
        ("en", "£3bn and €2.5m", "£3bn = money exact 3000000000..3000000000 GBP", "€2.5m = money exact 2500000..2500000 EUR"),
        ("en", "CNY 3bn or RMB 200 million", "CNY 3bn = money exact 3000000000..3000000000 CNY", "RMB 200 million = money exact 200000000..200000000 CNY"),
        ("en", "RMB200 million or USD28m", "RMB200 million = money exact 200000000..200000000 CNY", "USD28m = money exact 28000000..28000000 USD"),
        ("en", "C$40 million", "C$40 million = money exact 40000000..40000000 CAD"),
        ("en", "US$1.5 billion", "US$1.5 billion = money exact 1500000000..1500000000 USD"),
        ("en", "about 40 million Hong Kong dollars", "about 40 million Hong Kong dollars = money about 40000000..40000000 HKD"),
        ("en", "50 cents per query", "50 cents = money exact 0.5..0.5 USD"),
        ("en", "3 trillion won", "3 trillion won = money exact 3000000000000..3000000000000 KRW"),
        ("en", "A fine of ¥500 million, it said in Tokyo", "¥500 million = money exact 500000000..500000000 JPY"),
        ("en", "It paid ¥500 million, or about 70 million US dollars, to a yuan fund", "¥500 million = money exact 500000000..500000000 CNY", "about 70 million US dollars = money about 70000000..70000000 USD"),
    ],
    "duration in days": [
        ("en", "It took six weeks.", "six weeks = duration exact 42..42"),
        ("en", "two months", "two months = duration exact 60..60"),
        ("en", "for a year", "a year = duration exact 365..365"),
        ("en", "within 24 hours", "within 24 hours = duration under ..1"),
        ("en", "a 16-month low", "16-month = duration exact 480..480"),
        ("en", "a year and a half", "a year and a half = duration exact 547.5..547.5"),
        ("en", "more than a decade", "more than a decade = duration over 3650.."),
        ("en", "ten business days", "ten business days = duration exact 10..10"),
        ("en", "about 90 hours", "about 90 hours = duration about 3.75..3.75"),
        ("en", "two and a half years", "two and a half years = duration exact 912.5..912.5"),
        ("en", "two million dollars a year", "two million dollars = money exact 2000000..2000000 USD"),
    ],
    "elliptic figures take the kind of the noun they stand for": [
        ("en", "MiniMax held 13 million exchanges, while Moonshot had over 3.4 million and DeepSeek 150,000.", "13 million exchanges = exchanges exact 13000000..13000000", "over 3.4 million = exchanges over 3400000..", "150,000 = exchanges exact 150000..150000"),
        ("en", "The letter puts the number of accounts at almost 25,000.", "almost 25,000 = accounts under ..25000"),
        ("en", "One paper gives 24,000 or 25,000 accounts.", "24,000 = accounts exact 24000..24000", "25,000 accounts = accounts exact 25000..25000"),
        ("en", "Fern ran 150,000 queries on 3,000 accounts, Moss 3.4 million on 6,000.", "150,000 queries = exchanges exact 150000..150000", "3,000 accounts = accounts exact 3000..3000", "3.4 million = exchanges exact 3400000..3400000", "6,000 = accounts exact 6000..6000"),
        ("en", "We counted 20,000 accounts; about 300 of them were real.", "20,000 accounts = accounts exact 20000..20000", "about 300 = accounts about 300..300"),
        ("en", "It is valued at $65 billion, up from 30 billion.", "$65 billion = money exact 65000000000..65000000000 USD", "30 billion = money exact 30000000000..30000000000 USD"),
        ("en", "The three firms met. The three deny it.", "three firms = companies exact 3..3", "three = companies exact 3..3"),
        ("en", "a student with six layers instead of twelve", "six layers = other exact 6..6", "twelve = other exact 12..12"),
        ("en", "3.4m for Moonshot, 13m for MiniMax: such is the tally of exchanges.", "3.4m = exchanges exact 3400000..3400000", "13m = exchanges exact 13000000..13000000"),
        ("en", "It grew from 100 to 25,000 accounts.", "100 = accounts exact 100..100", "25,000 accounts = accounts exact 25000..25000"),
        ("en", "Five of the seven accounts were closed.", "Five = accounts exact 5..5", "seven accounts = accounts exact 7..7"),
    ],
    "the head noun decides": [
        ("en", "three Chinese artificial intelligence companies", "three Chinese artificial intelligence companies = companies exact 3..3"),
        ("en", "two senior U.S. senators", "two senior U.S. senators = people exact 2..2"),
        ("en", "24,000 fraudulent user accounts", "24,000 fraudulent user accounts = accounts exact 24000..24000"),
        ("en", "eight graphics cards", "eight graphics cards = other exact 8..8"),
        ("en", "Two copper stills", "Two copper stills = other exact 2..2"),
        ("en", "a 12-member panel and a 40-page report", "12-member = people exact 12..12", "40-page = other exact 40..40"),
        ("en", "Claude answered 16 million times.", "16 million times = exchanges exact 16000000..16000000"),
        ("en", "some two and a half times what it paid", "some two and a half times = other about 2.5..2.5"),
        ("en", "10x cheaper and a 20-fold rise", "10x = other exact 10..10", "20-fold = other exact 20..20"),
    ],
    "rates, lists and shares of ten": [
        ("en", "It sent 1,150 prompts, or 26 a day.", "1,150 prompts = exchanges exact 1150..1150", "26 = exchanges exact 26..26"),
        ("en", "Fern (3,400 accounts), Moss (1,200) and Birch (150)", "3,400 accounts = accounts exact 3400..3400", "1,200 = accounts exact 1200..1200", "150 = accounts exact 150..150"),
        ("en", "They hold 30 and 12 per cent.", "30 = percent exact 30..30", "12 per cent = percent exact 12..12"),
        ("en", "Nine of ten prompts asked for code.", "Nine of ten prompts = percent exact 90..90"),
        ("en", "It rose by a quarter, to 30,000 accounts.", "a quarter = percent exact 25..25", "30,000 accounts = accounts exact 30000..30000"),
        ("en", "The accounts rose from 1,200 to more than 24,000.", "1,200 = accounts exact 1200..1200", "more than 24,000 = accounts over 24000.."),
    ],
    "votes are counts": [
        ("en", "It cleared the House by 301 to 112.", "301 = other exact 301..301", "112 = other exact 112..112"),
        ("en", "It passed by 43 votes to none.", "43 votes = other exact 43..43"),
        ("en", "The committee voted 48-2 for the bill.", "48 = other exact 48..48", "2 = other exact 2..2"),
    ],
    "numbers that are names": [
        ("en", "Claude 3.5, GPT-4, Gemini 3, DeepSeek-V3, R1 and the H200"),
        ("en", "H.R. 8283, S. 1234, Public Law 117-58 and 50 U.S.C. 1701"),
        ("en", "Section 4, Article 5 and Title 18; page 12; No. 3; articles 5 and 6"),
        ("en", "See § 744.11 and 15 CFR 734.3."),
        ("en", "the Group of Seven, the Five Eyes and the Big Four"),
        ("en", "the Fortune 500, 5G, COVID-19, 24/7 and 9/11"),
        ("en", "It moved from Composer 1 to Composer 2."),
        ("en", "NSTM-4 and Executive Order 14110"),
    ],
    "no quantities": [
        ("en", "On June 24, 2026, at 10:30 a.m. in Room 2172"),
        ("en", "Call (202) 225-5021 or +86 10 5555 0143; mail 24@desk.example"),
        ("en", "the first, second and 21st of the 119th Congress"),
        ("en", "1. Names\n2. Dates\n(3) Places"),
        ("en", "One said so, both did, several agreed."),
        ("en", "two weeks ago, and in the past six months"),
        ("en", "In 2019 and the 1990s"),
        ("en", "Washington, DC 20515; 2128 Rayburn House Office Building"),
        ("en", "https://desk.example/2026/06/24000-accounts?p=3"),
    ],
    "French": [
        ("fr", "environ 24\u00a0000 comptes frauduleux", "environ 24\u00a0000 comptes = accounts about 24000..24000"),
        ("fr", "plus de 16 millions d’échanges", "plus de 16 millions d’échanges = exchanges over 16000000.."),
        ("fr", "au moyen d’environ 3,4 millions de requêtes", "environ 3,4 millions de requêtes = exchanges about 3400000..3400000"),
        ("fr", "des dizaines de milliers de comptes", "des dizaines de milliers de comptes = accounts vague 20000.."),
        ("fr", "les trois sociétés chinoises", "trois sociétés = companies exact 3..3"),
        ("fr", "près de 25\u202f000 comptes", "près de 25\u202f000 comptes = accounts under ..25000"),
        ("fr", "une amende de 2,5 milliards d’euros", "2,5 milliards d’euros = money exact 2500000000..2500000000 EUR"),
        ("fr", "au moins six semaines", "au moins six semaines = duration over 42.."),
        ("fr", "12,5 % des requêtes", "12,5 % = percent exact 12.5..12.5"),
        ("fr", "quatre-vingt-dix jours", "quatre-vingt-dix jours = duration exact 90..90"),
        ("fr", "entre 20 000 et 25 000 comptes", "entre 20 000 et 25 000 comptes = accounts range 20000..25000"),
        ("fr", "l’article 5 de la loi"),
        ("fr", "une dizaine d’élus et une douzaine de laboratoires", "une dizaine d’élus = people about 10..10", "une douzaine de laboratoires = companies about 12..12"),
        ("fr", "un tiers des salariés", "un tiers des salariés = percent exact 33.3..33.3"),
    ],
    "German": [
        ("de", "rund 24.000 Konten", "rund 24.000 Konten = accounts about 24000..24000"),
        ("de", "mehr als 2,5 Millionen Anfragen", "mehr als 2,5 Millionen Anfragen = exchanges over 2500000.."),
        ("de", "knapp 25.000 gefälschte Konten", "knapp 25.000 gefälschte Konten = accounts under ..25000"),
        ("de", "vierundzwanzigtausend Konten", "vierundzwanzigtausend Konten = accounts exact 24000..24000"),
        ("de", "Zehntausende Konten", "Zehntausende Konten = accounts vague 20000.."),
        ("de", "drei chinesische Unternehmen", "drei chinesische Unternehmen = companies exact 3..3"),
        ("de", "eine Strafe von 1,5 Milliarden Euro", "1,5 Milliarden Euro = money exact 1500000000..1500000000 EUR"),
        ("de", "bis zu fünf Jahre", "bis zu fünf Jahre = duration under ..1825"),
        ("de", "fast die Hälfte der Anfragen", "fast die Hälfte der Anfragen = percent under ..50"),
        ("de", "über knapp 25.000 Konten", "knapp 25.000 Konten = accounts under ..25000"),
        ("de", "etwa 8 Prozent", "etwa 8 Prozent = percent about 8..8"),
        ("de", "zwischen 20.000 und 25.000 Konten", "zwischen 20.000 und 25.000 Konten = accounts range 20000..25000"),
    ],
    "Spanish": [
        ("es", "unas 24.000 cuentas", "unas 24.000 cuentas = accounts about 24000..24000"),
        ("es", "más de 16 millones de intercambios", "más de 16 millones de intercambios = exchanges over 16000000.."),
        ("es", "casi 25.000 cuentas falsas", "casi 25.000 cuentas = accounts under ..25000"),
        ("es", "tres empresas chinas", "tres empresas = companies exact 3..3"),
        ("es", "decenas de miles de cuentas", "decenas de miles de cuentas = accounts vague 20000.."),
        ("es", "1.500 millones de dólares", "1.500 millones de dólares = money exact 1500000000..1500000000 USD"),
        ("es", "al menos seis semanas", "al menos seis semanas = duration over 42.."),
        ("es", "el 12,5 por ciento", "12,5 por ciento = percent exact 12.5..12.5"),
    ],
    "Portuguese": [
        ("pt", "cerca de 24 mil contas", "cerca de 24 mil contas = accounts about 24000..24000"),
        ("pt", "mais de 16 milhões de interações", "mais de 16 milhões de interações = exchanges over 16000000.."),
        ("pt", "quase 25.000 contas falsas", "quase 25.000 contas = accounts under ..25000"),
        ("pt", "três empresas chinesas", "três empresas = companies exact 3..3"),
        ("pt", "dezenas de milhares de contas", "dezenas de milhares de contas = accounts vague 20000.."),
        ("pt", "R$ 2,5 bilhões", "R$ 2,5 bilhões = money exact 2500000000..2500000000 BRL"),
        ("pt", "pelo menos seis semanas", "pelo menos seis semanas = duration over 42.."),
        ("pt", "metade das consultas", "metade das consultas = percent exact 50..50"),
    ],
    "Chinese": [
        ("zh", "近2.5万个虚假账户", "近2.5万个虚假账户 = accounts under ..25000"),
        ("zh", "逾2880万次交互", "逾2880万次交互 = exchanges over 28800000.."),
        ("zh", "1600多万次对话", "1600多万次对话 = exchanges over 16000000.."),
        ("zh", "约2.4万个账号", "约2.4万个账号 = accounts about 24000..24000"),
        ("zh", "三家公司和两名参议员", "三家公司 = companies exact 3..3", "两名参议员 = people exact 2..2"),
        ("zh", "数万个账户", "数万个账户 = accounts vague 20000.."),
        ("zh", "罚款15亿美元", "15亿美元 = money exact 1500000000..1500000000 USD"),
        ("zh", "不到一半的请求", "不到一半 = percent under ..50"),
        ("zh", "三分之一的用户", "三分之一 = percent exact 33.3..33.3"),
        ("zh", "六周左右", "六周左右 = duration about 42..42"),
        ("zh", "3至5年", "3至5年 = duration range 1095..1825"),
        ("zh", "30多家企业", "30多家企业 = companies over 30.."),
        ("zh", "第三次会议，GPT-4与R1，一家公司"),
        ("zh", "上涨12.5%，约5%", "12.5% = percent exact 12.5..12.5", "约5% = percent about 5..5"),
        ("zh", "数以万计的代理账户", "数以万计的代理账户 = accounts vague 20000.."),
        ("zh", "1600万次以上的交互，刑期最长20年", "1600万次以上的交互 = exchanges over 16000000..", "最长20年 = duration under ..7300"),
        ("zh", "十几家企业下跌三成", "十几家企业 = companies over 10..", "三成 = percent exact 30..30"),
        ("zh", "超过340万次", "超过340万次 = exchanges over 3400000.."),
    ],
}  # fmt: skip

Value = tuple[str, str, float | None, float | None, str | None]


def _value(text: str) -> Value:
    kind, qualifier, bounds, *unit = text.split()
    low, _, high = bounds.partition("..")
    return kind, qualifier, float(low) if low else None, float(high) if high else None, unit[0] if unit else None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(case[0], case[1], case[2:], id=f"{phenomenon}: {case[1][:40]}")
        for phenomenon, cases in CASES.items()
        for case in cases
    ],
)
def test_quantities(language: str, text: str, expected: tuple[str, ...]) -> None:
    wanted = [(words, _value(value)) for words, _, value in (item.partition(" = ") for item in expected)]
    found = [(q.text, (q.kind, q.qualifier, q.low, q.high, q.unit)) for q in find_quantities(text, language)]
    assert found == wanted


def test_there_are_enough_cases() -> None:
    assert sum(map(len, CASES.values())) >= 120
