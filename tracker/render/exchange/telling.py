"""What is told of a claim in formats that know no claims: who says it, of whom in whose words, and on whose page.

An allegation is somebody's word. So every text that stands for one names the speaker, keeps the document's own words
for the accused where these say less than a name, and leads to the page.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.render.accusedwords import accuses_by_name
from tracker.render.database.values import day, storable
from tracker.render.passages import page_of
from tracker.render.paths import document_path, file_stem, text_fragment_url
from tracker.render.views import Views
from tracker.render.wording import CLAIM_TYPE_WORDS, shorten
from tracker.types import ClaimRecord, Entity

NO_FINDING = "What is claimed is somebody's word, in the words of the page that reports it; it is no finding."
REGISTER_WORD = "By the tracker's register of names, which does not tell an owner from a maker or a larger body."
_MOST_NAME_CHARS = 200


def name_of(views: Views, id: str) -> str:
    """A party's name in one line; its id where the dataset lacks it."""
    return shorten(views.party(id).name, _MOST_NAME_CHARS) or id


def names_of(views: Views, ids: Iterable[str]) -> str:
    """Parties' names, one after the other."""
    return ", ".join(name_of(views, key) for key in dict.fromkeys(ids))


def speaker_words(views: Views, record: ClaimRecord) -> str:
    """ "Mara Lindqvist for Kestrel AI", or that nobody is named."""
    claim = record.claim
    speaker = name_of(views, claim.speaker) if claim.speaker else "nobody that is named"
    return f"{speaker} for {name_of(views, claim.on_behalf_of)}" if claim.on_behalf_of else speaker


def accused_words(views: Views, record: ClaimRecord) -> str:
    """ "Kestrel AI, in the words “operators affiliated with Kestrel AI”"; "" where nobody is accused."""
    claim = record.claim
    if claim.accused_as:
        lesser = f"in the words “{shorten(claim.accused_as, _MOST_NAME_CHARS)}”"
        return ", ".join(filter(None, (names_of(views, claim.accused), lesser)))
    hidden = () if claim.type != "allegation" else _not_named(views, record)
    named = [key for key in claim.accused if key not in hidden]
    lesser = f"{names_of(views, hidden)} (not by name in the words quoted, or not known to be)" if hidden else ""
    return ", ".join(filter(None, (names_of(views, named), lesser)))


def _not_named(views: Views, record: ClaimRecord) -> tuple[str, ...]:
    accused = record.claim.accused
    return tuple(key for key in accused if not accuses_by_name(views.catalogue, record, key))


def claim_head(views: Views, record: ClaimRecord) -> str:
    """One line: what kind of word, whose, whom it accuses, on whose page and when."""
    accused = accused_words(views, record)
    document = views.catalogue.documents[record.document_id]
    on = published_day(views, record)
    parts = [
        f"{CLAIM_TYPE_WORDS[record.claim.type]} by {speaker_words(views, record)}",
        f"accused: {accused}" if accused else "",
        f"as {shorten(document.publisher, 80) or 'a document'} reports" + (f" on {on}" if on else ""),
    ]
    return "; ".join(filter(None, parts))


def quote_of(record: ClaimRecord) -> str:
    """The exact words, as long as in the page's text: what no file can hold is replaced one for one."""
    return str(storable(record.claim.text))


def published_day(views: Views, record: ClaimRecord) -> str | None:
    """YYYY-MM-DD of the words."""
    return day(record.published_on or views.catalogue.versions[record.version_id].published)


def link_of(views: Views, record: ClaimRecord) -> str | None:
    """The page at these words; None where it has no address, or no longer has the words."""
    if not record.in_current_version:
        return None
    version = views.catalogue.versions[record.version_id]
    document = views.catalogue.documents[record.document_id]
    return text_fragment_url(document.url, record.claim.text, page_of(version, record.claim.start))


def claim_page(views: Views, record: ClaimRecord) -> str:
    """Where the site shows the words in place; from the site's top where it has no address."""
    return f"{views.base}{document_path(record.document_id)}#{file_stem(record.id)}"


def standing_note(entity: Entity) -> str | None:
    """What must be known of a name that nobody has looked at."""
    return None if entity.known else "A name that only documents gave; nobody has said yet what it is."
