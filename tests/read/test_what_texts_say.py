"""What the words of a page say of themselves: dateline, signature, origin, language, kind."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.language import detect_language
from tracker.read.bylines import find_signature, tidy_name
from tracker.read.datelines import find_dateline
from tracker.read.kinds import classify_kind
from tracker.read.languages import choose_language, normalise_language, script_language
from tracker.read.origins import find_origin
from tracker.read.pages import read_page
from tracker.types import DocumentKind, PublisherType


@pytest.mark.parametrize(
    ("text", "line", "agency"),
    [
        ("WASHINGTON, June 10 (Wire) - The office said", "WASHINGTON, June 10 (Wire)", "Wire"),
        ("BEIJING (AP) — The ministry", "BEIJING (AP)", "AP"),
        ("SAN FRANCISCO/BEIJING, June 10 (Harbour News) - Two firms", "SAN FRANCISCO/BEIJING, June 10 (Harbour News)", "Harbour News"),
        ("LONDON — The minister", "LONDON", None),
        ("Beijing (Xinhua) -- China's ministry", "Beijing (Xinhua)", "Xinhua"),
        ("Washington, D.C. – June 10, 2026 – The committee", "Washington, D.C. – June 10, 2026", None),
        ("PARIS, 10 juin (Agence du Port) - Le ministère", "PARIS, 10 juin (Agence du Port)", "Agence du Port"),
        ("WASHINGTON, D.C., June 10, 2026 /PRNewswire/ -- Orchid", "WASHINGTON, D.C., June 10, 2026 /PRNewswire/", "PRNewswire"),
        ("新华社北京6月10日电（记者张三、李四）商务部", "新华社北京6月10日电（记者张三、李四）", "新华社"),
        ("中新网6月10日电 商务部", "中新网6月10日电", "中新网"),
        ("【明報專訊】美國", "明報專訊", "明報"),
        ("【本报讯】商务部", "本报讯", None),
    ],
)  # fmt: skip
def test_datelines(text: str, line: str, agency: str | None) -> None:
    found = find_dateline(f"A headline of some words\n\n{text} said so.")
    assert found is not None and (found.line, found.agency) == (line, agency)


@pytest.mark.parametrize(
    "text",
    ["OPINION — We were wrong", "AI - a story", "The AI-led firm", "GPT-4 — the model", "UPDATE 1 - The", "U.S. — China talks",
     "The office (Wire) said - no", "商务部6月10日表示", "", "— dash"],
)  # fmt: skip
def test_what_is_no_dateline(text: str) -> None:
    assert find_dateline(text) is None


def test_a_dateline_stays_in_the_text_and_signs_it() -> None:
    content = read_page(
        "新华社北京6月10日电（记者张三、李四）商务部发言人表示，有关指责毫无根据。".encode(),
        "text/plain",
        "https://a.example/1",
    )
    assert content.text.startswith("新华社北京6月10日电")
    assert (content.dateline, content.byline, content.syndicated_from) == (
        "新华社北京6月10日电（记者张三、李四）",
        "张三、李四",
        "Xinhua",
    )
    assert content.published is None, "a day without a year is no day of publication"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("This article was originally published by The Harbour Courier.", "Harbour Courier"),
        ("This story first appeared in Orchid Weekly and is republished with permission.", "Orchid Weekly"),
        ("Originally published at techharbour.example on June 3.", "techharbour.example"),
        ("Republished with permission from Fern Post.", "Fern Post"),
        ("Source: Xinhua", "Xinhua"),
        ("来源：新华社", "Xinhua"),
        ("（来源：人民日报）", "人民日报"),
        ("本文转自《海港日报》", "海港日报"),
        ("Cet article a été initialement publié par Le Port.", "Le Port"),
        ("Dieser Artikel erschien zuerst bei Hafenpost.", "Hafenpost"),
        ("Este artículo se publicó originalmente en El Muelle.", "Muelle"),
        ("The report was first published by Orchid Labs in January.", None),
        ("The figures were first published by its rival in March.", None),
        ("资金来源：不明机构", None),
        ("来源：本站", None),
    ],
)
def test_who_first_published_a_text(text: str, name: str | None) -> None:
    assert find_origin(f"One paragraph of the story.\n\nAnother one of it.\n\n{text}") == name


def test_only_the_edges_of_a_text_speak_of_it() -> None:
    middle = "\n\n".join(["A paragraph."] * 20)
    assert find_origin(f"{middle}\n\nSource: Wire\n\n{middle}") is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jo Example", "Jo Example"),
        ("By Jo Example and Ann Other", "Jo Example and Ann Other"),
        ("Par Jeanne Exemple", "Jeanne Exemple"),
        ("记者：张三 李四", "张三 李四"),
        ("（记者 张三、李四）", "张三、李四"),
        ("作者｜王五", None),
        ("By Monday the office had closed all of it.", None),
        ("By the office", None),
    ],
)
def test_signatures_in_the_text(line: str, names: str | None) -> None:
    assert find_signature(f"{line}\n\nThe office said so on Monday.") == names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("By Jo Example, staff writer", "Jo Example"),
        ("Jo Example | Harbour Courier", "Jo Example"),
        ("本报记者 张三", "张三"),
        ("作者：王五", "王五"),
        ("admin", None),
        ("网站编辑", None),
        ("https://a.example/jo", None),
    ],
)
def test_names_are_tidied(name: str, expected: str | None) -> None:
    assert tidy_name(name) == expected


HANS = "美国商务部表示，这些公司没有对此做出回应，他们说会继续调查有关问题。"
HANT = "美國商務部表示，這些公司沒有對此做出回應，他們說會繼續調查有關問題。"
ENGLISH = "The office said on Monday that it would look at all of the accounts that were opened by the firm."
FRENCH = "Le bureau a dit que les comptes ouverts par la société dans le pays ne sont pas les siens et que ce n'est pas tout."


@pytest.mark.parametrize(
    ("text", "stated", "usual", "expected"),
    [
        (HANS, [None], "zh", "zh"),
        (HANS, ["zh_CN"], "en", "zh-CN"),
        (HANS, ["en"], "en", "zh"),
        (HANT, ["zh"], "zh", "zh-Hant"),
        (HANT, ["zh-CN", "zh-TW"], "zh", "zh-TW"),
        (HANT, [None, "Chinese"], "en", "zh-Hant"),
        (ENGLISH, ["en-US"], "zh", "en-US"),
        (ENGLISH, ["zh"], "zh", "en"),
        (ENGLISH, [], "en", "en"),
        (FRENCH, ["en"], "en", "fr"),
        (FRENCH, ["fr-FR"], "en", "fr-FR"),
        ("Ok.", ["pt-BR"], "en", "pt-BR"),
        ("Ok.", [], "de", "de"),
        ("これは記事です。会社は回答しなかったと述べた。", ["en"], "en", "ja"),
    ],
)
def test_the_text_has_the_last_word_on_its_language(
    text: str, stated: list[str | None], usual: str, expected: str
) -> None:
    assert choose_language(text, stated, detect_language, usual) == expected


def test_language_tags_have_one_form() -> None:
    tags = ["zh_cn", "EN-us", "zh-hant-tw", "Chinese", "cn", "x y", "", None, "en-GB", "sr-latn-rs"]
    assert [normalise_language(tag) for tag in tags] == [
        "zh-CN", "en-US", "zh-Hant-TW", "zh", "zh-CN", None, None, None, "en-GB", "sr-Latn-RS",
    ]  # fmt: skip
    assert script_language("12 34") is None


@pytest.mark.parametrize(
    ("opening", "publisher", "expected"),
    [
        ("FOR IMMEDIATE RELEASE\nJune 10", "government", "press_release"),
        ("The White House\n\nMEMORANDUM FOR THE HEADS OF AGENCIES", "government", "memo"),
        ("June 10, 2026\n\nDear Secretary Example:\n\nWe write", "government", "letter"),
        ("119th CONGRESS\n2d Session\n\nH. R. 1", "government", "bill"),
        ("IN THE UNITED STATES DISTRICT COURT\nFOR", "court", "filing"),
        ("Dear Secretary Example:", "news", "article"),
        ("The office said", "company", "article"),
    ],
)
def test_how_a_text_opens_tells_its_kind(opening: str, publisher: PublisherType, expected: DocumentKind) -> None:
    assert classify_kind("Untitled", "https://a.example/x", publisher, opening) == expected


@given(st.text(max_size=400))
def test_no_text_breaks_the_readers(text: str) -> None:
    found = find_dateline(text)
    assert found is None or found.line in text
    origin = find_origin(text)
    assert origin is None or len(origin) <= 60
    find_signature(text)
    choose_language(text, ["en"], detect_language, "en")


@pytest.mark.parametrize(
    "piece", ["A", "AB ", "来源：来", "A-", "By A ", "this article was originally published by a ", "WASHINGTON, "]
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    started = time.process_time()
    find_dateline(piece * 200_000), find_origin(piece * 200_000), find_signature(piece * 200_000)
    assert time.process_time() - started < 1
