"""A digest as it is shown: every sentence, quote and address ready, for text, HTML and cards alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.config import Settings
from tracker.days import day_words
from tracker.digest.links import Links
from tracker.digest.telling.wording import (
    is_whole_event,
    label_of,
    local_words,
    plain,
    plain_name,
    shorten_told,
    told_sentence,
)
from tracker.digest.window import OF_WHAT_STOOD, is_event_gain
from tracker.render.paths import safe_url
from tracker.render.wording import CLAIM_TYPE_WORDS, bare_name, count_words, shorten
from tracker.types.changes import Change, ChangeKind, Evidence
from tracker.types.digests import Digest, DigestItem
from tracker.types.watching import Subscriber

MAX_QUOTES = 3
"""Of one change; the others stand on its page."""
MAX_TITLE = 500
MAX_QUOTE = 700
_OF_EVENT: frozenset[ChangeKind] = OF_WHAT_STOOD | {"event", "conflict", "status", "stage"}
"""Kinds whose sources are those of the event."""
_MAX_NAME = 120
_MAX_WORDS = 200


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Words of a source, and whose they are."""

    label: str
    """"Now", "Before", or ""."""
    words: str
    language: str
    speaker: str
    via: str
    """What stands between the speaker and the place: a page's words need not be those of whom it names."""
    accused_as: str
    """The page's own words for the accused where these say less than the name."""
    where: str
    """Publisher, title and day of the page."""
    link: str
    """The page at these words; "" where it has no address."""
    page: str
    """Our permalink; "" where our site has no address."""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One change."""

    label: str
    sentence: str
    facts: str
    """Day, sources, before and after, in one line."""
    quotes: tuple[ShownQuote, ...]
    quotes_left: int
    page: str
    told_page: str
    """Of a correction: the digest that told it."""
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """What there is about one entity or dispute."""

    heading: str
    page: str
    items: tuple[ShownItem, ...]


@dataclass(frozen=True, slots=True)
class ShownDigest:
    """A whole digest."""

    site: str
    site_url: str
    name: str
    number: int
    summary: str
    """One line: how many changes since when."""
    corrections: tuple[ShownItem, ...]
    groups: tuple[ShownGroup, ...]
    left_out: int
    left_words: str
    digest_url: str
    manage_url: str
    """Holds for a day; `form_url` gives another."""
    form_url: str
    unsubscribe_url: str
    leave_words: str
    """How to leave where no address does it."""
    cut: str
    edition: str
    licence: str
    licence_url: str


def show_digest(subscriber: Subscriber, digest: Digest, settings: Settings, links: Links | None) -> ShownDigest:
    """Everything that a digest shows, in the reader's time zone."""
    base = settings.site.base_url or ""
    zone, at = subscriber.timezone, digest.cut_at

    def shown(item: DigestItem, *, correction: bool = False) -> ShownItem:
        told = links.digest_url(subscriber, item.told.digest_id, at) if links and correction and item.told else ""
        sentence = told_sentence(item, zone) if correction else plain(item.change.title)
        return _show_item(item, sentence, base, told)

    return ShownDigest(
        site=settings.site.title,
        site_url=base,
        name=subscriber.name,
        number=digest.number,
        summary=summary_of(digest, zone),
        corrections=tuple(shown(item, correction=True) for item in digest.corrections),
        groups=tuple(
            ShownGroup(
                shorten(group.heading, _MAX_NAME), _page(group.page, base), tuple(shown(item) for item in group.items)
            )
            for group in digest.groups
        ),
        left_out=digest.left_out,
        left_words=f"and {digest.left_out:,} more" if digest.left_out else "",
        digest_url=links.digest_url(subscriber, digest.id, at) if links else "",
        manage_url=links.manage_url(subscriber, at) if links else "",
        form_url=links.form_url if links else "",
        unsubscribe_url=links.unsubscribe_url(subscriber, at) if links else "",
        leave_words=leave_words(settings),
        cut=local_words(digest.cut_at, zone),
        edition=digest.edition[:12],
        licence=settings.site.licence,
        licence_url=settings.site.licence_url,
    )


def leave_words(settings: Settings) -> str:
    """How to leave where no link does it."""
    mail = settings.digests.mail
    return f"To leave, write to {mail.reply_to or mail.sender}." if mail else "To leave, ask who runs this tracker."


def summary_of(digest: Digest, zone: str) -> str:
    """How much there is, and since when: "2 changes and 1 correction since 23 June 2026, 08:00 UTC"."""
    since = f" since {local_words(digest.since, zone)}" if digest.since else ""
    if digest.is_empty:
        return f"Nothing changed in what you watch{since}."
    changes = sum(len(group.items) for group in digest.groups) + digest.left_out
    parts = [count_words(changes, "change")] if changes else []
    parts += [count_words(len(digest.corrections), "correction")] if digest.corrections else []
    return f"{' and '.join(parts)}{since}"


def _show_item(item: DigestItem, sentence: str, base: str, told_page: str) -> ShownItem:
    change = item.change
    quotes, left = show_quotes(change, base)
    return ShownItem(
        label=_label(change),
        sentence=shorten_told(sentence, MAX_TITLE),
        facts=facts_of(change),
        quotes=quotes,
        quotes_left=left,
        page=_page(change.page, base),
        told_page=told_page,
        why=tuple(plain(why) for why in item.why),
    )


def show_quotes(change: Change, base: str) -> tuple[tuple[ShownQuote, ...], int]:
    """(the quotes that show a change, how many more there are); none of what people withdrew."""
    if change.kind == "withdrawn":
        return (), 0
    now = "Now" if change.evidence_before else ""
    quotes = [_show_quote(one, now, base) for one in change.evidence[:MAX_QUOTES]]
    quotes += [_show_quote(one, "Before", base) for one in change.evidence_before[:MAX_QUOTES]]
    return tuple(quotes), len(change.evidence) + len(change.evidence_before) - len(quotes)


def _label(change: Change) -> str:
    if change.kind == "event" and change.event_type is not None:
        return CLAIM_TYPE_WORDS[change.event_type]
    return label_of(change)


def facts_of(change: Change) -> str:
    """When it happened, what it was before and is now, and how many sources say so, in one line."""
    stood = "event of " if change.kind in OF_WHAT_STOOD else ""
    parts = [f"{stood}{day_words(change.happened_on)}"] if change.happened_on else []
    is_said = bool(change.evidence_before) or is_whole_event(change) or is_event_gain(change)
    if change.before and change.kind != "withdrawn" and not is_said:
        now = f"; now: {shorten(change.after, _MAX_WORDS)}" if change.after else ""
        parts.append(f"before: {shorten(change.before, _MAX_WORDS)}{now}")
    if change.independent_sources:
        before = (
            f" (it was {change.sources_before:,})" if 0 < change.sources_before != change.independent_sources else ""
        )
        parts.append(_sources_words(change, before))
    return " · ".join(parts)


def _sources_words(change: Change, before: str) -> str:
    """How many sources, and of what: a count of the event is none of a figure or of words in it."""
    count = count_words(change.independent_sources, "independent source")
    if change.kind not in _OF_EVENT and not is_event_gain(change):
        return count + before
    has_figure = (change.kind == "event" or is_event_gain(change)) and any(map(str.isdigit, change.event_title))
    of_figures = ", not each of its figures" if has_figure and change.independent_sources > 1 else ""
    return f"the event has {count}{before}{of_figures}"


def _show_quote(evidence: Evidence, label: str, base: str) -> ShownQuote:
    return ShownQuote(
        label=label,
        words=shorten(evidence.quote, MAX_QUOTE),
        language=evidence.language,
        speaker=speaker_of(evidence),
        via="as given by" if is_reported(evidence) else "in",
        accused_as=shorten(evidence.accused_as, _MAX_NAME),
        where=place_of(evidence),
        link=safe_url(evidence.link) or "",
        page=_page(evidence.page, base),
    )


def speaker_of(evidence: Evidence) -> str:
    """Who says it, and for whom; that nobody is named is said too."""
    speaker = plain_name(shorten(evidence.speaker_name, _MAX_NAME))
    behalf = plain_name(shorten(evidence.on_behalf_of_name, _MAX_NAME))
    if behalf and behalf != speaker:
        return f"{speaker or 'somebody not named'} for {behalf}"
    return speaker or "no speaker named"


def is_reported(evidence: Evidence) -> bool:
    """Whether a page gives the word of somebody else than its publisher."""
    named = evidence.speaker_name or evidence.on_behalf_of_name
    return bool(named) and bare_name(named) != bare_name(evidence.publisher)


def place_of(evidence: Evidence) -> str:
    """Where the words stand: publisher, title, day."""
    title = f"“{plain_name(shorten(evidence.document_title, _MAX_NAME))}”" if evidence.document_title.strip() else ""
    day = day_words(evidence.published_on) if evidence.published_on else "undated"
    return ", ".join(part for part in (plain_name(shorten(evidence.publisher, _MAX_NAME)), title, day) if part)


def _page(page: str, base: str) -> str:
    """A permalink that can be opened from a mail: whole, or none."""
    return safe_url(page if "://" in page else base + page if base and page else "") or ""


def all_items(shown: ShownDigest) -> Sequence[ShownItem]:
    """Corrections, then the items of each group."""
    items: Iterable[ShownItem] = (item for group in shown.groups for item in group.items)
    return (*shown.corrections, *items)
