"""Signed links: what each proves, and that nothing else passes for one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config import Digests, Settings
from tracker.digest.keys import load_keys
from tracker.digest.links import Links, load_links
from tracker.digest.tokens import LIFETIMES, PURPOSES, Purpose, Token, TokenRefused, Tokens
from tracker.errors import ConfigError
from tracker.types.watching import Subscriber, WatchRule

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
OLD, NEW = "o" * 32, "n" * 40
TOKENS = Tokens([NEW])
KATE = Subscriber("k7Qz", "kate", "mail", "kate@mail.example", (WatchRule(entities=("alibaba",)),), token_version=3)


def refusal(tokens: Tokens, text: str, purpose: Purpose = "manage", now: datetime = NOW) -> str:
    with pytest.raises(TokenRefused) as told:
        tokens.read(text, purpose, now)
    assert len(text) < 10 or text[:40] not in str(told.value)
    return told.value.reason


@given(st.sampled_from(PURPOSES), st.text(max_size=40), st.integers(0, 10**6), st.text(max_size=80))
def test_what_was_signed_is_read_for_its_purpose_alone(purpose: Purpose, id: str, version: int, subject: str) -> None:
    token = Token(purpose, id, version, subject)
    text = TOKENS.sign(token, NOW)
    if len(text) > 500:
        return
    assert TOKENS.read(text, purpose, NOW) == token
    for other in PURPOSES:
        if other != purpose:
            assert refusal(TOKENS, text, other) == "purpose"


@given(st.data())
def test_one_character_otherwise_or_less_is_refused(data: st.DataObject) -> None:
    text = TOKENS.sign(Token("unsubscribe", "k7Qz", 1), NOW)
    at = data.draw(st.integers(0, len(text) - 2))  # the last one carries bits that base64 leaves unused
    other = data.draw(st.characters(codec="ascii").filter(lambda mark: mark != text[at]))
    assert refusal(TOKENS, text[:at] + other + text[at + 1 :], "unsubscribe") in ("forged", "incomplete", "missing")
    assert refusal(TOKENS, text[: at + 1], "unsubscribe") == "incomplete"


@given(st.text(max_size=700))
def test_whatever_stands_in_a_link_is_refused_and_never_an_error_of_ours(text: str) -> None:
    assert refusal(TOKENS, text) in ("missing", "incomplete", "forged")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_links_to_confirm_and_manage_expire_and_those_to_leave_do_not(purpose: Purpose) -> None:
    text = TOKENS.sign(Token(purpose, "k7Qz", 1), NOW)
    lifetime = LIFETIMES.get(purpose)
    assert TOKENS.read(text, purpose, NOW + (lifetime or timedelta(days=4000))).subscriber_id == "k7Qz"
    if lifetime:
        assert refusal(TOKENS, text, purpose, NOW + lifetime + timedelta(seconds=1)) == "expired"


def test_a_link_of_another_purpose_does_not_pass_for_an_expired_one() -> None:
    text = TOKENS.sign(Token("unsubscribe", "k7Qz", 1), NOW)
    assert refusal(TOKENS, text, "manage", NOW + timedelta(days=400)) == "purpose"


def test_an_old_key_is_accepted_beside_the_new_one_until_it_is_taken_out() -> None:
    text = Tokens([OLD]).sign(Token("feed", "k7Qz", 1), NOW)
    assert Tokens([NEW, OLD]).read(text, "feed", NOW).subscriber_id == "k7Qz"
    assert refusal(Tokens([NEW]), text, "feed") == "forged"
    both = Tokens([NEW, OLD]).sign(Token("feed", "k7Qz", 1), NOW)
    assert Tokens([NEW]).read(both, "feed", NOW).subscriber_id == "k7Qz"


def test_links_say_nothing_of_who_it_is_and_lead_below_the_public_address() -> None:
    links = Links("https://tracker.example/below/", TOKENS)
    urls = [
        links.confirm_url(KATE, NOW),
        links.manage_url(KATE, NOW),
        links.unsubscribe_url(KATE, NOW),
        links.feed_url(KATE, NOW),
        links.digest_url(KATE, "dg-1", NOW),
    ]
    for purpose, url in zip(PURPOSES, urls, strict=True):
        parts = urlsplit(url)
        assert (parts.netloc, parts.path) == ("tracker.example", f"/below/subscriptions/{purpose}")
        token = TOKENS.read(parse_qs(parts.query)["t"][0], purpose, NOW)
        assert (token.subscriber_id, token.version) == ("k7Qz", 3)
        assert "kate" not in url and "mail" not in url and len(url) < 200


def settings(folder: Path, **digests: str) -> Settings:
    return Settings(data_dir=folder / "var", digests=Digests.model_validate(digests))


def test_a_key_is_made_once_for_its_owner_alone_and_only_where_links_are_made(tmp_path: Path) -> None:
    assert load_links(settings(tmp_path)) is None and not (tmp_path / "var").exists()
    assert load_links(settings(tmp_path, public_url="https://tracker.example")) is not None
    path = tmp_path / "var/digests.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(settings(tmp_path)) == (path.read_text().strip(),)
    assert [item.name for item in path.parent.iterdir()] == ["digests.key"]


def test_those_who_make_the_key_at_once_have_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: load_keys(settings(tmp_path)), range(24)))) == 1


@pytest.mark.parametrize(
    "text", ["", "\n\n", "short\n", f"{NEW}\nshort\n", "\n".join([NEW + str(n) for n in range(11)])]
)
def test_a_key_file_that_holds_no_good_key_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/digests.key").write_text(text)
    with pytest.raises(ConfigError, match=r"digests\.key"):
        load_keys(settings(tmp_path))


def test_a_key_of_the_environment_is_taken_and_its_lack_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(tmp_path, secret_env="LINK_KEY")
    monkeypatch.delenv("LINK_KEY", raising=False)
    with pytest.raises(ConfigError, match="LINK_KEY"):
        load_keys(given)
    monkeypatch.setenv("LINK_KEY", f"{NEW} {OLD}")
    assert load_keys(given) == (NEW, OLD) and not (tmp_path / "var").exists()
    monkeypatch.setenv("LINK_KEY", "too-short")
    with pytest.raises(ConfigError, match="32 characters"):
        load_keys(given)
