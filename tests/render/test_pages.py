from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import html5lib
import pytest

from tests.render.conftest import CORRECTED_OLD, LETTER, SEEN, build_world, document, record, version
from tracker.config import Site
from tracker.errors import BuildRefused
from tracker.render import check_site, render_site
from tracker.render.asides import build_asides
from tracker.render.exports import export_records
from tracker.render.wording import HEALTH_WORDS
from tracker.types import (
    HEALTH_STATES,
    Answer,
    Claim,
    Copy,
    CopyGroup,
    Dataset,
    DateMention,
    Entity,
    Event,
    Extraction,
    Health,
    HealthState,
    Reconciled,
    SourceStatus,
)

EVENT = "events/northwind-letter-2026-02.html"
KINDS = [
    "index.html", EVENT, "events/northwind-letter-old.html", "documents/index.html", "documents/doc-letter.html",
    "documents/doc-fix.html", "documents/memo-1.html", "documents/doc-zh.html", "documents/doc-earn.html",
    "entities/index.html", "entities/kestrel.html", "entities/umbra.html", "entities/fair-copy-act.html",
    "sources.html", "about.html", "404.html", "types/allegation.html", "disputes/index.html",
]  # fmt: skip


def text_of(body: bytes) -> str:
    """What a reader sees: without tags, white space as single spaces."""
    bare = re.sub(r"<(?:style|title)\b.*?</(?:style|title)>|<[^>]*>", " ", body.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def parse_strictly(body: bytes) -> None:
    html5lib.HTMLParser(strict=True).parse(body)


def test_every_page_parses_without_an_error(pages: dict[str, bytes]) -> None:
    assert set(KINDS) <= set(pages)
    for path, body in pages.items():
        if path.endswith(".html"):
            parse_strictly(body)


def test_the_site_passes_its_own_gates(pages: dict[str, bytes], world: Dataset) -> None:
    assert check_site(pages, world, previous_event_count=4) == []


def test_equal_input_gives_equal_bytes(pages: dict[str, bytes], site: Site) -> None:
    assert render_site(build_world(), site) == pages


@pytest.mark.parametrize("path", KINDS)
def test_each_page_has_the_frame_of_an_accessible_page(pages: dict[str, bytes], path: str) -> None:
    body = pages[path].decode()
    assert body.startswith("<!DOCTYPE html>")
    assert '<html lang="en">' in body
    assert len(re.findall(r"<h1[ >]", body)) == 1
    assert len(re.findall(r"<main ", body)) == 1
    assert re.search(r"<title>[^<]+</title>", body)
    assert re.search(r'<meta name="description" content="[^"]+">', body)
    policy = "style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
    runs = " script-src 'self';" if '<script src="assets/find.js" defer>' in body else ""
    assert f"default-src 'none';{runs} {policy}" in body
    assert "<script" not in without_own_scripts(body)
    assert " style=" not in body
    assert body.count("<table") == body.count("<caption")
    assert "None" not in text_of(pages[path])


def test_timeline_is_newest_first_by_month_with_words_of_precision(pages: dict[str, bytes]) -> None:
    text = text_of(pages["index.html"])
    order = [text.index(words) for words in ("24 February 2026", "23 February 2026", "The Office of Model Affairs counts",
                                             "21 April – 10 June 2025")]  # fmt: skip
    assert order == sorted(order)
    assert "24 February 2026 date of publication" in text
    assert "over 24,000 fraudulent accounts" in text
    assert "tens of thousands of accounts (at least 20,000)" in text
    assert "Kestrel AI : denied" in text
    assert "Umbra : source reports no answer" in text
    assert "Umbra : no answer found in the sources" in text


def test_event_page_shows_who_says_what_in_which_words(pages: dict[str, bytes]) -> None:
    body, text = pages[EVENT].decode(), text_of(pages[EVENT])
    assert "Accused Kestrel AI , in the words operators affiliated with Kestrel AI" in text
    assert "On behalf of Kestrel AI" in text
    assert "over 16,000,000" in text
    assert 'href="../documents/doc-letter.html#c-letter-1"' in body
    assert '<blockquote lang="zh"' in body
    assert "Umbra did not reply to two requests for comment." in text
    assert text.index("Nearest to the original speaker") < text.index("北风实验室表示")
    assert "Recalled in 1" in text
    assert json.loads(pages["events/northwind-letter-2026-02.json"])["claims"][0]["quote"] in LETTER


def test_missing_answers_are_told_apart(pages: dict[str, bytes]) -> None:
    text = text_of(pages["events/oma-memo-2025.html"])
    assert "source reports no answer The source includes no answer from Kestrel AI." in text
    assert "Umbra (name not on file) No answer found in the sources" in text
    assert "source reports no answer" not in text_of(pages["events/umbra-claim-2026-02.html"])


def test_event_without_figures_has_no_figures_table(pages: dict[str, bytes]) -> None:
    assert "Figures" not in text_of(pages["events/campaign-2025.html"])


def test_document_page_quotes_in_a_short_context_and_never_the_whole_text(pages: dict[str, bytes]) -> None:
    text = text_of(pages["documents/doc-letter.html"])
    assert "over 24,000 fraudulent accounts for more than 16 million exchanges with Borealis." in text
    assert "none of which has any bearing" not in text
    assert "small car" not in text
    body = pages["documents/doc-letter.html"].decode()
    assert '<b class="figure">over 24,000 fraudulent accounts</b>' in body
    assert '<b class="date">February 23, 2026</b>' in body
    for anchor in ("c-letter-1", "c-letter-2", "c-letter-3", "c-letter-4"):
        assert body.count(f'id="{anchor}"') == 1
    assert "https://courier.example/doc-letter#:~:text=In%20a%20letter%20dated%20February%2023%2C," in body


def test_words_that_the_page_no_longer_has_are_shown_apart(pages: dict[str, bytes]) -> None:
    body = pages["documents/doc-fix.html"].decode()
    text = text_of(pages["documents/doc-fix.html"])
    assert text.index("No longer in the page") < text.index("Umbra copied Borealis outright")
    assert "Version 1 had these words" in text
    assert CORRECTED_OLD.split(",")[0] not in text[: text.index("No longer in the page")]
    assert 'id="c-fix-1"' in body
    assert "no longer in the page (version 1 had it)" in text_of(pages["events/umbra-claim-2026-02.html"])


def test_documents_without_date_address_or_claims_say_so(pages: dict[str, bytes]) -> None:
    memo = text_of(pages["documents/memo-1.html"])
    assert "no date given" in memo
    assert "no address: handed in as a file" in memo
    assert "Page 1" in memo
    earnings = text_of(pages["documents/doc-earn.html"])
    assert "not on the matter" in earnings
    assert "Whisky" not in earnings


def test_entity_page_has_both_directions_and_marks_what_is_not_curated(pages: dict[str, bytes]) -> None:
    kestrel = text_of(pages["entities/kestrel.html"])
    assert "Who accuses it 3" in kestrel
    assert "Its answers 2" in kestrel
    assert "Whom it accuses" not in kestrel
    assert "Whom it accuses 4" in text_of(pages["entities/northwind.html"])
    assert "not yet curated" in text_of(pages["entities/umbra.html"])
    assert "not yet curated" not in kestrel
    assert "No event names it." in text_of(pages["entities/fair-copy-act.html"])


def test_merged_event_leads_to_the_one_that_stands(pages: dict[str, bytes]) -> None:
    body = pages["events/northwind-letter-old.html"].decode()
    assert 'content="0; url=../events/northwind-letter-2026-02.html"' in body
    assert 'rel="canonical" href="../events/northwind-letter-2026-02.html"' in body


def test_redirects_follow_chains_and_survive_circles(world: Dataset, site: Site) -> None:
    chain = (("a", "b"), ("b", "oma-memo-2025"), ("c", "d"), ("d", "c"))
    dataset = replace(world, reconciled=replace(world.reconciled, redirects=chain))
    made = render_site(dataset, site)
    assert b"url=../events/oma-memo-2025.html" in made["events/a.html"]
    assert b"url=../index.html" in made["events/c.html"]
    assert check_site(made, dataset) == []


def test_sources_page_counts_what_the_dataset_holds(pages: dict[str, bytes]) -> None:
    body, text = pages["sources.html"].decode(), text_of(pages["sources.html"])
    assert "All 5 4 1 1" in text
    assert "robots.txt forbids it" in text
    assert "404 Not Found" in text
    assert "no answer within 20 s" in text
    assert "javascript:alert(1)" in text
    assert 'href="javascript' not in body


@pytest.mark.parametrize("state", HEALTH_STATES)
def test_the_sources_page_tells_every_state_since_when_and_why(site: Site, state: HealthState) -> None:
    later = SEEN + timedelta(days=9)
    health = Health(state, later, "" if state == "fine" else f"what is {state}", "", SEEN, later, "an old error")
    status = SourceStatus("wire", "feed", "https://wire.example/", "Wire", "news", "en", True, health=health)
    text = text_of(render_site(Dataset(sources=(status,)), site)["sources.html"])
    assert f"1 {HEALTH_WORDS[state]}" in text
    assert "Last error 10 March 2026: an old error" in text
    if health.is_troubled:
        assert f"{HEALTH_WORDS[state]} since 10 March 2026 what is {state} Last success 1 March 2026" in text


def test_empty_dataset_says_what_to_do(site: Site) -> None:
    made = render_site(Dataset(), site)
    assert check_site(made, Dataset()) == []
    assert "tracker demo" in text_of(made["index.html"])
    for path, body in made.items():
        if path.endswith(".html"):
            parse_strictly(body)


def test_base_url_gives_canonical_links_and_a_sitemap(world: Dataset) -> None:
    made = render_site(world, Site(base_url="https://tracker.example/disputes"))
    assert check_site(made, world) == []
    assert f'href="https://tracker.example/disputes/{EVENT}"'.encode() in made[EVENT]
    assert f"<loc>https://tracker.example/disputes/{EVENT}</loc>".encode() in made["sitemap.xml"]
    assert b"404.html" not in made["sitemap.xml"]
    assert b'href="/disputes/assets/site.css"' in made["404.html"]
    assert b"Sitemap: https://tracker.example/disputes/sitemap.xml" in made["robots.txt"]


def without_own_scripts(body: str) -> str:
    """A page without the script elements that it may have, each once: data, which nothing runs, and our own files."""
    for own in ('type="application/ld+json"', 'src="assets/find.js" defer', 'src="assets/search.js" defer'):
        body = body.replace(f"<script {own}>", "", 1)
    return body


HOSTILE = '<script>alert(1)</script></script><img src=x onerror="alert(1)">\u202eevil\u0000\ud800'


def build_hostile() -> Dataset:
    """A world in which every text from outside tries to break the page."""
    text = f"Before. {HOSTILE} said </mark></p> & \"quotes\" 'x'. After. " + "Filler words follow. " * 40
    odd = version("../../etc/passwd", 1, text, HOSTILE, byline=HOSTILE, language='en" onclick="x', published=None)
    held = document("../../etc/passwd", HOSTILE, HOSTILE, odd, url="javascript:alert(1)")
    claim = record("c 1\"'><", odd, f"{HOSTILE} said </mark></p> & \"quotes\" 'x'.", "allegation", "X Y",
                   accused=("INDEX",), accused_as=HOSTILE)  # fmt: skip
    long_title = "word " * 2000
    event = Event(
        "index", "allegation", long_title, date(2026, 1, 1), date(2026, 1, 1), "stated",
        ("INDEX", "X Y", "unknown-id"), (claim.id,), (), (held.id,),
    )  # fmt: skip
    solid = replace(event, id="solid", title="x" * 10_000 + HOSTILE)
    entities = (Entity("INDEX", HOSTILE, "company", (HOSTILE,)), Entity("index", "\u2067", "place"))
    status = SourceStatus(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "news", "en", True, 1, 1, SEEN, SEEN, HOSTILE,
                          ((HOSTILE, HOSTILE),))  # fmt: skip
    return Dataset((held,), Reconciled((event, solid), (claim,), entities), (status,))


def test_hostile_text_stays_text(site: Site) -> None:
    dataset = build_hostile()
    made = render_site(dataset, site)
    assert check_site(made, dataset) == []
    for path, body in made.items():
        assert re.fullmatch(r"[a-z0-9._/-]+|downloads/SHA256SUMS", path), path
        assert ".." not in path
        if not path.endswith((".db", ".parquet")):
            body.decode("utf-8")
        if path.endswith(".html"):
            parse_strictly(body)
            assert "<script" not in without_own_scripts(body.decode())
            assert b"<img" not in body
            assert b'href="javascript' not in body
            assert b'onclick="' not in body
            assert "\u202e" not in body.decode()
    assert 'lang=""' in made[next(path for path in made if path.startswith("documents/etc-passwd"))].decode()


def test_long_titles_are_cut_in_headings(site: Site) -> None:
    made = render_site(build_hostile(), site)
    for body in (made["events/solid.html"], made["index.html"]):
        assert "…" in text_of(body)
        assert len(body) < 20_000


def test_address_with_credentials_of_markup_is_not_linked(world: Dataset, site: Site) -> None:
    held = replace(world.documents[0], url='https://x.example/"><script>alert(1)</script>')
    dataset = replace(world, documents=(held, *world.documents[1:]))
    body = render_site(dataset, site)["documents/doc-letter.html"]
    assert "<script" not in without_own_scripts(body.decode())
    assert b'href="https://x.example' not in body


def test_two_events_of_one_id_are_refused(world: Dataset, site: Site) -> None:
    events = (*world.reconciled.events, world.reconciled.events[0])
    with pytest.raises(BuildRefused, match="two ids of the dataset are the same"):
        render_site(replace(world, reconciled=replace(world.reconciled, events=events)), site)


def test_a_document_looked_at_again_on_the_same_day_changes_no_page(world: Dataset, site: Site) -> None:
    later = SEEN.replace(hour=23)
    documents = tuple(replace(item, last_seen_at=later) for item in world.documents)
    sources = tuple(replace(item, last_attempt_at=later) for item in world.sources)
    assert render_site(replace(world, documents=documents, sources=sources), site) == render_site(world, site)


def test_event_with_500_documents_stays_one_readable_page(site: Site) -> None:
    held, claims = [], []
    for number in range(500):
        page = version(f"d-{number}", 1, LETTER, f"Story {number}")
        held.append(
            document(f"d-{number}", f"Outlet {number}", "wire", page, extractions=(Extraction(page.id, "relevant"),))
        )
        claims.append(record(f"c-{number}", page, "Kestrel AI rejected the charge.", "denial", "kestrel"))
    event = Event("big", "denial", "Many report it", date(2026, 2, 24), date(2026, 2, 24), "stated", ("kestrel",),
                  tuple(item.id for item in claims), (), tuple(item.id for item in held))  # fmt: skip
    dataset = Dataset(tuple(held), Reconciled((event,), tuple(claims), (Entity("kestrel", "Kestrel AI", "company"),)))
    made = render_site(dataset, site)
    assert check_site(made, dataset) == []
    assert "500 documents" in text_of(made["index.html"])


def test_what_a_document_says_besides_stands_on_the_event_page(world: Dataset, site: Site) -> None:
    event = world.reconciled.events[0]
    dropped = event.claim_ids[-1]
    answers = tuple(answer for answer in event.answers if answer.claim_id != dropped)
    events = (replace(event, claim_ids=event.claim_ids[:-1], answers=answers), *world.reconciled.events[1:])
    told = replace(world, reconciled=replace(world.reconciled, events=events))
    page = render_site(told, site)[f"events/{event.id}.html"].decode()
    assert "Also said in these documents" in page
    words = next(record.claim.text for record in world.reconciled.claims if record.id == dropped)
    assert words[:30] in html.unescape(page)


def test_dates_outside_the_claims_are_shown_with_a_little_of_their_sentence() -> None:
    text = (
        "Talk of models went on for years and years and years and years. The warning, issued on May 4, 2026, was brief."
    )
    start = text.index("May 4")
    mention = DateMention(start, start + 11, "May 4, 2026", date(2026, 5, 4), date(2026, 5, 4))
    quoted = Claim("statement", 0, 20, text[:20], None)
    (aside,) = build_asides(
        version("d", 1, text, "T"), Extraction("d.1", "relevant", dates=(mention,), claims=(quoted,))
    )
    assert aside.words == "May 4, 2026" and aside.reading == "4 May 2026"
    assert aside.before.endswith("The warning, issued on ") and len(aside.before) <= 60
    assert aside.after == ", was brief."
    inside = Claim("statement", 64, len(text), text[64:], None)
    assert not build_asides(
        version("d", 1, text, "T"), Extraction("d.1", "relevant", dates=(mention,), claims=(inside,))
    )
    assert not build_asides(version("d", 1, text, "T"), Extraction("d.1", "irrelevant", dates=(mention,)))


def _withdrawn(world: Dataset) -> Dataset:
    """The world with the letter's figures taken back by a second version of the page."""
    letter = world.documents[0]
    newer = version("doc-letter", 2, "Northwind Labs wrote a letter.", "A letter")
    changed = replace(
        letter,
        versions=(*letter.versions, newer),
        extractions=(*letter.extractions, Extraction(newer.id, "relevant")),
    )
    claims = tuple(
        replace(item, in_current_version=False) if item.document_id == letter.id else item
        for item in world.reconciled.claims
    )
    return replace(
        world, documents=(changed, *world.documents[1:]), reconciled=replace(world.reconciled, claims=claims)
    )


def test_a_figure_that_was_taken_back_is_marked_and_is_no_key_figure(world: Dataset, site: Site) -> None:
    made = render_site(_withdrawn(world), site)
    row = re.search(
        r"<tr><th scope=\"row\"><a [^>]*><bdi[^>]*>over 24,000.*?</tr>",
        made["events/northwind-letter-2026-02.html"].decode(),
    )
    assert row and "no longer in the page</strong>: version 1 had it" in row[0]
    assert "over 24,000 fraudulent accounts" not in text_of(made["index.html"])
    assert "over 24,000 fraudulent accounts" in text_of(render_site(world, site)["index.html"])


def test_exported_figures_tell_their_version_and_whether_it_is_the_newest(world: Dataset) -> None:
    rows = export_records(_withdrawn(world), "figures")
    assert {(row["version"], row["in_current_version"]) for row in rows} == {
        ("doc-letter.1", False),
        ("memo-1.1", True),
    }


def test_what_recalls_another_event_is_linked_to_it(world: Dataset, site: Site) -> None:
    events = tuple(
        replace(event, claim_ids=tuple(key for key in event.claim_ids if key != "c-fix-2"))
        for event in world.reconciled.events
    )
    told = replace(world, reconciled=replace(world.reconciled, events=events))
    page = text_of(render_site(told, site)["events/umbra-claim-2026-02.html"])
    assert "recalls: Northwind Labs accuses Kestrel AI and Umbra in a letter" in page.partition("Also said in")[2]
    (row,) = [row for row in export_records(told, "claims") if row["id"] == "c-fix-2"]
    assert (row["events"], row["recalls"]) == ([], ["northwind-letter-2026-02"])


def test_a_bodys_own_statement_is_its_word_and_no_finding(pages: dict[str, bytes]) -> None:
    memo = text_of(pages["documents/memo-1.html"])
    assert "the issuer’s own word" in memo
    assert "reported by the document itself" in memo, "the note on a missing answer is the page's report"
    letter = text_of(pages["documents/doc-letter.html"])
    assert "reported as somebody’s word" in letter and "issuer’s own" not in letter


def test_a_charge_by_unnamed_people_is_not_the_documents_own(world: Dataset, site: Site) -> None:
    claims = tuple(
        replace(item, claim=replace(item.claim, speaker=None)) if item.id == "c-zh-1" else item
        for item in world.reconciled.claims
    )
    told = replace(world, reconciled=replace(world.reconciled, claims=claims))
    assert "Speaker nobody named in the text" in text_of(render_site(told, site)["documents/doc-zh.html"])


def test_an_owners_answer_stands_under_the_owners_name(world: Dataset, site: Site) -> None:
    letter = world.documents[0].versions[0]
    owners = record("c-owner", letter, "Umbra did not reply to two requests for comment.", "no_response", "kestrel",
                    accused=("umbra",))  # fmt: skip
    first = world.reconciled.events[0]
    events = (
        replace(first, answers=(Answer("umbra", "none_found", None), Answer("kestrel", "no_response", "c-owner"))),
    )
    told = replace(
        world,
        reconciled=replace(world.reconciled, events=events, claims=(*world.reconciled.claims, owners), redirects=()),
    )
    made = render_site(told, site)
    for page in (EVENT, "index.html"):
        assert re.search(r"Umbra ?:? No answer found|Umbra ?: no answer found", text_of(made[page])), page
        assert "Kestrel AI (owner of Umbra)" in text_of(made[page]), page


def test_who_answers_without_being_accused_is_marked(world: Dataset, site: Site) -> None:
    first = world.reconciled.events[0]
    answers = (Answer("kestrel", "denial", "c-letter-3"), Answer("northwind", "denial", "c-letter-3"))
    told = replace(world, reconciled=replace(world.reconciled, events=(replace(first, answers=answers),), redirects=()))
    page = text_of(render_site(told, site)[EVENT]).split("Each party answers for itself.")[1]
    kestrel, northwind = page.split("Northwind Labs denied", 1)
    assert "not accused here by name" not in kestrel and northwind.startswith(" not accused here by name")


def test_a_document_that_recalls_an_event_twice_is_listed_once(world: Dataset, site: Site) -> None:
    *others, last = world.reconciled.events
    event = replace(last, recalled_in=("c-letter-1", "c-letter-3"))
    made = render_site(replace(world, reconciled=replace(world.reconciled, events=(*others, event))), site)
    assert "Recalled in 1 " in text_of(made[f"events/{last.id}.html"])


def test_what_is_an_answer_in_another_event_is_linked_to_it(world: Dataset, site: Site) -> None:
    first, *between, last = world.reconciled.events
    events = (
        replace(first, claim_ids=tuple(key for key in first.claim_ids if key != "c-letter-4")),
        *between,
        replace(last, document_ids=(*last.document_ids, "doc-letter")),
    )
    told = replace(world, reconciled=replace(world.reconciled, events=events))
    page = text_of(render_site(told, site)[f"events/{last.id}.html"])
    assert f"answer in: {first.title}" in page.partition("Also said in")[2]
    assert "answer in:" not in text_of(render_site(world, site)[EVENT])


def test_a_documents_page_says_whose_text_it_is_and_what_was_changed(world: Dataset, site: Site) -> None:
    fixed = next(item for item in world.documents if item.id == "doc-fix")
    diff = "@@ -1,2 +1,2 @@\n Title\n-Umbra copied <b>Borealis</b> outright.\n+Northwind is still looking at Umbra."
    changed = replace(
        fixed, versions=(fixed.versions[0], replace(fixed.versions[1], diff=diff, dateline="OSLO (Wire)"))
    )
    group = CopyGroup("doc-letter", (Copy("doc-fix", 0.934), Copy("doc-zh", 0.5)), "named", None)
    documents = tuple(changed if item.id == "doc-fix" else item for item in world.documents)
    pages = render_site(replace(world, documents=documents, copies=(group,)), site)
    copy, original = (pages[f"documents/{name}.html"].decode() for name in ("doc-fix", "doc-letter"))
    assert "<dt>Copy of</dt>" in copy and "93% alike; the text names it" in copy and "OSLO (Wire)" in copy
    assert "<del>Umbra copied &lt;b&gt;Borealis&lt;/b&gt; outright.</del>" in copy
    assert "<ins>Northwind is still looking at Umbra.</ins>" in copy
    assert "Printed elsewhere" in original and "海港日报" in original
    assert "<dt>Copy of</dt>" not in original and "What was changed" not in original


def test_the_page_of_a_copy_names_the_first_of_many_others_and_leads_to_the_originals(
    world: Dataset, site: Site
) -> None:
    model = next(item for item in world.documents if item.id == "doc-zh")
    copies = tuple(
        replace(
            model, id=f"doc-zh-{n}", url=f"{model.url}-{n}",
            versions=tuple(replace(item, id=f"doc-zh-{n}.1", document_id=f"doc-zh-{n}") for item in model.versions[:1]),
            extractions=tuple(replace(item, document_id=f"doc-zh-{n}.1") for item in model.extractions[:1]),
        )
        for n in range(60)
    )  # fmt: skip
    group = CopyGroup("doc-letter", tuple(Copy(item.id, 0.9) for item in copies), "named", None)
    many = replace(world, documents=(*world.documents, *copies), copies=(group,))
    pages = render_site(many, site)
    copy, original = (pages[f"documents/{name}.html"].decode() for name in ("doc-zh-3", "doc-letter"))
    named = [item.id for item in copies if f"documents/{item.id}.html" in copy.partition("Other copies")[2]]
    assert len(named) == 50 and "doc-zh-3" not in named
    assert "and 9 more, which the" in copy and 'Other copies <span class="n">59</span>' in copy
    assert all(f"documents/{item.id}.html" in original for item in copies) and "more, which the" not in original


def test_an_agency_that_is_not_held_is_named_as_the_texts_own_word(world: Dataset, site: Site) -> None:
    group = CopyGroup("doc-letter", (Copy("doc-zh", 0.5),), "named", "Associated Press")
    page = render_site(replace(world, copies=(group,)), site)["documents/doc-letter.html"].decode()
    assert "<dt>Text by</dt>" in page and "Associated Press" in page


def test_exported_documents_name_their_original(world: Dataset) -> None:
    group = CopyGroup("doc-letter", (Copy("doc-fix", 0.93),), "earliest", None)
    records = {item["id"]: item for item in export_records(replace(world, copies=(group,)), "documents")}
    assert records["doc-fix"]["copy_of"] == "doc-letter" and records["doc-fix"]["similarity"] == 0.93
    assert records["doc-letter"]["copy_of"] is None and records["doc-letter"]["copies"] == ["doc-fix"]
    assert records["memo-1"]["copy_basis"] is None and records["memo-1"]["copies"] == []


def test_the_menu_leads_to_where_people_subscribe(site: Site) -> None:
    asked = site.model_copy(update={"subscribe_url": "https://serve.example/?a=1&b=2"})
    pages = render_site(build_world(), asked)
    assert not check_site(pages, build_world())
    assert b'<a href="https://serve.example/?a=1&amp;b=2">Subscribe</a>' in pages["index.html"]
    assert b">Subscribe<" not in render_site(Dataset(), site)["index.html"]
