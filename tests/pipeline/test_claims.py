"""Claims: what one source visits, another does not, as long as it could not know of it."""

from __future__ import annotations

from tracker.pipeline.claims import Claims


def test_a_page_is_taken_once_by_all_who_looked_before_it_was_on_record() -> None:
    claims = Claims()
    with claims.look() as late:
        with claims.look() as early:
            assert claims.take("a", early) and not claims.take("a", early)
            assert not claims.take("a", late), "it is being visited"
            assert claims.take("b", late)
        assert not claims.take("a", late), "it was visited after this look"
        with claims.look() as after:
            assert claims.take("a", after), "whether it is due was looked up since"
    assert not claims._held and not claims._kept, "nothing is remembered without need"
