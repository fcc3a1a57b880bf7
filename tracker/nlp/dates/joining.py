"""From expressions to mentions: ranges, 'since', 'by', and the day that later phrases count from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tracker.nlp.dates.calendar import Interval
from tracker.nlp.dates.expressions import Anaphor, Calendar, Ended, Expression, Fixed, Shift, Weekday, WeekOf, Window
from tracker.nlp.dates.lexicon import DateWords, alternatives
from tracker.nlp.dates.resolving import Setting, before_year, is_stated, resolve
from tracker.nlp.dates.tense import Direction, find_direction
from tracker.types import DateBasis, DateMention

_REACH = 24
_ANCHOR_REACH = 600
_LONG_PAST_DAYS = 200
_RECENT_DAYS = 120


@dataclass(frozen=True)
class _Joints:
    """The words that stand before and between expressions of time in a language."""

    since: re.Pattern[str]
    by: re.Pattern[str]
    by_end: re.Pattern[str]
    opens: re.Pattern[str]
    between: re.Pattern[str]
    to: re.Pattern[str]
    link_and: re.Pattern[str]
    starts: re.Pattern[str]


@lru_cache(maxsize=8)
def _joints(words: DateWords) -> _Joints:
    article = rf"(?:(?:{words.alternatives('article')}|the)\s{{1,2}})?"

    def before(key: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{words.alternatives(key)})\s{{0,3}}{article}$", re.IGNORECASE)

    def link(key: str, extra: str = "") -> re.Pattern[str]:
        body = alternatives(words.words(key))
        return re.compile(rf"\s{{0,3}},?\s{{0,3}}(?:{extra}(?:{body})(?!\w))\s{{0,3}}{article}", re.IGNORECASE)

    return _Joints(
        before("since"), before("by"), before("by_end"), before("from"), before("between"),
        link("to", r"[-‐‑–—]|"), link("and", r"[-–—]|"), before("starts"),
    )  # fmt: skip


class _Joiner:
    def __init__(self, text: str, published: date | None, words: DateWords) -> None:
        self.text = text
        self.published = published
        self.words = words
        self.joints = _joints(words)
        self._until = re.compile(rf"(?:{words.alternatives('until')})(?!\w)", re.IGNORECASE)
        self._held = re.compile(rf"(?<!\w)(?:{words.alternatives('holds_until')})(?!\w)", re.IGNORECASE)
        self.mentions: list[DateMention] = []
        self.anchor: tuple[int, Interval] | None = None

    def join(self, expressions: Sequence[Expression]) -> list[DateMention]:
        i = 0
        while i < len(expressions):
            right = expressions[i + 1] if i + 1 < len(expressions) else None
            if right is not None and self._is_range(expressions[i], right) and self._range(expressions[i], right):
                i += 2
                continue
            self._single(expressions[i])
            i += 1
        return self.mentions

    def _before(self, expression: Expression) -> str:
        return self.text[max(0, expression.start - _REACH) : expression.start]

    def _opening(self, pattern: re.Pattern[str], expression: Expression) -> int | None:
        """Where the word begins that stands before an expression, if it is one of the pattern's."""
        found = pattern.search(self._before(expression))
        return expression.start - len(self._before(expression)) + found.start() if found else None

    def _is_range(self, left: Expression, right: Expression) -> bool:
        if isinstance(left.time, Shift | Window | Anaphor | WeekOf | Ended):
            return False
        gap = self.text[left.end : right.start]
        if len(gap) > _REACH:
            return False
        if self._opening(self.joints.between, left) is not None:
            return bool(self.joints.link_and.fullmatch(gap))
        if not self.joints.to.fullmatch(gap) or gap.strip().lower() in self.words.words("and"):
            return False
        return type(left.time) is type(right.time) or self._opening(self.joints.opens, left) is not None

    def _setting(self, expression: Expression, direction: Direction | None = None) -> Setting:
        direction = direction or find_direction(self.text, expression.start, expression.end, self.words)
        anchor = self.anchor[1] if self.anchor and expression.start - self.anchor[0] < _ANCHOR_REACH else None
        return Setting(self.published, direction, anchor)

    def _range(self, left: Expression, right: Expression) -> bool:
        setting = self._setting(left)
        right_time = right.time
        if isinstance(left.time, Calendar) and left.time.year and isinstance(right_time, Calendar):
            ends = self._after_year(left.time, right_time, setting)
        else:
            ends = resolve(right_time, setting)
        begins = self._left_end(left, right, ends, setting) if ends else None
        if not ends or not begins or begins[0] > ends[1]:
            return False
        start = self._opening(self.joints.between, left)
        start = start if start is not None else self._opening(self.joints.opens, left)
        stated = is_stated(right_time) or (is_stated(left.time) and isinstance(right_time, Calendar))
        self._add(
            left.start if start is None else start, right.end, (begins[0], ends[1]), "stated" if stated else "relative"
        )
        return True

    def _after_year(self, left: Calendar, right: Calendar, setting: Setting) -> Interval | None:
        if right.year or right.which_year:
            return resolve(right, setting)
        begins = resolve(left, setting)
        ends = before_year(right, date(min((left.year or 1) + 1, 9998), 12, 31)) if begins else None
        same_year = before_year(right, date(left.year or 1, 12, 31))
        if begins and same_year and same_year[1] >= begins[0]:
            return same_year
        return ends

    def _left_end(self, left: Expression, right: Expression, ends: Interval, setting: Setting) -> Interval | None:
        time = left.time
        if isinstance(time, Calendar) and time.year is None and not time.which and not time.which_year:
            return before_year(time, ends[1])
        return resolve(time, setting)

    def _single(self, expression: Expression) -> None:
        since = self._opening(self.joints.since, expression)
        if since is not None and self.published is not None:
            interval = resolve(expression.time, self._setting(expression, "past"))
            if interval and interval[0] <= self.published:
                self._add(since, expression.end, (interval[0], self.published), "relative")
                return
        if self._limit(expression):
            return
        starts = self._opening(self.joints.starts, expression) is not None and isinstance(expression.time, Weekday)
        told = re.match(
            r"[^.;:]{0,30}\b(?:had|was|were|has|have)\b|[’']s\b", self.text[expression.end : expression.end + 40]
        )
        ahead: Direction | None = "future" if starts and not told else None
        interval = resolve(expression.time, self._setting(expression, ahead))
        if interval is not None:
            stated = is_stated(expression.time)
            self._add(expression.start, expression.end, interval, "stated" if stated else "relative")

    def _limit(self, expression: Expression) -> bool:
        """'by July 10', 'until the end of 2026': from publication to the end of what is named, if that is ahead."""
        start = self._opening(self.joints.by, expression)
        if start is None and _is_end(expression, self.text):
            start = self._opening(self.joints.by_end, expression)
        if start is None or self.published is None:
            return False
        if isinstance(expression.time, Shift | Anaphor):
            return False
        direction = find_direction(self.text, start, start, self.words)
        is_past = direction == "past" and (
            self._had_done(start) or self._is_recent(expression) or self._went_on(start, expression)
        )
        interval = resolve(expression.time, self._setting(expression, "past" if is_past else "future"))
        if interval is None:
            return False
        if (self.published - interval[1]).days > _LONG_PAST_DAYS and not is_stated(expression.time):
            interval = resolve(expression.time, self._setting(expression, "future")) or interval
        if interval[1] <= self.published or not isinstance(expression.time, Calendar | Fixed | Weekday):
            return False
        self._add(start, expression.end, (self.published, interval[1]), "relative")
        return True

    def _is_recent(self, expression: Expression) -> bool:
        """'rose to 24,000 by early June', told soon after: a date of the weeks before publication lies back."""
        if not isinstance(expression.time, Calendar) or self.published is None:
            return False
        interval = resolve(expression.time, self._setting(expression, "past"))
        return interval is not None and (self.published - interval[1]).days < _RECENT_DAYS

    def _went_on(self, at: int, expression: Expression) -> bool:
        """'ran until 13 February', 'dauerte bis zum 13. Februar': what went on has ended by then.

        What was closed, granted or put off until a day lasts until then: 'suspended sales until 1 September'.
        """
        if not isinstance(expression.time, Calendar) or not self._until.match(self.text, at):
            return False
        before = re.split(r"[.;:!?]\s|\n|\b(?:that|which|who)\s", self.text[max(0, at - 100) : at])[-1]
        after = re.split(r"[.,;:!?](?:\s|$)|\n", self.text[expression.end : expression.end + 60])[0]
        return not self._held.search(before) and not self._held.search(after)

    def _had_done(self, at: int) -> bool:
        """Whether the deadline lies back: 'had responded by Tuesday', 'did not answer by Friday'."""
        before = self.text[max(0, at - 80) : at].lower()
        opens = not before.strip() or before.rstrip()[-1] in '.!?"”\n'
        if opens and re.match(r"[^.;:]{4,60}\bhad\b", self.text[at : at + 70]):
            return True  # 'By Friday the lab had cut it off'
        if re.match(r"(?:until|till)\b", self.text[at : at + 6]) and re.search(r"\b(?:have|has|had|given)\s$", before):
            return False
        return bool(re.search(r"\b(?:had|did|was|were)\b[^.;]{0,60}$", before)) and not re.search(
            r"\bto\s+\w+\s*[^.;]{0,40}$", before.split(" had ")[-1]
        )

    def _add(self, start: int, end: int, interval: Interval, basis: DateBasis) -> None:
        text = self.text[start:end]
        self.mentions.append(DateMention(start, end, text, interval[0], interval[1], basis))
        self.anchor = (end, interval)


def _is_end(expression: Expression, text: str) -> bool:
    time = expression.time
    if isinstance(time, Fixed):
        return time.rule.startswith("end_of")
    return isinstance(time, Calendar) and bool(
        re.match(r"(?:the )?end\b", text[expression.start : expression.end], re.I)
    )


def join_expressions(
    text: str, expressions: Sequence[Expression], published: date | None, words: DateWords
) -> list[DateMention]:
    """Mentions in order of place; those that cannot be resolved are left out."""
    return _Joiner(text, published, words).join(expressions)
