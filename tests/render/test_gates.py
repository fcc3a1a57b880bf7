from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.config import Site
from tracker.render import Kept, check_build, check_site, render_site
from tracker.render.page_gates import place_sum
from tracker.types import Dataset, Reconciled

EVENT = "events/northwind-letter-2026-02.html"


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (EVENT, b"#c-letter-1", b"#c-letter-9", "leads to no place on its page"),
        ("index.html", b'href="about.html"', b'href="abuot.html"', "leads to no file of the site"),
        ("index.html", b'href="about.html"', b'href="/about.html"', "does not start from its own page"),
        ("index.html", b'href="about.html"', b'href="javascript:x"', "neither http nor https"),
        ("index.html", b'href="assets/site.css"', b'href="https://cdn.example/x.css"', "from outside the site"),
        ("index.html", b"</body>", b"<script>x</script></body>", "loads <script> from outside"),
        ("index.html", b"<main", b'<main onclick="x()"', "loads <main onclick> from outside"),
        ("index.html", b"</body>", b'<p style="background: url(//cdn.example/a.png)">x</p></body>', "loads //cdn.example/a.png"),
        ("index.html", b"</body>", b'<img srcset="https://cdn.example/a.png 2x" src="x"></body>', "loads https://cdn.example/a.png"),
        ("index.html", b"</body>", b'<svg><use href="https://cdn.example/a.svg#b"/></svg></body>', "loads https://cdn.example/a.svg"),
        ("index.html", b"</body>", b'<form action="https://ask.example/" id="f"></form><a href="//[x">y</a></body>', "is no address"),
        ("index.html", b"</body>", b'<p id="main">x</p></body>', "these ids stand more than once: main"),
        (EVENT, b"used over 24,000 fraudulent", b"used 24,000 fraudulent", "is not what its version says"),
        ("documents/doc-letter.html", b">over 24,000 fraudulent", b">24,000 fraudulent", "is not what its version says"),
        ("documents/doc-zh.html", b'data-claims="c-zh-1"', b"", "the words of claim c-zh-1 are not marked"),
        ("sources.html", b'data-source="courier">3<', b'data-source="courier">4<', "documents add up to 6"),
    ],
)  # fmt: skip
def test_a_spoilt_page_is_caught(
    pages: dict[str, bytes], world: Dataset, path: str, old: bytes, new: bytes, message: str
) -> None:
    assert old in pages[path]
    problems = check_site(pages | {path: pages[path].replace(old, new)}, world)
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize("path", [EVENT, "documents/doc-letter.html", "sources.html"])
def test_a_missing_page_is_caught(pages: dict[str, bytes], world: Dataset, path: str) -> None:
    left = {key: body for key, body in pages.items() if key != path}
    assert check_site(left, world)


def test_a_span_that_does_not_hold_its_words_is_caught(world: Dataset, site: Site) -> None:
    first = world.reconciled.claims[0]
    moved = replace(first, claim=replace(first.claim, start=first.claim.start + 1, end=first.claim.end + 1))
    dataset = replace(world, reconciled=replace(world.reconciled, claims=(moved, *world.reconciled.claims[1:])))
    problems = check_site(render_site(dataset, site), dataset)
    assert any("claim c-letter-1: its words are not those of doc-letter.1" in problem for problem in problems)


def test_a_text_that_is_not_the_one_on_record_is_caught(world: Dataset, site: Site) -> None:
    first = world.documents[0]
    other = replace(first.versions[0], text_sha256="0" * 64)
    dataset = replace(world, documents=(replace(first, versions=(other,)), *world.documents[1:]))
    problems = check_site(render_site(dataset, site), dataset)
    assert problems == ["version doc-letter.1: its text does not have the SHA-256 that is on record for it"]


def test_a_style_sheet_that_loads_from_elsewhere_is_caught(pages: dict[str, bytes], world: Dataset) -> None:
    for rule in (b"@import 'https://cdn.example/x.css';", b"p { background: url( //cdn.example/x.png ) }"):
        spoilt = pages | {"assets/site.css": pages["assets/site.css"] + rule}
        assert any("assets/site.css: loads" in problem for problem in check_site(spoilt, world))


def test_references_to_nothing_are_caught(world: Dataset, site: Site) -> None:
    reconciled = replace(world.reconciled, claims=world.reconciled.claims[1:], redirects=(("gone", "nowhere"),))
    dataset = replace(world, reconciled=reconciled, documents=world.documents[:-2])
    problems = check_site(render_site(dataset, site), dataset)
    assert "event northwind-letter-2026-02: there is no claim c-letter-1" in problems
    assert "event campaign-2025: there is no document doc-fix" in problems
    assert "claim c-fix-1: document doc-fix has no version doc-fix.1" in problems
    assert "redirect of event gone: there is no event nowhere" in problems


def test_a_claim_in_an_old_version_must_say_so(world: Dataset, site: Site) -> None:
    claims = tuple(replace(item, in_current_version=True) for item in world.reconciled.claims)
    dataset = replace(world, reconciled=replace(world.reconciled, claims=claims))
    assert any("c-fix-1: whether its words" in item for item in check_site(render_site(dataset, site), dataset))


def test_source_records_must_match_the_documents(world: Dataset, site: Site) -> None:
    sources = (replace(world.sources[0], documents=99), *world.sources[1:])
    dataset = replace(world, sources=sources)
    problems = check_site(render_site(dataset, site), dataset)
    assert problems == ["source courier: its record counts 99 documents, the dataset has 3"]


def test_events_must_not_vanish(world: Dataset, site: Site) -> None:
    dataset = replace(world, reconciled=Reconciled())
    made = render_site(dataset, site)
    assert check_site(made, dataset, previous_event_count=0) == []
    assert check_site(made, dataset, previous_event_count=7) == ["there are no events, where the site before had 7"]


@pytest.mark.parametrize("is_on_record", [True, False])
def test_a_kept_page_that_leads_to_a_lost_place_is_caught(
    pages: dict[str, bytes], world: Dataset, is_on_record: bool
) -> None:
    """A page that is made anew has lost a place; only from the record, or from the page as it stands, is that known."""
    target = "documents/doc-letter.html"
    findings = check_build(pages, Kept(), world)
    assert EVENT in findings.links and place_sum(target, "c-letter-1") in findings.links[EVENT]
    kept = Kept(
        paths=frozenset(pages.keys() - {target}),
        read=pages.get,
        linking=lambda sums: [path for path, links in findings.links.items() if path != target and sums & {*links}],
        places=findings.places.get if is_on_record else lambda path: None,
    )
    assert not check_build({target: pages[target]}, kept, world).problems
    spoilt = {target: pages[target].replace(b' id="c-letter-1"', b' id="c-letter-x"')}
    problems = check_build(spoilt, kept, world).problems
    assert any(problem.startswith(f"{EVENT}: the link") and "no place on its page" in problem for problem in problems)
