"""Dates, phenomenon by phenomenon: our own sentences, published on Wednesday 24 June 2026 unless a case says else."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.nlp.dates import find_dates

PUBLISHED = date(2026, 6, 24)

# phenomenon -> (language, text, "span = from..to" or "span = day", ...)
CASES: dict[str, list[tuple[str, ...]]] = {
    "full date": [
        ("en", "The ministry wrote on February 23, 2026.", "February 23, 2026 = 2026-02-23"),
        ("en", "Dated: Mar. 4, 2026", "Mar. 4, 2026 = 2026-03-04"),
        ("en", "It was signed on 3 March 2025 in Oslo.", "3 March 2025 = 2025-03-03"),
        ("en", "The 4th of July 2025 passed quietly.", "The 4th of July 2025 = 2025-07-04"),
        ("en", "Last modified 2026-05-30T08:00:00Z by staff", "2026-05-30T08:00:00Z = 2026-05-30"),
        ("en", "Filed 06/10/2026 in Oakland", "06/10/2026 = 2026-06-10"),
        ("en", "The hearing of Tuesday, May 12, 2026, at 10:00 a.m. in Room 2172", "Tuesday, May 12, 2026 = 2026-05-12"),
        ("en", "(June 1st, 2026)", "June 1st, 2026 = 2026-06-01"),
    ],
    "day without a year lies back": [
        ("en", "The letter, dated June 10, was leaked.", "June 10 = 2026-06-10"),
        ("en", "It had sued on December 3.", "December 3 = 2025-12-03"),
        ("en", "On 30 April the witness conceded it.", "30 April = 2026-04-30"),
        ("en", "A post on Sept. 5 said so.", "Sept. 5 = 2025-09-05"),
        ("en", "The board met on Thursday, June 18.", "Thursday, June 18 = 2026-06-18"),
    ],
    "day without a year where the tense points ahead": [
        ("en", "The rule takes effect on July 1.", "July 1 = 2026-07-01"),
        ("en", "The lab will close its service on August 15.", "August 15 = 2026-08-15"),
        ("en", "A hearing is scheduled for July 9.", "July 9 = 2026-07-09"),
        ("en", "Starting September 1, resellers must register.", "September 1 = 2026-09-01"),
        ("en", "Comments are due December 2.", "December 2 = 2026-12-02"),
        ("en", "She took office in 2024 and leaves on July 31.", "2024 = 2024-01-01..2024-12-31", "July 31 = 2026-07-31"),
        ("en", "The team bans accounts; it plans an update on July 8.", "July 8 = 2026-07-08"),
        ("en", "Effective date: July 20", "July 20 = 2026-07-20"),
        ("en", "The vendor said on June 3 that it would cut access on July 3.", "June 3 = 2026-06-03", "July 3 = 2026-07-03"),
    ],
    "month": [
        ("en", "In February the firm accused two rivals.", "February = 2026-02-01..2026-02-28"),
        ("en", "It was founded in November 2023.", "November 2023 = 2023-11-01..2023-11-30"),
        ("en", "The June memo was short.", "June = 2026-06-01..2026-06-30"),
        ("en", "The trial will open in October.", "October = 2026-10-01..2026-10-31"),
        ("en", "The trial opened in October.", "October = 2025-10-01..2025-10-31"),
        ("en", "In January last year markets fell.", "January last year = 2025-01-01..2025-01-31"),
        ("en", "The settlement came last September.", "last September = 2025-09-01..2025-09-30"),
        ("en", "Next March the term ends.", "Next March = 2027-03-01..2027-03-31"),
        ("en", "In April and May traffic doubled.", "April = 2026-04-01..2026-04-30", "May = 2026-05-01..2026-05-31"),
        ("en", "A law of December of 2024 said so.", "December of 2024 = 2024-12-01..2024-12-31"),
    ],
    "month name that is another word": [
        ("en", "That may well happen, and users may complain."),
        ("en", "Protesters march on the ministry."),
        ("en", "May we ask who wrote it?"),
        ("en", "April Haines met Theresa May."),
        ("en", "It preceded the May summit.", "May = 2026-05-01..2026-05-31"),
        ("en", "The change came in May.", "May = 2026-05-01..2026-05-31"),
    ],
    "part of a month": [
        ("en", "Traffic peaked in early May.", "early May = 2026-05-01..2026-05-10"),
        ("en", "mid-April 2026 brought a pause", "mid-April 2026 = 2026-04-11..2026-04-20"),
        ("en", "The accounts vanished in late February.", "late February = 2026-02-21..2026-02-28"),
        ("en", "Late in March it stopped.", "Late in March = 2026-03-21..2026-03-31"),
        ("en", "at the beginning of June the tally stood", "beginning of June = 2026-06-01..2026-06-10"),
        ("en", "in the final week of May", "the final week of May = 2026-05-25..2026-05-31"),
        ("en", "the first half of April", "first half of April = 2026-04-01..2026-04-15"),
    ],
    "year and part of a year": [
        ("en", "The 2019 paper set it out.", "2019 = 2019-01-01..2019-12-31"),
        ("en", "Founded in 2023, it grew fast.", "2023 = 2023-01-01..2023-12-31"),
        ("en", "By mid-2025 it had a rival.", "mid-2025 = 2025-05-01..2025-08-31"),
        ("en", "Work began in late 2024.", "late 2024 = 2024-09-01..2024-12-31"),
        ("en", "It has been so since early 2025.", "since early 2025 = 2025-01-01..2026-06-24"),
        ("en", "Late last year staff noticed it.", "Late last year = 2025-09-01..2025-12-31"),
        ("en", "It is planned for early next year.", "early next year = 2027-01-01..2027-04-30"),
        ("en", "In the 1990s nobody asked.", "the 1990s = 1990-01-01..1999-12-31"),
    ],
    "number that is no year": [
        ("en", "It names the Model Theft Act of 2026 and H.R. 2025."),
        ("en", "They bought 2000 accounts in Room 2026."),
        ("en", "The fine was $2,025."),
        ("en", "Docket No. 2026-0042 is open."),
        ("en", "See arXiv 2501.12948."),
    ],
    "quarter, half and season": [
        ("en", "Sales fell in Q1 2026.", "Q1 2026 = 2026-01-01..2026-03-31"),
        ("en", "In the first quarter of 2026 it lost money.", "the first quarter of 2026 = 2026-01-01..2026-03-31"),
        ("en", "The fourth quarter of last year was good.", "The fourth quarter of last year = 2025-10-01..2025-12-31"),
        ("en", "The last four months of 2025 were calm.", "The last four months of 2025 = 2025-09-01..2025-12-31"),
        ("en", "In the first five months of this year", "the first five months of this year = 2026-01-01..2026-05-31"),
        ("en", "It expects growth in the next quarter.", "next quarter = 2026-07-01..2026-09-30"),
        ("en", "H2 2025 saw three suits.", "H2 2025 = 2025-07-01..2025-12-31"),
        ("en", "During the second half of 2025 traffic rose.", "the second half of 2025 = 2025-07-01..2025-12-31"),
        ("en", "Revenue for the quarter ended March 31 rose.", "the quarter ended March 31 = 2026-01-01..2026-03-31"),
        ("en", "In the six months ended June 30, 2025, it grew.", "the six months ended June 30, 2025 = 2025-01-01..2025-06-30"),
        ("en", "It started in the summer of 2025.", "summer of 2025 = 2025-06-01..2025-08-31"),
        ("en", "Last autumn the committee met.", "Last autumn = 2025-09-01..2025-11-30"),
    ],
    "weekday on or before publication": [
        ("en", "The company said on Monday.", "Monday = 2026-06-22"),
        ("en", "Reuters reported Friday that it left.", "Friday = 2026-06-19"),
        ("en", "It was published on Wednesday.", "Wednesday = 2026-06-24"),
        ("en", "None had answered by Tuesday morning.", "Tuesday = 2026-06-23"),
        ("en", "Thursday's memo names nobody.", "Thursday = 2026-06-18"),
        ("en", "He left last Friday.", "last Friday = 2026-06-19"),
        ("en", "They spoke on Monday last week.", "Monday last week = 2026-06-15"),
        ("en", "On Sunday, the lab replied.", "Sunday = 2026-06-21"),
    ],
    "weekday ahead": [
        ("en", "The panel will vote on Thursday.", "Thursday = 2026-06-25"),
        ("en", "A hearing is due on Monday.", "Monday = 2026-06-29"),
        ("en", "The vote is expected Friday, aides said.", "Friday = 2026-06-26"),
        ("en", "Next Monday the court sits.", "Next Monday = 2026-06-29"),
        ("en", "On Tuesday the committee will hear three witnesses.", "Tuesday = 2026-06-30"),
        ("en", "The minister said on Monday that she would testify on Friday.", "Monday = 2026-06-22", "Friday = 2026-06-26"),
        ("en", "The lab, which apologised on Tuesday, is to publish its data on Saturday.", "Tuesday = 2026-06-23", "Saturday = 2026-06-27"),
    ],
    "today and its neighbours": [
        ("en", "The office today sent a memo.", "today = 2026-06-24"),
        ("en", "He testified yesterday.", "yesterday = 2026-06-23"),
        ("en", "The rule applies from tomorrow.", "tomorrow = 2026-06-25"),
        ("en", "Earlier today it withdrew the claim.", "Earlier today = 2026-06-24"),
        ("en", "Today's most capable models are closed."),
        ("en", "Today's hearing lasted an hour.", "Today = 2026-06-24"),
    ],
    "this and last week, month, year": [
        ("en", "Every headline last week said so.", "last week = 2026-06-15..2026-06-21"),
        ("en", "It said this week that it would pay.", "this week = 2026-06-22..2026-06-28"),
        ("en", "Next week the House returns.", "Next week = 2026-06-29..2026-07-05"),
        ("en", "It cleared committee last month.", "last month = 2026-05-01..2026-05-31"),
        ("en", "This year is different.", "This year = 2026-01-01..2026-12-31"),
        ("en", "A suit was filed last year.", "last year = 2025-01-01..2025-12-31"),
        ("en", "Earlier this year it warned us.", "Earlier this year = 2026-01-01..2026-06-23"),
        ("en", "Earlier this month the bill passed.", "Earlier this month = 2026-06-01..2026-06-23"),
        ("en", "earlier this week it denied", "earlier this week = 2026-06-22..2026-06-23"),
        ("en", "A report is promised for later this year.", "later this year = 2026-06-25..2026-12-31"),
        ("en", "Early this month he resigned.", "Early this month = 2026-06-01..2026-06-10"),
        ("en", "over the weekend the post spread", "over the weekend = 2026-06-20..2026-06-21"),
        ("en", "the week of June 8", "the week of June 8 = 2026-06-08..2026-06-14"),
    ],
    "counted from publication": [
        ("en", "It published a report two weeks ago.", "two weeks ago = 2026-06-10"),
        ("en", "Three months ago nobody knew.", "Three months ago = 2026-03-24"),
        ("en", "About ten days ago the site went dark.", "About ten days ago = 2026-06-14"),
        ("en", "The past year was hard.", "The past year = 2025-06-24..2026-06-24"),
        ("en", "over the past two weeks", "the past two weeks = 2026-06-10..2026-06-24"),
        ("en", "In the last six months it grew.", "the last six months = 2025-12-24..2026-06-24"),
        ("en", "over the next three months", "the next three months = 2026-06-24..2026-09-24"),
        ("en", "More than a year ago it warned them."),
    ],
    "since": [
        ("en", "It has sold nothing there since January 2025.", "since January 2025 = 2025-01-01..2026-06-24"),
        ("en", "They have feuded since last month.", "since last month = 2026-05-01..2026-06-24"),
        ("en", "Since Monday the service is down.", "Since Monday = 2026-06-22..2026-06-24"),
        ("en", "Its lowest since February last year", "since February last year = 2025-02-01..2026-06-24"),
        ("en", "Since 2023 it has grown.", "Since 2023 = 2023-01-01..2026-06-24"),
    ],
    "by and until": [
        ("en", "The agency must report by the end of 2026.", "by the end of 2026 = 2026-06-24..2026-12-31"),
        ("en", "Answer no later than July 8, 2026.", "no later than July 8, 2026 = 2026-06-24..2026-07-08"),
        ("en", "They have until Friday to reply.", "until Friday = 2026-06-24..2026-06-26"),
        ("en", "It hopes to finish by October.", "by October = 2026-06-24..2026-10-31"),
        ("en", "by the end of the year", "by the end of the year = 2026-06-24..2026-12-31"),
        ("en", "The companies were asked to answer by July 10.", "by July 10 = 2026-06-24..2026-07-10"),
        ("en", "It rose to 24,000 by early June.", "early June = 2026-06-01..2026-06-10"),
        ("en", "Customers have 30 days, until July 24, to object.", "until July 24 = 2026-06-24..2026-07-24"),
        ("en", "It may last until the autumn.", "until the autumn = 2026-06-24..2026-11-30"),
        ("en", "By 2025 it had three rivals.", "2025 = 2025-01-01..2025-12-31"),
        ("en", "It must be done before the end of the month.", "before the end of the month = 2026-06-24..2026-06-30"),
    ],
    "range": [
        ("en", "between late April and early June 2026", "between late April and early June 2026 = 2026-04-21..2026-06-10"),
        ("en", "It ran from April 22 to June 5.", "from April 22 to June 5 = 2026-04-22..2026-06-05"),
        ("en", "From April 22 through June 5, 2026, it ran.", "From April 22 through June 5, 2026 = 2026-04-22..2026-06-05"),
        ("en", "April 22-28 was the peak.", "April 22-28 = 2026-04-22..2026-04-28"),
        ("en", "Between November and February it slept.", "Between November and February = 2025-11-01..2026-02-28"),
        ("en", "between 2023 and 2025", "between 2023 and 2025 = 2023-01-01..2025-12-31"),
        ("en", "in 2024-25 alone", "2024-25 = 2024-01-01..2025-12-31"),
        ("en", "from Monday to Wednesday", "from Monday to Wednesday = 2026-06-22..2026-06-24"),
        ("en", "A listing is expected between October and the middle of next year.", "between October and the middle of next year = 2026-10-01..2027-08-31"),
        ("en", "from late 2025 to early 2026", "from late 2025 to early 2026 = 2025-09-01..2026-04-30"),
        ("en", "between 10 and 12 June", "10 and 12 June = 2026-06-10..2026-06-12"),
        ("en", "Between January 2025 and June 10 this year", "Between January 2025 and June 10 this year = 2025-01-01..2026-06-10"),
        ("en", "In the twelve months to March 2026 it grew.", "the twelve months to March 2026 = 2025-04-01..2026-03-31"),
        ("en", "October 2025 to March 2026", "October 2025 to March 2026 = 2025-10-01..2026-03-31"),
    ],
    "anaphora resolved where the text gives its day": [
        ("en", "On March 3 the firm sued. The next day it settled.", "March 3 = 2026-03-03", "The next day = 2026-03-04"),
        ("en", "The panel voted on Monday. A week earlier it had met.", "Monday = 2026-06-22", "A week earlier = 2026-06-15"),
        ("en", "He spoke on June 9; she replied the same day.", "June 9 = 2026-06-09", "the same day = 2026-06-09"),
        ("en", "It was sent on 2 June and leaked three days later.", "2 June = 2026-06-02", "three days later = 2026-06-05"),
        ("en", "In April it began. That month 300 accounts were opened.", "April = 2026-04-01..2026-04-30", "That month = 2026-04-01..2026-04-30"),
        ("en", "The same day it denied everything."),
        ("en", "Two days later it left."),
    ],
    "bases of comparison are left out": [
        ("en", "Sales rose 3% from a year earlier."),
        ("en", "It earned less than a year ago."),
        ("en", "A year before it had earned twice as much."),
        ("en", "About three weeks before the summit the memo appeared."),
    ],
    "bare durations are no dates": [
        ("en", "It lasted over six weeks and cost two years of work."),
        ("en", "within 180 days of enactment"),
        ("en", "a 16-month low"),
    ],
    "French": [
        ("fr", "Le 3 mars 2026, le laboratoire a porté plainte.", "3 mars 2026 = 2026-03-03"),
        ("fr", "Il a écrit vendredi.", "vendredi = 2026-06-19"),
        ("fr", "La semaine dernière, la commission a voté.", "La semaine dernière = 2026-06-15..2026-06-21"),
        ("fr", "entre fin avril et début juin", "entre fin avril et début juin = 2026-04-21..2026-06-10"),
        ("fr", "du 22 avril au 5 juin 2026", "du 22 avril au 5 juin 2026 = 2026-04-22..2026-06-05"),
        ("fr", "depuis janvier 2025", "depuis janvier 2025 = 2025-01-01..2026-06-24"),
        ("fr", "d’ici à la fin de l’année", "d’ici à la fin de l’année = 2026-06-24..2026-12-31"),
        ("fr", "Il y a deux semaines, rien.", "Il y a deux semaines = 2026-06-10"),
        ("fr", "Le texte entrera en vigueur le 1er juillet.", "1er juillet = 2026-07-01"),
        ("fr", "au premier trimestre 2026", "premier trimestre 2026 = 2026-01-01..2026-03-31"),
        ("fr", "L’an dernier, en septembre, il avait payé.", "L’an dernier = 2025-01-01..2025-12-31", "septembre = 2025-09-01..2025-09-30"),
        ("fr", "Le règlement 2024 et la loi de 2023 restent."),
    ],
    "German": [
        ("de", "Am 23. Februar 2026 meldete sie es.", "23. Februar 2026 = 2026-02-23"),
        ("de", "Die Firma teilte am Montag mit.", "Montag = 2026-06-22"),
        ("de", "In der vergangenen Woche wurde es bekannt.", "In der vergangenen Woche = 2026-06-15..2026-06-21"),
        ("de", "zwischen Ende April und Anfang Juni", "zwischen Ende April und Anfang Juni = 2026-04-21..2026-06-10"),
        ("de", "vom 22. April bis 5. Juni", "vom 22. April bis 5. Juni = 2026-04-22..2026-06-05"),
        ("de", "seit Januar 2025", "seit Januar 2025 = 2025-01-01..2026-06-24"),
        ("de", "bis Ende 2026", "bis Ende 2026 = 2026-06-24..2026-12-31"),
        ("de", "Der Ausschuss wird am Freitag abstimmen.", "Freitag = 2026-06-26"),
        ("de", "Vor zwei Wochen erschien der Bericht.", "Vor zwei Wochen = 2026-06-10"),
        ("de", "Stand 10.06.2026", "10.06.2026 = 2026-06-10"),
        ("de", "Gestern bestritt er es, heute schweigt er.", "Gestern = 2026-06-23", "heute = 2026-06-24"),
    ],
    "Spanish": [
        ("es", "El 23 de febrero de 2026 lo denunció.", "23 de febrero de 2026 = 2026-02-23"),
        ("es", "La empresa dijo el lunes que no.", "lunes = 2026-06-22"),
        ("es", "El pasado viernes publicó la carta.", "El pasado viernes = 2026-06-19"),
        ("es", "La semana pasada votó la comisión.", "La semana pasada = 2026-06-15..2026-06-21"),
        ("es", "entre finales de abril y principios de junio", "entre finales de abril y principios de junio = 2026-04-21..2026-06-10"),
        ("es", "desde enero de 2025", "desde enero de 2025 = 2025-01-01..2026-06-24"),
        ("es", "hace dos semanas", "hace dos semanas = 2026-06-10"),
    ],
    "Portuguese": [
        ("pt", "Em 23 de fevereiro de 2026 denunciou o caso.", "23 de fevereiro de 2026 = 2026-02-23"),
        ("pt", "A empresa disse na segunda-feira que não.", "segunda-feira = 2026-06-22"),
        ("pt", "Na semana passada a comissão votou.", "Na semana passada = 2026-06-15..2026-06-21"),
        ("pt", "entre o fim de abril e o início de junho", "entre o fim de abril e o início de junho = 2026-04-21..2026-06-10"),
        ("pt", "desde janeiro de 2025", "desde janeiro de 2025 = 2025-01-01..2026-06-24"),
        ("pt", "há duas semanas", "há duas semanas = 2026-06-10"),
        ("pt", "Em fevereiro, a empresa acusou três laboratórios.", "fevereiro = 2026-02-01..2026-02-28"),
        ("pt", "nesta quarta-feira (24)", "quarta-feira = 2026-06-24"),
    ],
    "Chinese": [
        ("zh", "该公司于2026年2月23日发表声明。", "2026年2月23日 = 2026-02-23"),
        ("zh", "4月22日至6月5日期间", "4月22日至6月5日 = 2026-04-22..2026-06-05"),
        ("zh", "周一表示，上周三已收到来信。", "周一 = 2026-06-22", "上周三 = 2026-06-17"),
        ("zh", "今年2月，该公司点名三家企业。", "今年2月 = 2026-02-01..2026-02-28"),
        ("zh", "去年底，研究人员发现异常。", "去年底 = 2025-09-01..2025-12-31"),
        ("zh", "4月下旬至6月初", "4月下旬至6月初 = 2026-04-21..2026-06-10"),
        ("zh", "自2025年1月以来", "自2025年1月以来 = 2025-01-01..2026-06-24"),
        ("zh", "委员会将于7月9日举行听证会。", "7月9日 = 2026-07-09"),
        ("zh", "两周前，报告公布。", "两周前 = 2026-06-10"),
        ("zh", "路透社24日报道", "24日 = 2026-06-24"),
        ("zh", "2026年第一季度", "2026年第一季度 = 2026-01-01..2026-03-31"),
        ("zh", "今年以来，投诉增多。", "今年以来 = 2026-01-01..2026-06-24"),
        ("zh", "定于7月9日（周四）举行", "7月9日 = 2026-07-09"),
        ("zh", "今年早些时候，白宫发布备忘录。", "今年早些时候 = 2026-01-01..2026-06-23"),
        ("zh", "昨天否认，当天未回应。", "昨天 = 2026-06-23", "当天 = 2026-06-23"),
    ],
}  # fmt: skip


def _interval(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(case[0], case[1], case[2:], id=f"{phenomenon}: {case[1][:40]}")
        for phenomenon, cases in CASES.items()
        for case in cases
    ],
)
def test_dates(language: str, text: str, expected: tuple[str, ...]) -> None:
    wanted = [(words, *_interval(interval)) for words, _, interval in (item.partition(" = ") for item in expected)]
    found = [(mention.text, mention.from_on, mention.to_on) for mention in find_dates(text, PUBLISHED, language)]
    assert [item[1:] for item in found] == [item[1:] for item in wanted], found
    assert all(wanted[i][0] in found[i][0] or found[i][0] in wanted[i][0] for i in range(len(wanted))), found


def test_there_are_enough_cases() -> None:
    assert sum(map(len, CASES.values())) >= 120
