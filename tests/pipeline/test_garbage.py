from __future__ import annotations

import gc

import pytest

from tracker.pipeline.garbage import rarely_collected


def test_garbage_is_looked_for_less_often_within_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="whatever"), rarely_collected():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > before[0]
        raise ValueError("whatever goes wrong")
    assert gc.get_threshold() == before


def test_cycles_are_still_found_within() -> None:
    class Link:
        alive = 0

        def __init__(self) -> None:
            self.own = self
            Link.alive += 1

        def __del__(self) -> None:
            Link.alive -= 1

    @rarely_collected()
    def make(count: int) -> int:
        for _ in range(count):
            Link()
        return Link.alive

    assert make(200_000) < 150_000
