"""Numbers that count nothing: bill numbers, versions, times of day, telephone numbers, list numbers, years."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from tracker.nlp.numbers import Number, Token
from tracker.nlp.quantities.lexicon import UnitWords

_LINKS = r"https?://\S+|www\.\S+"
_ADDRESSES = r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_OTHERS = (
    r"|\+\d{1,3}(?:[\s.-]\(?\d{2,4}\)?){2,5}|(?<!\d)\(\d{3}\)\s?\d{3}[-.\s]\d{4}(?!\d)|(?<![\d-])\d{3}[-.]\d{3}[-.]\d{4}(?!\d)"
    r"|(?<![\d:])\d{1,2}(?:[:.]\d\d){1,2}\s{0,2}(?:[ap]\.?m\b\.?|GMT|UTC|ET\b|E[SD]T|Uhr|heures)|(?<![\d:,.$])\d{1,2}:\d\d(?::\d\d)?(?![\d:])"
    r"|(?<![\d.,$])\d{1,2}\s{0,2}(?:[ap]\.m\.|[ap]m\b|o[’']clock)|(?<!\d)\d{1,2}\s?h\s?\d\d(?!\d)|(?<!\d)\d{1,2}\s(?:Uhr\b)"
    r"|\b(?:H\.?\s?(?:R|J|Con)?\.?\s?(?:Res|Rept)?\.|S\.\s?(?:Res|Rept|J|Con)?\.?|Pub\.?\s?L\.|Public\sLaw|P\.L\.)\s{0,2}(?:No\.\s?)?\d[\d-]*"
    r"|(?<=[Ii]l est )[^\W\d_]{2,6}\sheures?\b|(?<=\bson las )[^\W\d_]{2,6}\b|(?<=\bum )[^\W\d_]{3,6}\sUhr\b"
    r"|\b[AHS]\.\s?[BFR]\.\s{0,2}\d+"
    r"|\b\d{1,3}\s{1,2}(?:U\.?\s?S\.?\s?C\.?|C\.?\s?F\.?\s?R\.?|Fed\.\s?Reg\.|F\.[23]d|Stat\.|S\.\s?Ct\.)(?:\s{0,2}(?:§{1,2}|[Ss]ections?|[Pp]arts?)?\s{0,2}\d[\d.\-–()a-z]*)?"
    r"|§{1,2}\s{0,2}\d[\d.\-–]*(?:\([0-9a-zA-Z]{1,4}\))*|\b(?:NSTM|NSPM|NSM|EO|E\.O\.)[\s-]\d+"
    r"|(?<!\w)24/7(?!\w)|(?<!\w)9/11(?!\w)|#\d+"
    r"|(?:(?<=\n)|^)[ \t]{0,8}(?:[-*•][ \t]{1,3})?\(?\d{1,3}[.)](?=\s)|\(\d{1,2}\)|\[\d{1,3}\]"
)
_SPANS = re.compile(_LINKS + _OTHERS)
_SPANS_WITH_ADDRESSES = re.compile(_LINKS + _ADDRESSES + _OTHERS)
"""Wherever a word begins an address may: looked for only in texts that have its sign, since it takes longest."""


def blocked_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the text in which no number counts anything, in order."""
    spans = _SPANS_WITH_ADDRESSES if "@" in text else _SPANS
    return [match.span() for match in spans.finditer(text)]


class Blocked:
    """Spans, asked by place."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        merged: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        self.starts = [start for start, _ in merged]
        self.ends = [end for _, end in merged]

    def holds(self, start: int, end: int) -> bool:
        """Whether any span overlaps start..end."""
        i = bisect_right(self.starts, end - 1) - 1
        return i >= 0 and self.ends[i] > start


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def starts_sentence(tokens: Sequence[Token], at: int) -> bool:
    """Whether tokens[at] is the first word of a sentence, quote or line, as far as its marks tell."""
    return at == 0 or tokens[at - 1].text in '.!?:;"“”‘«„(•*—–-\n' or tokens[at].start - tokens[at - 1].end > 1


def follows_lead(
    tokens: Sequence[Token], number: Number, words: UnitWords, measured: bool, counted: bool = False
) -> bool:
    """Whether a word before the number makes it a name ('Section 4', 'No. 3', 'Claude 3.5').

    `measured`: a known noun or unit follows; `counted`: any noun does, or "of them".
    """
    first = number.first
    previous = tokens[first - 1] if first else None
    if previous is None:
        return False
    lead = _lower(tokens, first - 2) if previous.text == "." else previous.lower
    if lead in words.set_of("leads") and not ((measured or counted) and lead in words.set_of("soft_leads")):
        return not number.in_words or (lead in words.set_of("spelt_leads") and not measured)
    if previous.text in _HYPHEN and first > 1 and tokens[first - 2].kind in ("word", "mixed"):
        touching = previous.start == tokens[first - 2].end and tokens[first].start == previous.end
        return touching and tokens[first - 2].lower not in words.numbers.words
    is_grouped = number.value >= 1000 and not tokens[first].text.isdigit()
    if number.in_words or number.has_scale or previous.kind == "mark" or is_grouped:
        return False
    if previous.kind == "mixed":
        return not measured
    if not previous.text[:1].isupper() or measured or previous.text in words.codes:
        return False
    if not starts_sentence(tokens, first - 1):
        return True
    # 'Heron 2 fits on one card': a name with its version, against 'In 2 cases', 'About 2 cases'
    grammatical = words.set_of("stops") | words.set_of("of")
    return number.value < 10 and previous.lower not in grammatical and previous.lower not in words.before


_HYPHEN = frozenset("-‐‑")


def is_name_in_words(tokens: Sequence[Token], number: Number, words: UnitWords) -> bool:
    """'Group of Seven', 'Five Eyes', 'the Six Tigers': a capital inside the sentence makes a number word a name."""
    token = tokens[number.first]
    if token.text == "ten" and 0 < number.first < len(tokens) - 1:  # the Dutch particle: "Floor ten Broeke"
        before, after = tokens[number.first - 1], tokens[number.first + 1]
        if before.text[:1].isupper() and after.text[:1].isupper() and before.kind == after.kind == "word":
            return not starts_sentence(tokens, number.first - 1) or before.lower not in words.set_of("stops")
    if not number.in_words or not token.text[:1].isupper() or words.code == "de":
        return False
    if starts_sentence(tokens, number.first):
        following = tokens[number.after] if number.after < len(tokens) else None
        if following is None or following.kind != "word":
            return False
        named = following.text[:1].isupper() and tokens[number.first].lower in words.numbers.words
        ends = _lower(tokens, number.after + 1) in words.set_of("pronoun_subjects") and following.lower.endswith("s")
        return following.lower in ("eyes", "tigers", "sisters", "dots") or (
            named and ends and following.lower not in words.kinds
        )
    return True


def is_year_like(tokens: Sequence[Token], number: Number) -> bool:
    """Four digits from 1900 to 2099, written without a group mark."""
    token = tokens[number.first]
    return (
        token.kind == "number"
        and number.after == number.first + 1
        and len(token.text) == 4
        and 1900 <= number.value <= 2099
    )


def is_in_code(tokens: Sequence[Token], number: Number) -> bool:
    """Whether the digits touch a slash, a colon, an underscore or another mark of codes and ratios."""
    if number.in_words:
        return False
    first, last = tokens[number.first], tokens[number.after - 1]
    before = tokens[number.first - 1] if number.first else None
    after = tokens[number.after] if number.after < len(tokens) else None
    if before is not None and before.end == first.start and before.text in "/:_@=\\#":
        return True
    if after is None or after.start != last.end:
        return False
    return after.text in "/:_@=\\" or (after.text == "(" and first.value is not None and first.value < 1000)


def is_address(tokens: Sequence[Token], number: Number, words: UnitWords) -> bool:
    """'2128 Rayburn House Office Building', 'Washington, DC 20515'."""
    if number.in_words or number.has_scale:
        return False
    following = [_lower(tokens, number.after + k) for k in range(4)]
    capital = number.after < len(tokens) and tokens[number.after].text[:1].isupper()
    if capital and any(word in words.set_of("address_words") for word in following):
        return True
    previous = tokens[number.first - 1].text if number.first else ""
    return len(previous) == 2 and previous.isupper() and len(tokens[number.first].text) == 5
