"""Bare figures: what '3.4 million' counts when its noun stands elsewhere ('13 million calls, X had 3.4 million')."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log10

from tracker.nlp.numbers import Token
from tracker.nlp.quantities.figures import Figure
from tracker.nlp.quantities.lexicon import UnitWords
from tracker.types import QuantityKind

_LOOK_BACK = 120
_TRAFFIC_FROM = 50_000
"""A bare figure of this size that nothing explains is a count of exchanges, the only such count stories leave bare."""
_WEALTH_FROM = 5e8
_USERS_REACH = 6
_SENTENCE = 45
_PARTITIVES = frozenset({"them", "those", "the", "these", "which", "whom", "us", "you"})
_MEASURED: frozenset[QuantityKind] = frozenset({"percent", "duration", "money"})
_TRAFFIC: frozenset[QuantityKind] = frozenset({"accounts", "exchanges", "tokens", "users"})


def resolve_kinds(tokens: Sequence[Token], figures: Sequence[Figure], words: UnitWords) -> None:
    """Give each bare figure the kind (and money's code) of the noun that it stands for; `other` where none is near."""
    bare = any(figure.kind is None and figure.value >= _TRAFFIC_FROM for figure in figures)
    default: QuantityKind = "exchanges" if bare and _speaks_of_traffic(tokens, words) else "other"
    for i, figure in enumerate(figures):
        if figure.kind is None:
            source = _find_source(tokens, figures, i, words)
            if isinstance(source, Figure):
                figure.kind, figure.unit = source.kind, source.unit if source.kind == "money" else None
                figure.value *= source.factor if source.kind == "duration" else 1.0
            else:
                figure.kind = source or (default if figure.value >= _TRAFFIC_FROM else "other")
                figure.unit = "USD" if figure.kind == "money" else None


def _find_source(
    tokens: Sequence[Token], figures: Sequence[Figure], i: int, words: UnitWords, deep: bool = True
) -> Figure | QuantityKind | None:
    figure = figures[i]
    near = [other for other in figures[max(0, i - 12) : i] if other.kind is not None]
    if figure.value < 100 and figure.in_words:
        return (
            _coordinated(tokens, figures, i, words, deep)
            or _antecedent(tokens, figure, near, words)
            or _small(tokens, figure, near, words)
        )
    return (
        _coordinated(tokens, figures, i, words, deep)
        or _antecedent(tokens, figure, near, words)
        or _employed(tokens, figure, words)
        or _number_of(tokens, figure, words)
        or _spent(tokens, figure, near, words)
        or _same_value(figure, near)
        or _nearest(tokens, figure, near, words)
        or _ahead(tokens, figure, words)
    )


def _coordinated(
    tokens: Sequence[Token], figures: Sequence[Figure], i: int, words: UnitWords, deep: bool
) -> Figure | None:
    """'24,000 or 25,000 accounts': the noun of the next figure; `deep`: that one's own source may be looked for."""
    figure = figures[i]
    for step, following in enumerate(figures[i + 1 : i + 3], 1):
        gap = tokens[figure.after : following.first]
        if following.kind is None and deep and [token.lower for token in gap[:1]] == ["of"] and len(gap) == 2:
            return _as_figure(_find_source(tokens, figures, i + step, words, deep=False), following)
        if following.kind is not None and gap and gap[0].lower == "of" and len(gap) <= 5:
            return following  # '45 of the company's 160 employees'
        if len(gap) > 3 or any(token.lower not in words.set_of("coordination") for token in gap) or not gap:
            return None
        if following.kind is not None:
            return following
        figure = following
    return None


def is_partitive(tokens: Sequence[Token], at: int) -> bool:
    """Whether "of them", "of those", "of us" stands at tokens[at]."""
    return _lower(tokens, at) == "of" and _lower(tokens, at + 1) in _PARTITIVES


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _speaks_of_traffic(tokens: Sequence[Token], words: UnitWords) -> bool:
    return any(words.kinds.get(token.lower) in _TRAFFIC or token.lower in words.large_kinds for token in tokens)


def _as_figure(source: Figure | QuantityKind | None, figure: Figure) -> Figure | None:
    """What 'three of the seven' takes from the seven, once that is known."""
    return source if isinstance(source, Figure) or source is None else replace(figure, kind=source)


def _antecedent(
    tokens: Sequence[Token], figure: Figure, near: Sequence[Figure], words: UnitWords
) -> QuantityKind | None:
    """'The clerks, 260 of them', 'How many answers? We kept 2,600 of them': the plural named last."""
    if not is_partitive(tokens, figure.after) or _lower(tokens, figure.after + 1) not in ("them", "those", "which"):
        return None
    floor = max(0, figure.first - 2 * _USERS_REACH)
    for at in range(figure.first - 1, floor - 1, -1):
        lower = tokens[at].lower
        kind = words.kinds.get(lower) or (words.large_kinds.get(lower) if figure.value >= words.large_from else None)
        if kind and lower.endswith(("s", "n", "e")):
            return next((other.kind for other in near if other.first <= at < other.after), kind)
    return None


def _small(tokens: Sequence[Token], figure: Figure, near: Sequence[Figure], words: UnitWords) -> Figure | QuantityKind:
    """What a bare 'two', 'all three' or 'two of them' stands for."""
    previous, following = _lower(tokens, figure.number_first - 1), _lower(tokens, figure.after)
    counted = [other for other in near if other.kind not in _MEASURED and other.value < 1000]
    if is_partitive(tokens, figure.after) and _lower(tokens, figure.after + 1) in ("us", "whom", "you"):
        return "people"
    if previous == "of" and _lower(tokens, figure.number_first - 2) in words.set_of("collectives"):
        return "people"  # 'a team of five'
    if following == ":" and figure.after + 1 < len(tokens) and tokens[figure.after + 1].text[:1].isupper():
        return "companies"  # 'it named three: Alder, Birch and Cedar'
    for other in reversed(counted):
        if other.value == figure.value and figure.first - other.after < 2 * _LOOK_BACK:
            return other
    if previous in ("the", "these", "those", "other", "remaining") and counted and counted[-1].value < figure.value:
        return "companies"
    pointing = ("the", "these", "those", "other", "all")
    if previous in pointing or previous in words.set_of("definite") or following in words.set_of("pronoun_subjects"):
        close = [
            other
            for other in counted
            if figure.first - other.after < _SENTENCE and other.kind in ("people", "companies")
        ]
        return close[-1] if close else "companies"
    for other in reversed(counted):
        if figure.first - other.after < _SENTENCE:
            return other
    return "other"


def _employed(tokens: Sequence[Token], figure: Figure, words: UnitWords) -> QuantityKind | None:
    """'employs about 220'."""
    before = {token.lower for token in tokens[max(0, figure.first - 3) : figure.first]}
    return "people" if before & words.set_of("staffed") else None


def _number_of(tokens: Sequence[Token], figure: Figure, words: UnitWords) -> QuantityKind | None:
    """'the number of accounts at almost 25,000'."""
    pairs = {tuple(phrase.split()) for phrase in words.set_of("number_of")}
    for at in range(figure.first - 1, max(0, figure.first - _SENTENCE), -1):
        if tokens[at].text in ".;" and tokens[at + 1].text[:1].isupper() and len(tokens[at - 1].text) > 1:
            return None
        if tuple(token.lower for token in tokens[at : at + 2]) in pairs:
            for token in tokens[at + 2 : min(at + 8, figure.first)]:
                if token.lower in words.kinds:
                    return words.kinds[token.lower]
            return None
    return None


def _spent(
    tokens: Sequence[Token], figure: Figure, near: Sequence[Figure], words: UnitWords
) -> Figure | QuantityKind | None:
    """'valued at $65 billion, up from 30 billion'; 'spent billions'."""
    if figure.value < 1000:
        return None
    last = near[-1] if near else None
    if (
        last
        and last.kind == "money"
        and figure.first - last.after <= 8
        and not any(token.lower in words.kinds for token in tokens[last.after : figure.first])
    ):
        return last
    if figure.value >= _WEALTH_FROM and not any(other.kind != "money" and other.value >= 1e8 for other in near):
        sums = [other for other in near if other.kind == "money"]
        if sums and _noun_before(tokens, figure, words, sums[-1].after) is None:
            return sums[-1]
    before = {token.lower for token in tokens[max(0, figure.first - 5) : figure.first]}
    if figure.value >= 1e6 and before & words.set_of("cost_verbs"):
        return next((other for other in reversed(near) if other.kind == "money"), "money")
    if figure.qualifier == "vague" and figure.value >= 2e6 and before & words.set_of("money_verbs"):
        return "money"
    return None


def _same_value(figure: Figure, near: Sequence[Figure]) -> Figure | None:
    """A figure within a tenth of an earlier one speaks of the same thing: 'roughly 25,000 accounts ... even 24,000'."""
    for other in reversed(near):
        if (
            other.kind not in _MEASURED
            and other.value > 0
            and abs(log10(max(figure.value, 1e-9) / other.value)) < 0.045
        ):
            return other
    return None


def _nearest(
    tokens: Sequence[Token], figure: Figure, near: Sequence[Figure], words: UnitWords
) -> Figure | QuantityKind | None:
    """The counted noun that the text named last, unless another of the paragraph fits the size far better."""
    close = [other for other in near if figure.first - other.after < _LOOK_BACK and other.value >= 100]
    close = [other for other in close if other.kind not in _MEASURED]
    counted = [other for other in close if other.noun_known]
    noun = _noun_before(tokens, figure, words, counted[-1].after if counted else figure.first - _LOOK_BACK // 2)
    if noun is not None:
        return noun
    if not counted:
        return close[-1] if close else None
    last = counted[-1]
    best = min(counted, key=lambda other: abs(_size(figure) - _size(other)))
    gain = abs(_size(figure) - _size(last)) - abs(_size(figure) - _size(best))
    return best if best.kind != last.kind and gain > 1.2 and abs(_size(figure) - _size(last)) > 1.5 else last


def _size(figure: Figure) -> float:
    return log10(max(figure.value, 1e-9))


def _noun_before(tokens: Sequence[Token], figure: Figure, words: UnitWords, floor: int) -> QuantityKind | None:
    """The kind of the last plural between `floor` and the figure that names traffic; users only right before it."""
    for at in range(figure.first - 1, max(floor, 0) - 1, -1):
        lower = tokens[at].lower
        kind = words.kinds.get(lower) or (words.large_kinds.get(lower) if figure.value >= words.large_from else None)
        if lower == "accounts" and _lower(tokens, at + 1) == "for":
            continue  # the verb
        if kind == "users" and figure.first - at > _USERS_REACH:
            continue
        if kind in _TRAFFIC and lower.endswith(("s", "n")) and lower != "times" and at > floor:
            return kind
    return None


def _ahead(tokens: Sequence[Token], figure: Figure, words: UnitWords) -> QuantityKind | None:
    for token in tokens[figure.after : figure.after + 25]:
        if token.text in ".;":
            return None
        if words.kinds.get(token.lower) in _TRAFFIC:
            return words.kinds[token.lower]
    return None
