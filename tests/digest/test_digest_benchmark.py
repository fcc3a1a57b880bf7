"""The benchmark of digests keeps in step with what it measures."""

from benchmarks.digest import measure, tell


def test_it_measures_what_it_says() -> None:
    measured = measure(12)  # it stops where the index finds something else than looking at everything
    figures, ratios = tell(measured, measured)
    assert 0 < measured.matches <= measured.looked_at < figures["pairs_of_rule_and_change"] / 10
    assert 0 < measured.sent <= 12
    assert measured.cut_s > measured.render_s > 0
    assert set(ratios) == {"growth_for_10x_subscribers", "naive_by_index"}
