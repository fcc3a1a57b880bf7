"""Names in Chinese text, where no capitals show them: each sign is tagged by learned weights, then each span typed.

The tags say whether a sign begins, continues or ends a name, is one alone, or stands outside; the best sequence that
makes sense is taken. A name found once is found wherever the document writes it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import cast

import numpy as np

from tracker.nlp.lexicon import cues_of
from tracker.nlp.nameweights import Floats, NameWeights, load_weights
from tracker.nlp.newnames import Named, id_of_name
from tracker.nlp.view import TextView
from tracker.types import EntityType

Span = tuple[int, int, EntityType]
TAGS = ("O", "B", "I", "E", "S")
_MAY_FOLLOW = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}
_LATIN = r"A-Za-zÀ-ÖØ-öø-ɏ\u0300-\u036fḀ-ỿ"
"""Latin letters with their marks, as in "Lumière" and "Søren", also where a mark is a sign of its own."""
_UNIT = re.compile(rf"[{_LATIN}]+(?:['’.-]?[{_LATIN}0-9]+)*|\d+(?:\.\d+)*[{_LATIN}]*|\S")
_ALL_LATIN = re.compile(rf"[\x00-\x7f{_LATIN}]*")
_MAX_SIGNS = 24
_READINESS = 0.6
"""Taken from the chances of `O`: to miss a name costs as much as to invent one."""


@lru_cache(maxsize=1)
def _endings() -> tuple[tuple[str, str], ...]:
    """Endings of names and words beside them, with the class of each, longest first."""
    cues = [
        (word, cue)
        for cue in ("company", "government", "organisation", "publisher", "law", "place", "person", "model")
        for word in cues_of("names", f"{cue}_marks", "zh")
    ]
    return tuple(sorted(cues, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1)
def _sides() -> frozenset[str]:
    """Words for a side in a matter ("美方", "双方"), which name no body."""
    return cues_of("names", "not_names", "zh")


@lru_cache(maxsize=1)
def _marks() -> dict[str, str]:
    return dict(_endings())


def cut_units(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Signs, with runs of Latin letters and digits in one piece."""
    return [match.span() for match in _UNIT.finditer(text, start, end)]


def unit_traits(view: TextView, units: Sequence[tuple[int, int]], known: Sequence[Span]) -> list[list[str]]:
    """The traits of each sign of a sentence."""
    words = [_shown(view.text[start:end]) for start, end in units]
    kinds = [_kind(word) for word in words]
    inside = _known_tags(units, known)
    marks = _mark_tags(words)
    padded = ["^^", "^", *words, "$", "$$"]
    classes = ["^", "^", *kinds, "$", "$"]
    out: list[list[str]] = []
    for index in range(len(words)):
        a, b, c, d, e = padded[index : index + 5]
        ka, kb, kc, kd, ke = classes[index : index + 5]
        traits = [
            f"0:{c}", f"-1:{b}", f"+1:{d}", f"-2:{a}", f"+2:{e}", f"-1,0:{b}{c}", f"0,+1:{c}{d}", f"-2,-1:{a}{b}",
            f"+1,+2:{d}{e}", f"k:{kb}{kc}{kd}", f"k0:{kc}", f"k5:{ka}{kb}{kc}{kd}{ke}", f"-1,+1:{b}|{d}",
        ]  # fmt: skip
        for offset in (-2, -1, 0, 1, 2, 3):
            place = index + offset
            if 0 <= place < len(words):
                traits.extend(f"m{offset}:{mark}" for mark in marks[place])
                if inside[place]:
                    traits.append(f"g{offset}:{inside[place]}")
        out.append(traits)
    return out


def _shown(word: str) -> str:
    if len(word) > 1:
        return "<A9>" if re.search(r"\d", word) and re.search(r"[A-Z]", word) else _latin(word)
    return word


def _latin(word: str) -> str:
    if word[0].isdigit():
        return "<9>"
    return f"<{word}>" if word in ("AI", "API", "IP", "GPU", "App", "CEO") else "<Aa>" if word[0].isupper() else "<a>"


_TRANSLITERATED = frozenset(
    "阿埃艾奥巴贝比博布查达德迪杜恩尔法菲费弗福夫戈格古哈海赫亨胡基吉加杰卡凯康科克拉莱兰朗勒雷里利林卢鲁路伦罗洛马玛"
    "麦曼梅米密蒙莫默姆穆纳内尼娜妮诺帕佩皮普齐奇乔茹瑞萨塞森沙舍史斯丝索塔泰坦特提汀图托瓦威韦维沃乌西希谢辛休雅亚扬"
    "耶伊因约泽詹兹佐什奎丽莉琳珍伯茨宾鲍本"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文柏温虞郁裴祁霍严焦俞骆"
)


def _kind(word: str) -> str:
    if word.startswith("<"):
        return "A" if word != "<9>" else "9"
    if word == "·":
        return "·"
    if word in "《〈“「『":
        return "("
    if word in "》〉”」』":
        return ")"
    if not word.isalnum():
        return ","
    if word in _TRANSLITERATED:
        return "t" if word not in _SURNAMES else "b"
    return "s" if word in _SURNAMES else "c"


def _known_tags(units: Sequence[tuple[int, int]], known: Sequence[Span]) -> list[str]:
    out = [""] * len(units)
    for index, (start, end) in enumerate(units):
        for left, right, kind in known:
            if left <= start and end <= right:
                out[index] = ("B" if left == start else "I") + ("E" if right == end else "") + kind
                break
    return out


def _mark_tags(words: Sequence[str]) -> list[list[str]]:
    out: list[list[str]] = [[] for _ in words]
    marks = _marks()
    for index in range(len(words)):
        for size in (5, 4, 3, 2, 1):
            mark = marks.get("".join(words[index : index + size])) if index + size <= len(words) else None
            if mark is not None:
                for place in range(size):
                    position = "E" if place == size - 1 else "B" if place == 0 else "I"
                    out[index + place].append(position + mark)
                break
    return out


def add_chinese_names(view: TextView, sure: Sequence[Named]) -> list[Named]:
    """The sure names that stay, and the new ones, in order, without overlaps; short forms share the full name's id."""
    known = [(item.start, item.end, item.type) for item in sure]
    bounds, kinds = load_weights("chinese_bounds"), load_weights("chinese_kinds")
    spans: list[tuple[int, int]] = []
    for sentence in view.sentences:
        inside = [span for span in known if sentence.start <= span[0] < sentence.end]
        units = cut_units(view.text, sentence.start, sentence.end)
        if units:
            chances = [bounds.judge(traits) for traits in unit_traits(view, units, inside)]
            found = ((units[first][0], units[last][1]) for first, last in best_spans(chances, bounds))
            spans.extend((start, end) for start, end in found if view.text[start:end] not in _sides())
    kept: list[Named] = []
    for item in sure:
        within = [span for span in spans if span[0] < item.end and item.start < span[1]]
        if any(
            start <= item.start and item.end <= end and end - start > item.end - item.start for start, end in within
        ):
            continue
        if item.end - item.start > 1 or (item.start, item.end) in within:
            kept.append(item)
    free = [span for span in spans if not any(span[0] < item.end and item.start < span[1] for item in kept)]
    taken = [(item.start, item.end) for item in kept]
    typed = list(_typed(view, sorted(_everywhere(view.text, free, taken)), known, kinds))
    return sorted([*kept, *_named(view, typed, kept)], key=lambda item: item.start)


def _named(view: TextView, typed: Sequence[Span], kept: Sequence[Named]) -> Iterator[Named]:
    names = {view.text[start:end]: kind for start, end, kind in typed}
    sure = {view.text[item.start : item.end]: item for item in kept} | {item.name: item for item in kept}
    for start, end, kind in typed:
        name = view.text[start:end]
        target = next((long for long in names if _is_short_of(name, kind, long, names[long])), name)
        known = sure.get(target) or next(
            (i for long, i in sure.items() if _is_short_of(name, kind, long, i.type)), None
        )
        if known is not None:
            yield Named(start, end, known.id, known.name, known.type)
        else:
            yield Named(start, end, id_of_name(target), target, names[target])


_SPEAKING_ALIKE = frozenset({"company", "organisation", "publisher", "government"})


def _is_short_of(short: str, kind: EntityType, long: str, long_kind: EntityType) -> bool:
    if short == long or len(short) < 2 or len(short) >= len(long):
        return False
    if kind == "person" and long_kind == "person":
        return "·" in long and short in (long.split("·")[0], long.split("·")[-1])
    if kind == "model" and long_kind == "model":
        return long.startswith(short) and bool(re.fullmatch(r"[ -]?[A-Z]?[\d.]+[A-Z]?", long[len(short) :]))
    return {kind, long_kind} <= _SPEAKING_ALIKE and long.startswith(short)


def best_spans(chances: Sequence[Floats], weights: NameWeights) -> list[tuple[int, int]]:
    """The likeliest sequence of tags that makes sense, as spans (first, last) of signs."""
    order = [weights.kinds.index(tag) for tag in TAGS]
    chances = [chance.copy() for chance in chances]
    for chance in chances:
        chance[order[0]] -= _READINESS
    scores = [float(chances[0][order[i]]) if TAGS[i] in "OBS" else -1e9 for i in range(5)]
    back: list[list[int]] = []
    for chance in chances[1:]:
        fresh, origin = [], []
        for column, tag in enumerate(TAGS):
            options = [scores[i] if tag in _MAY_FOLLOW[TAGS[i]] else -1e9 for i in range(5)]
            best = int(np.argmax(options))
            fresh.append(options[best] + float(chance[order[column]]))
            origin.append(best)
        scores = fresh
        back.append(origin)
    current = max((i for i in range(5) if TAGS[i] in "OES"), key=lambda i: scores[i])
    path = [current]
    for origin in reversed(back):
        current = origin[current]
        path.append(current)
    path.reverse()
    spans, begun = [], 0
    for index, state in enumerate(path):
        if TAGS[state] == "B":
            begun = index
        elif TAGS[state] == "E" and index - begun < _MAX_SIGNS:
            spans.append((begun, index))
        elif TAGS[state] == "S":
            spans.append((index, index))
    return spans


def _everywhere(text: str, spans: Sequence[tuple[int, int]], kept: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The spans, and the other places of the same names that no span takes."""
    found = set(spans)
    taken = [False] * (len(text) + 1)
    for start, end in (*spans, *kept):
        taken[start:end] = [True] * (end - start)
    names = {text[start:end] for start, end in spans if end - start >= 2}
    names |= {short for name in names for short in _short_forms(name)}
    for name in sorted(names, key=len, reverse=True):
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            latin = name[-1].isascii() and text[end : end + 1].isascii() and text[end : end + 1].isalnum()
            if not latin and not any(taken[start:end]):
                found.add((start, end))
                taken[start:end] = [True] * (end - start)
    return found


def _short_forms(name: str) -> Iterator[str]:
    """How a document may shorten a name: a firm's without its kind (云壑智算, 云壑), a foreigner's last name."""
    if "·" in name:
        yield from (part for part in (name.rpartition("·")[2],) if len(part) > 1)
    for ending, kind in _endings():
        if kind == "company" and len(ending) > 1 and name.endswith(ending) and len(name) - len(ending) in (2, 3):
            yield name[: -len(ending)]
            return


def span_traits(view: TextView, start: int, end: int, known: Sequence[Span]) -> list[str]:
    """The traits of a span that is a name: of its letters and of what stands around it."""
    text = view.text
    name = text[start:end]
    before, after = text[max(0, start - 6) : start], text[end : end + 6]
    before, after = before.rpartition("\n")[2], after.partition("\n")[0]
    shown = "".join(_kind(_shown(unit)) for unit in _UNIT.findall(name))
    out = [
        f"len:{min(9, len(name))}",
        f"form:{shown[:7]}",
        f"last:{name[-1]}",
        f"last2:{name[-2:]}",
        f"first:{name[0]}",
    ]
    if _ALL_LATIN.fullmatch(name):
        out.append("latin")
        out.append("latinlast:" + name.split()[-1].lower())
        out.append("latinwords:" + str(len(name.split())))
        if re.search(r"\d", name):
            out.append("latindigit")
    elif re.search(f"[{_LATIN}]", name):
        out.append("mixed")
    if re.search(r"\d", name):
        out.append("digit")
    for size in (1, 2, 3):
        out.append(f"b{size}:{before[-size:]}")
        out.append(f"a{size}:{after[:size]}")
    for word, mark in _endings():
        if name.endswith(word):
            out.append("ends:" + mark)
        if after.startswith(word) or after.lstrip("“”（(").startswith(word):
            out.append("then:" + mark)
        if before.endswith(word):
            out.append("prior:" + mark)
        elif word in before:
            out.append("near:" + mark)
    for left, right, kind in known:
        if left == start and right < end:
            out.append("firstknown:" + kind)
        elif right == end and left > start:
            out.append("lastknown:" + kind)
    return out


def _typed(
    view: TextView, spans: Sequence[tuple[int, int]], known: Sequence[Span], weights: NameWeights
) -> Iterator[Span]:
    chances: dict[str, Floats] = {}
    for start, end in spans:
        judged = weights.judge(span_traits(view, start, end, known))
        name = view.text[start:end]
        chances[name] = chances[name] + judged if name in chances else judged
    for start, end in spans:
        values = chances[view.text[start:end]]
        yield start, end, cast(EntityType, weights.kinds[int(np.argmax(values))])
