"""Tokens to figures: a number with its qualifier, sign of money, unit, and range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.nlp.numbers import Number, Token, parse_number, parse_vague
from tracker.nlp.quantities import doubts
from tracker.nlp.quantities.ellipsis import is_partitive
from tracker.nlp.quantities.figures import Figure
from tracker.nlp.quantities.fractions import parse_article_time, parse_fraction
from tracker.nlp.quantities.lexicon import UnitWords
from tracker.nlp.quantities.measures import Measure, read_measure
from tracker.nlp.quantities.qualifying import is_preposition, qualifier_before, qualifier_behind
from tracker.nlp.quantities.standing import stands_alone
from tracker.types import Qualifier

_DASHES = frozenset("-–—‑‐")
_MINUS = frozenset("-−‑–")


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


class Grammar:
    """Reads the figures of one text."""

    def __init__(self, tokens: Sequence[Token], words: UnitWords, blocked: doubts.Blocked) -> None:
        self.tokens = tokens
        self.words = words
        self.blocked = blocked
        self.rejected_at = -1
        """The token after the last number that turned out to be a name: "articles 5 and 6"."""

    def read(self) -> list[Figure]:
        """All figures, in order and without overlap; the kind of a bare figure is left open."""
        figures: list[Figure] = []
        at = 0
        while at < len(self.tokens):
            found = self._figures_at(at)
            figures.extend(found)
            at = max(found[-1].after if found else at + 1, self._skip(at, found))
        return figures

    def _may_start(self, token: Token) -> bool:
        """Whether a word can begin a figure: most words cannot, and are passed over quickly."""
        return token.lower in self.words.starters or token.text in self.words.codes or self.words.numbers.compound

    def _skip(self, at: int, found: Sequence[Figure]) -> int:
        return at + 1 if found or self.rejected_at <= at else self.rejected_at

    def _figures_at(self, at: int) -> list[Figure]:
        token = self.tokens[at]
        if token.kind == "mixed" or (token.kind == "word" and not self._may_start(token)):
            return []
        if self.blocked.holds(token.start, token.end):
            return []
        special = parse_fraction(self.tokens, at, self.words) or parse_article_time(self.tokens, at, self.words)
        if special is not None and not self._is_blocked(special.first, special.after):
            return [self._qualified_special(special)]
        first, unit = self._money_sign(at)
        number = self._number(first)
        if number is None or self._is_blocked(number.first, number.after):
            return []
        if unit is None and (tally := self._tally(number)):
            return tally
        left = self._one(at, number, unit)
        ranged = self._range(at, number, unit)
        if ranged is not None:
            return [ranged]
        if left is None:
            self.rejected_at = number.after
            return []
        return [left]

    def _is_blocked(self, first: int, after: int) -> bool:
        return self.blocked.holds(self.tokens[first].start, self.tokens[after - 1].end)

    def _number(self, at: int) -> Number | None:
        if at >= len(self.tokens):
            return None
        return parse_vague(self.tokens, at, self.words.numbers) or parse_number(self.tokens, at, self.words.numbers)

    def _money_sign(self, at: int) -> tuple[int, str | None]:
        """The token after a sign or code of money at tokens[at] and its ISO code, or (at, None)."""
        tokens, signs = self.tokens, self.words.signs
        if at + 1 >= len(tokens):
            return at, None
        joined = tokens[at].lower + tokens[at + 1].lower
        if joined in signs and tokens[at].end == tokens[at + 1].start:
            return at + 2, signs[joined]
        if tokens[at].lower in signs:
            return at + 1, signs[tokens[at].lower]
        code = self.words.codes.get(tokens[at].text)
        if code and tokens[at + 1].kind == "number":
            return at + 1, code
        if code == "INR" and tokens[at + 1].text == "." and at + 2 < len(tokens) and tokens[at + 2].kind == "number":
            return at + 2, code  # Rs. 25 crore
        return at, None

    def _qualified_special(self, figure: Figure) -> Figure:
        first, qualifier = qualifier_before(self.tokens, figure.first, self.words)
        if first < figure.first and is_preposition(
            self.tokens, first, figure.first, 99, Measure(figure.kind or "other", figure.after), self.words
        ):
            first, qualifier = self._inner(first, figure.first)
        after, behind = qualifier_behind(self.tokens, figure.after, self.words)
        return replace(figure, first=first, after=after, qualifier=behind or qualifier)

    # --- one number ---

    def _one(self, at: int, number: Number, unit: str | None) -> Figure | None:
        after, behind = qualifier_behind(self.tokens, number.after, self.words)
        measure = self._measure(after, number, unit)
        end = measure.after if measure else after
        if behind is None:
            end, behind = qualifier_behind(self.tokens, end, self.words)
        if self._counts_nothing(number, unit, measure):
            return None
        if measure is not None and measure.kind in ("percent", "money") and self._is_negative(at):
            at, number = at - 1, replace(number, value=-number.value)
        first, qualifier = qualifier_before(self.tokens, at, self.words)
        if first < at and is_preposition(self.tokens, first, at, number.value, measure, self.words):
            first, qualifier = self._inner(first, at)
        if measure is None and not stands_alone(self.tokens, number, self.words, first, at, behind):
            return None
        return self._figure(first, end, number, _joined(qualifier, behind, number), measure)

    def _is_negative(self, at: int) -> bool:
        """Whether a minus touches the number and no word stands before it: "-5%", "(−0.3%)"."""
        tokens = self.tokens
        if at == 0 or tokens[at - 1].text not in _MINUS or tokens[at - 1].end != tokens[at].start:
            return False
        return at == 1 or tokens[at - 2].end < tokens[at - 1].start or tokens[at - 2].text in '(["“'

    def _inner(self, first: int, at: int) -> tuple[int, Qualifier]:
        """The qualifier after a preposition: 'over some six weeks' is about six weeks."""
        inner, qualifier = qualifier_before(self.tokens[first + 1 : at + 1], at - first - 1, self.words)
        return first + 1 + inner, qualifier

    def _figure(self, first: int, end: int, number: Number, qualifier: Qualifier, measure: Measure | None) -> Figure:
        return Figure(
            first, end, _scaled(number.value, measure), qualifier, measure.kind if measure else None,
            number.first, number.after, None, measure.unit if measure else None, number.in_words,
            measure.known if measure else True, measure.factor if measure else 1.0,
        )  # fmt: skip

    def _measure(self, at: int, number: Number, unit: str | None) -> Measure | None:
        if unit is None:
            return read_measure(self.tokens, at, number, self.words)
        following = read_measure(self.tokens, at, number, self.words)
        after = following.after if following and following.kind == "money" else at
        return Measure("money", after, 1.0, following.unit if following and following.kind == "money" else unit)

    def _counts_nothing(self, number: Number, unit: str | None, measure: Measure | None) -> bool:
        tokens, words = self.tokens, self.words
        if unit is not None:
            return False
        measured = measure is not None and (measure.known or measure.kind != "other")
        if doubts.is_in_code(tokens, number) or doubts.is_address(tokens, number, words):
            return True
        counted = measure is not None or is_partitive(tokens, number.after)
        if doubts.follows_lead(tokens, number, words, measured, counted):
            return True
        if doubts.is_name_in_words(tokens, number, words):
            return True
        if doubts.is_year_like(tokens, number):
            counted = _lower(tokens, number.first - 1) in words.set_of("count_leads") and measure is not None
            return not (counted or (measured and self._is_counted_year(number, measure)))
        if number.first and self._continues_rejected(number) and not measured:
            return True
        if number.in_words and not number.has_scale and number.value <= 1:
            return not self._is_one_unit(number, measure)
        suffix = tokens[number.first].text[-1:]
        if suffix == "B" and not measured:
            return measure is None
        return bool(words.set_of("not_after") & {_lower(tokens, number.after)}) and measure is None

    def _is_one_unit(self, number: Number, measure: Measure | None) -> bool:
        """'one year', 'pendant un an', 'mehr als ein Jahr': a duration, where most ones count nothing."""
        if measure is None or measure.kind not in ("duration", "percent"):
            return False
        if self.words.code == "en":
            if _lower(self.tokens, number.after) == "day" and _lower(self.tokens, number.after + 1) != "'s":
                before = _lower(self.tokens, number.first - 1)  # 'one day a court may order it' is an adverb
                return before in self.words.set_of("for_time") or before in self.words.before
            return _lower(self.tokens, number.first) == "one"
        if _lower(self.tokens, number.first - 1) in self.words.set_of("for_time"):
            return True
        return qualifier_before(self.tokens, number.first, self.words)[1] in ("over", "under")

    def _is_counted_year(self, number: Number, measure: Measure | None) -> bool:
        previous = _lower(self.tokens, number.first - 1)
        return measure is not None and previous not in ("in", "since", "of", "by", "the", "en", "de", "im")

    def _continues_rejected(self, number: Number) -> bool:
        if not 0 < number.first - self.rejected_at <= 2:
            return False
        gap = [_lower(self.tokens, i) for i in range(self.rejected_at, number.first)]
        return all(word in ("and", "or", "to", "through", ",", "et", "und", "y", "e", "-", "–") for word in gap)

    # --- two numbers ---

    def _range(self, at: int, number: Number, unit: str | None) -> Figure | None:
        """'between a and b', 'a to b', 'a-b', 'two or three': one figure."""
        tokens, words = self.tokens, self.words
        between = at > 0 and _lower(tokens, at - 1) in words.set_of("between")
        left_after, left_measure = self._left_end(number, unit)
        hangs = self._hangs(left_after)
        left_after += hangs
        link = _lower(tokens, left_after)
        allowed = link in words.set_of("and") if between else link in words.set_of("to") | words.set_of("or")
        if not allowed or (hangs and link in _DASHES):
            return None
        right_at, right_unit = self._money_sign(left_after + 1)
        right = self._number(right_at)
        if right is not None and link in words.set_of("or") and not between:
            shared = left_measure is None and self._shares_scale(number, right)
            right = right if number.in_words or shared else None  # '3 or 4 million', but no '3 or 4'
        if right is None or right.vague or number.vague or self._is_blocked(right.first, right.after):
            return None
        return self._ranged(at, number, unit, left_measure, right, right_unit, between)

    def _hangs(self, at: int) -> bool:
        """Whether tokens[at] is the hyphen for what a German number leaves out: "zwei- bis dreitausend"."""
        tokens = self.tokens
        if not self.words.numbers.compound or not 0 < at < len(tokens) - 1 or tokens[at].text not in "-‐‑":
            return False
        return tokens[at].start == tokens[at - 1].end and tokens[at].end < tokens[at + 1].start

    def _shares_scale(self, number: Number, right: Number) -> bool:
        """Whether the scale written after the second of two numbers counts for both: 'five to six million'."""
        if number.has_scale or number.value >= 1000:
            return False
        scale = _scale_of(right, self.tokens, self.words)
        return scale > 1 and number.value < right.value / scale

    def _left_end(self, number: Number, unit: str | None) -> tuple[int, Measure | None]:
        if unit is not None:
            return number.after, None
        measure = read_measure(self.tokens, number.after, number, self.words)
        if measure is not None and measure.kind in ("percent", "duration", "money", "accounts", "exchanges"):
            return measure.after, measure
        return number.after, None

    def _ranged(
        self, at: int, number: Number, unit: str | None, left_measure: Measure | None,
        right: Number, right_unit: str | None, between: bool,
    ) -> Figure | None:  # fmt: skip
        after, _ = qualifier_behind(self.tokens, right.after, self.words)
        measure = self._measure(after, right, right_unit or unit)
        if left_measure is not None and (measure is None or measure.kind != left_measure.kind):
            return None
        if right_unit is not None and unit is None:
            return None
        low, high = number.value, right.value
        inherits = left_measure is None and self._shares_scale(number, right)
        if inherits:
            low *= _scale_of(right, self.tokens, self.words)
        low, high = _scaled(low, left_measure or measure), _scaled(high, measure)
        both = left_measure is not None
        if low >= high or not self._is_range(at, number, right, measure, both, between, inherits):
            return None
        first = at - 1 if between else qualifier_before(self.tokens, at, self.words)[0]
        if not between and _lower(self.tokens, at - 1) in self.words.set_of("from"):
            first = at - 1
        end = measure.after if measure else after
        figure = self._figure(first, end, right, "range", measure)
        return replace(figure, value=low, upper=high, number_first=number.first)

    def _is_range(
        self, at: int, number: Number, right: Number, measure: Measure | None, both: bool, between: bool, shared: bool
    ) -> bool:
        tokens, words = self.tokens, self.words
        measured = measure is not None and (measure.known or measure.kind != "other")
        if between:
            return measure is not None or not number.in_words
        if _lower(tokens, at - 1) in words.set_of("from"):
            if shared and not any(_lower(tokens, at - k) in words.set_of("changes") for k in range(2, 6)):
                return measure is not None  # 'de cinco a seis millones de consultas'
            return _lower(tokens, at - 2) in words.set_of("ranging") or (
                measure is not None and measure.kind == "duration" and not both
            )
        if any(_lower(tokens, at - k) in words.set_of("changes") for k in (1, 2)) and both:
            return False
        if doubts.is_year_like(tokens, number) or doubts.follows_lead(tokens, number, words, measured):
            return False
        link = tokens[right.first - 1].text if tokens[right.first - 1].text in _DASHES else ""
        if link and not measured and not number.has_scale and not right.has_scale:
            return False
        return measure is not None or right.has_scale or (number.value >= 1000 and right.value >= 1000)

    def _tally(self, number: Number) -> list[Figure]:
        """'voted 48-2', 'passed 52 to 1', 'a 217-210 vote': two figures, not a range."""
        tokens, words = self.tokens, self.words
        if number.after + 1 >= len(tokens):
            return []
        link = number.after
        if tokens[link].lower in words.set_of("vote"):
            link += 1  # '39 votes to 15', 'two votes to one'
        elif number.in_words:
            return []
        links = words.set_of("to") | words.set_of("tally_links") | {"-"}
        if link + 1 >= len(tokens) or tokens[link].lower not in links:
            return []
        right = parse_number(tokens, link + 1, words.numbers)
        if right is None and _lower(tokens, link + 1) in ("nil", "none", "nothing"):
            right = Number(0.0, link + 1, link + 2, in_words=True, has_scale=False)
        if right is None or number.has_scale or right.has_scale:
            return []
        if right.in_words and right.value and not number.in_words:
            return []
        near = {
            _lower(tokens, k)
            for k in (*range(number.first - 5, number.first), link - 1, *range(right.after, right.after + 3))
        }
        is_won = _lower(tokens, number.first - 1) == "by" and number.value > right.value
        if (
            not (near & words.set_of("vote") or is_won)
            or number.value > 9999
            or (read_measure(tokens, right.after, right, words) is not None and not near & words.set_of("ballots"))
        ):
            return []
        figures = [Figure(number.first, link, number.value, "exact", "other", number.first, number.after)]
        if right.value:
            figures.append(Figure(right.first, right.after, right.value, "exact", "other", right.first, right.after))
        return figures


def _scaled(value: float, measure: Measure | None) -> float:
    """The value in the guide's unit; parts of a day to three significant digits, as an analyst writes them."""
    factor = measure.factor if measure else 1.0
    if factor == 1.0:
        return value
    scaled = float(f"{value * factor:.6g}")
    exact = factor >= 1 or scaled >= 100 or scaled.is_integer() or (measure and measure.kind != "duration")
    return scaled if exact else float(f"{scaled:.3g}")


def _scale_of(number: Number, tokens: Sequence[Token], words: UnitWords) -> float:
    """The scale that a number ends in, 1 if it has none: of "six million" a million, of "1.2bn" a billion.

    None stands in "a million" and "one hundred": they are whole numbers, and lend no scale to another.
    """
    digits = tokens[number.first].value
    if digits:
        return number.value / digits
    known = words.numbers
    scale, at = 1.0, number.after - 1
    while at > number.first and (step := known.scales.get(tokens[at].lower) or known.hundreds.get(tokens[at].lower)):
        scale, at = scale * step, at - 1
    inner = range(number.first, at + 1)
    if any(tokens[i].lower in known.scales or tokens[i].lower in known.hundreds for i in inner):
        return 1.0
    if scale == 1.0 and known.compound:
        scale = _compound_scale(tokens[number.after - 1].lower)
    return scale if number.value / scale > 1 else 1.0


def _compound_scale(word: str) -> float:
    """The scale at the end of a German number: of "dreihunderttausend" a hundred thousand."""
    scale = 1.0
    for ending, factor in (("tausend", 1000.0), ("hundert", 100.0)):
        if word.endswith(ending) and word != ending:
            word, scale = word.removesuffix(ending), scale * factor
    return scale


def _joined(before: Qualifier, behind: Qualifier | None, number: Number) -> Qualifier:
    if number.vague:
        return "vague"
    if number.is_round and before == "exact":
        return behind or "about"
    return behind if behind and before == "exact" else before
