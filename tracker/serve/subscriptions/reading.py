"""What subscribers read here: a digest whole, and all of theirs as a feed."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from tracker.digest.telling.feeds import MAX_ENTRIES, atom_feed, json_feed, make_feed
from tracker.digest.telling.htmlbody import html_of
from tracker.digest.telling.shown import show_digest
from tracker.digest.telling.wording import subject_of
from tracker.digest.tokens import TokenRefused
from tracker.serve.subscriptions.answers import KEPT_BY_NOBODY, MAIL_POLICY
from tracker.serve.subscriptions.asked import Asked
from tracker.serve.subscriptions.office import Office
from tracker.types.digests import Digest, DigestGroup


def read_digest(office: Office, asked: Asked) -> Response:
    """A digest as it was sent, and what was over its cap. Who is shown it by its reader cannot act for them.

    Raises:
        TokenRefused: see `Office.admit`; also of a digest that is not kept any more.
    """
    one, token = office.admit(asked.token, "digest")
    kept = office.store.find_digest(token.subject)
    if kept is None or kept.digest is None or kept.digest.subscriber_id != one.id:
        raise TokenRefused("revoked")
    shown = show_digest(one, whole_digest(kept.digest), office.settings, office.links)
    shown = replace(shown, manage_url="", unsubscribe_url="", digest_url="")
    body = html_of(shown, subject_of(kept.digest, office.settings.site.title))
    headers = {**KEPT_BY_NOBODY, "Content-Security-Policy": MAIL_POLICY}
    return Response(body, headers=headers, media_type="text/html")


def whole_digest(digest: Digest) -> Digest:
    """A digest in which nothing is left out."""
    if not digest.rest:
        return digest
    more = DigestGroup("Over what the message holds", "", digest.rest)
    return replace(digest, groups=(*digest.groups, more), left_out=0, rest=())


def read_feed(office: Office, asked: Asked) -> Response:
    """The newest digests of a subscriber as Atom, or with `format=json` as JSON Feed.

    Raises:
        TokenRefused: see `Office.admit`.
    """
    one, _ = office.admit(asked.token, "feed")
    digests = [item.digest for item in office.store.load_digests(subscriber_id=one.id) if item.digest is not None]
    as_json = asked.query.get("format") == "json"
    address = f"{office.links.form_url}feed?t={asked.token}{'&format=json' if as_json else ''}"
    begun_at = one.created_at or office.now()
    feed = make_feed(one, digests[-MAX_ENTRIES:], office.settings, office.links, address, begun_at)
    media_type = "application/feed+json" if as_json else "application/atom+xml"
    return Response(json_feed(feed) if as_json else atom_feed(feed), headers=KEPT_BY_NOBODY, media_type=media_type)
