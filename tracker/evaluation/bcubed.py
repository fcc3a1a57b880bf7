"""Extended B-cubed (Amigo, Gonzalo, Artiles, Verdejo 2009): grouping where an item may belong to several groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.evaluation.score import Score, harmonic_mean

Groups = Mapping[str, frozenset[object]]


def _mean_share(of: Groups, against: Groups) -> float:
    """For each item, over the items that share a group with it in `of`: how much of that sharing `against` has too."""
    if not of:
        return 0.0
    total = 0.0
    for item, groups in of.items():
        shared = [(len(groups & others), len(against[item] & against[other])) for other, others in of.items()]
        shares = [min(here, there) / here for here, there in shared if here]
        total += sum(shares) / len(shares)
    return total / len(of)


def score_groups(gold: Mapping[str, Iterable[str]], predicted: Mapping[str, Iterable[str]]) -> Score:
    """Score predicted groups (item -> its groups) over the items of the gold; an item in no group stands alone."""
    wanted: Groups = {item: frozenset(groups) for item, groups in sorted(gold.items())}
    given: Groups = {item: frozenset(predicted.get(item, ())) or frozenset({("alone", item)}) for item in wanted}
    precision, recall = _mean_share(given, wanted), _mean_share(wanted, given)
    return Score(precision, recall, harmonic_mean(precision, recall), len(wanted), len(wanted), None)
