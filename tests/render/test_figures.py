from __future__ import annotations

from tracker.render.figures import choose_key_figures
from tracker.types import Figure


def figure(kind: str, low: float | None, qualifier: str, text: str, document: str = "d1") -> Figure:
    return Figure(kind, low, None, qualifier, None, text, "c", None, (), document)  # type: ignore[arg-type]


def test_best_attested_values_of_each_kind_come_first() -> None:
    figures = [
        figure("exchanges", 1000, "over", "over 1,000 exchanges"),
        figure("exchanges", 16e6, "over", "more than 16 million exchanges"),
        figure("accounts", 200, "vague", "hundreds of accounts"),
        figure("accounts", 20000, "over", "over 20,000 accounts"),
        figure("accounts", 24000, "about", "some 24,000 accounts"),
        figure("accounts", 24000, "about", "roughly 24,000 accounts", "d2"),
    ]
    chosen, more = choose_key_figures(figures)
    assert [item.text for item in chosen] == [
        "some 24,000 accounts", "over 20,000 accounts", "more than 16 million exchanges", "over 1,000 exchanges",
    ]  # fmt: skip
    assert more == 1


def test_one_number_with_two_qualifiers_stays_two_values() -> None:
    chosen, more = choose_key_figures([figure("accounts", 24000, "over", "a"), figure("accounts", 24000, "about", "b")])
    assert (len(chosen), more) == (2, 0)


def test_no_figures() -> None:
    assert choose_key_figures([]) == ((), 0)
