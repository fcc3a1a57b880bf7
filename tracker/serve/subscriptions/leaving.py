"""Confirming an address, and leaving: what every mail links to."""

from __future__ import annotations

from starlette.responses import Response

from tracker.digest.enrolling import BY_LINK, LEFT, confirmed, left
from tracker.digest.telling.notices import render_notice
from tracker.digest.tokens import TokenRefused
from tracker.errors import InputError
from tracker.serve.subscriptions.answers import page, told
from tracker.serve.subscriptions.asked import Asked
from tracker.serve.subscriptions.office import Office
from tracker.serve.subscriptions.showing import show_subscriber


def confirm(office: Office, asked: Asked) -> Response:
    """GET asks, POST confirms; what is confirmed already is said to be so.

    Raises:
        TokenRefused: see `Office.admit`; also of a subscription that has ended since.
    """
    one, _ = office.admit(asked.token, "confirm")
    if one.state in ("active", "paused"):
        return told(office.settings, "Your digests are confirmed", "There is nothing more to do here.")
    if one.state != "pending":
        raise TokenRefused("revoked")
    if not asked.is_post:
        return page(office.settings, "confirm.html", {"shown": show_subscriber(office, one)})
    now = office.now()
    active = confirmed(one, now, BY_LINK)
    try:
        office.store.save_subscriber(active)
    except InputError:  # another request of the same reader was confirmed first
        lines = (
            "Digests are sent to this address already, so these rules were not added.",
            "Ask for a link to change what you are told, and add them there.",
        )
        return told(office.settings, "You are told already", *lines, status=409, form=True)
    if office.settings.digests.mail is not None:
        office.store.save_message(one.id, render_notice(active, "welcome", office.settings, office.links, now), now)
    told_again = "A mail with a link to change them is on its way. Every digest has a link to leave."
    return told(office.settings, "Your digests are confirmed", told_again)


def unsubscribe(office: Office, asked: Asked) -> Response:
    """GET asks, POST leaves at once, whatever its body (RFC 8058); who has left is told so again.

    Raises:
        TokenRefused: see `Office.admit`.
    """
    one, _ = office.admit(asked.token, "unsubscribe")
    has_left = one.state == "disabled" and one.state_why == LEFT
    if not asked.is_post and not has_left:
        return page(office.settings, "unsubscribe.html", {"shown": show_subscriber(office, one)})
    if not has_left:
        office.store.save_subscriber(left(one))
    lines = (
        "No more digests are sent to you.",
        "What you watched is kept until you have it erased; who subscribes anew is asked to confirm it again.",
    )
    return told(office.settings, "You have left", *lines, form=True)
