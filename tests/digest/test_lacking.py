"""An edition that lacks much of what the last one had is not told as news."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.digest.editions import Published, edition, story
from tests.digest.telling_world import LINKS, SETTINGS
from tests.reconcile.builders import charge
from tracker.digest.lacking import describe_lack
from tracker.digest.telling import render_message
from tracker.errors import InputError
from tracker.pipeline.cutting import cut
from tracker.store.subscriptions import open_subscriptions
from tracker.types import Fact

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def facts(*keys: str) -> dict[str, Fact]:
    return {key: Fact(key, 1, {}) for key in keys}


def events(*numbers: int) -> dict[str, Fact]:
    return facts(*(f"event:e{number}" for number in numbers))


@pytest.mark.parametrize(
    ("had", "has", "is_too_little"),
    [
        (30, 20, False),
        (30, 19, True),
        (27, 18, False),  # nine
        (9, 3, False),  # six: less than ten, and not all
        (3, 0, True),
        (1, 0, True),
        (0, 0, False),
    ],
)
def test_a_third_may_lack_and_of_few_all_but_one(had: int, has: int, is_too_little: bool) -> None:
    lack = describe_lack(events(*range(had)), events(*range(has)) | facts("dispute:d"))
    assert bool(lack) is is_too_little
    assert lack == "" or f"{had - has} of the {had} events" in lack


def test_what_was_joined_or_hidden_does_not_lack() -> None:
    others = facts(*(f"redirect:e{n}" for n in range(15)), *(f"withdrawn:event/e{n}" for n in range(15, 30)))
    assert describe_lack(events(*range(30)), others) == ""


def test_an_edition_of_nothing_keeps_and_tells_nothing_until_it_is_accepted(tmp_path: Path) -> None:
    full = edition(story("a", charge("Lumen accused Garnet of copying Prism.", on="2026-03-01")))
    file = tmp_path / "tracker.db"
    with open_subscriptions(f"sqlite:///{tmp_path / 'subscribers.db'}") as store:

        def comes(published: Published, day: int, *, accepting: bool = False) -> int:
            file.write_bytes(published.body)
            at = NOW + timedelta(days=day)
            cut(store, file, SETTINGS, at, lambda who, what: render_message(who, what, SETTINGS, LINKS),
                accepting=accepting)  # fmt: skip
            return len(store.load_changes(0))

        comes(full, 0)
        before = store.load_edition(), store.load_facts()
        with pytest.raises(InputError, match=r"1 of the 1 events .*tracker digest run --accept-edition"):
            comes(edition(), 1)
        assert (store.load_edition(), store.load_facts()) == before
        assert comes(full, 2) == 0  # as if nothing had been
        assert comes(edition(), 3, accepting=True) > 0
        assert store.load_edition() != before[0]
