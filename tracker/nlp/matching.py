"""Longest match of the gazetteer's names over the tokens of a text; what a match means is decided in names.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tracker.nlp.gazetteer import Entry, Gazetteer

TOKEN = re.compile(r"[^\W\u3400-\u9fff_]+|[\u3400-\u9fff]|[^\w\s]|_")
_SHORTEST_GENITIVE = 4
_CJK = re.compile(r"[\u3400-\u9fff]")
_GLUED = re.compile(r"([A-Za-z]{3,}?)(\d+(?:\.\d+)*[a-zA-Z]?)")
_VERSION = re.compile(
    r"(?:[- ]?[vV]?\d+(?:\.\d+)*[a-zA-Z]?\b(?:[- ]\d+[bB]\b)?)?"
    r"(?:[- ](?:Opus|Sonnet|Haiku|Pro|Max|Flash|Turbo|Mini|mini|Plus|Coder|Instruct|Air"
    r"|Ultra|Preview|Thinking|Large|Medium|Small|Lite"
    r"|Nano|Vision|VL|Omni|Heavy|Base|Next)\b(?:[- ]?\d+(?:\.\d+)*\b)?)*"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of text that is a name or short form of one or several entries."""

    start: int
    end: int
    ids: tuple[str, ...]
    short: bool
    """It is only a short form: it needs the full name, or a title."""
    versioned: bool = False
    """A version number follows the name and belongs to the span."""


class Matcher:
    """A trie over token sequences. Case counts: the first word must be capitalised as in the name."""

    def __init__(self, gazetteer: Gazetteer, language: str) -> None:
        self._trie: dict[str, object] = {}
        self._genitives = language == "de"
        self._entries = gazetteer.entries
        cjk: dict[str, list[str]] = {}
        for entry in gazetteer.entries.values():
            for name in entry.names(language):
                if _CJK.search(name):
                    cjk.setdefault(name, []).append(entry.entity.id)
                else:
                    self._add(name, entry, short=False)
            for name in entry.short:
                self._add(name, entry, short=True)
        self._cjk = cjk
        names = sorted(cjk, key=len, reverse=True)
        self._cjk_pattern = re.compile("|".join(map(re.escape, names))) if names else None

    def _add(self, name: str, entry: Entry, short: bool) -> None:
        forms = {name, name.replace("'", "’")}
        if entry.entity.type == "model":
            forms |= {name.replace("-", " "), name.replace(" ", "-")}
        for form in forms:
            node = self._trie
            for token in TOKEN.findall(form):
                node = node.setdefault(token.casefold(), {})  # type: ignore[assignment]
            node.setdefault("\0", []).append((entry.entity.id, short, form))  # type: ignore[attr-defined]

    def find(self, text: str) -> list[Hit]:
        """Hits in order, none overlapping another."""
        tokens = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]
        folded = [token.casefold() for token, _, _ in tokens]
        hits: list[Hit] = []
        index = 0
        while index < len(tokens):
            hit, length = self._longest(text, tokens, folded, index)
            if hit is not None:
                hits.append(hit)
            index += max(1, length)
        if self._cjk_pattern is not None:
            taken = {position for hit in hits for position in range(hit.start, hit.end)}
            hits.extend(
                Hit(match.start(), match.end(), tuple(self._cjk[match.group()]), short=False)
                for match in self._cjk_pattern.finditer(text)
                if match.start() not in taken
            )
            hits.sort(key=lambda hit: hit.start)
        return hits

    def _longest(
        self, text: str, tokens: list[tuple[str, int, int]], folded: list[str], index: int
    ) -> tuple[Hit | None, int]:
        node: dict[str, object] = self._trie
        best: tuple[Hit, int] | None = None
        position = index
        while position < len(tokens) and position - index < 24:
            following = node.get(folded[position])
            if not isinstance(following, dict):
                if self._genitives and (hit := self._genitive(text, tokens, folded, index, position, node)):
                    return hit, position - index + 1
                break
            node = following
            position += 1
            endings = node.get("\0")
            if isinstance(endings, list):
                written = text[tokens[index][1] : tokens[position - 1][2]]
                good = [
                    (entity_id, short)
                    for entity_id, short, form in endings
                    if _same_case(written, form, position - index)
                ]
                if good:
                    full = [entity_id for entity_id, short in good if not short]
                    ids = tuple(dict.fromkeys(full or [entity_id for entity_id, _ in good]))
                    best = (Hit(tokens[index][1], tokens[position - 1][2], ids, short=not full), position - index)
        if best is None:
            return self._glued_version(text, tokens, index), 0
        return self._with_version(text, tokens, index, *best)

    def _genitive(
        self,
        text: str,
        tokens: list[tuple[str, int, int]],
        folded: list[str],
        index: int,
        position: int,
        node: dict[str, object],
    ) -> Hit | None:
        """ "Alibabas Labor", "Pekings Botschafter": a German name with the ending of its case."""
        word = folded[position]
        following = node.get(word[:-1]) if word.endswith("s") and len(word) > _SHORTEST_GENITIVE else None
        endings = following.get("\0") if isinstance(following, dict) else None
        if not isinstance(endings, list):
            return None
        start, end = tokens[index][1], tokens[position][2]
        ids = tuple(
            dict.fromkeys(
                entity_id for entity_id, short, form in endings if form + "s" == text[start:end] and not short
            )
        )
        return Hit(start, end, ids, short=False) if ids else None

    def _with_version(
        self, text: str, tokens: list[tuple[str, int, int]], index: int, hit: Hit, length: int
    ) -> tuple[Hit, int]:
        if not any(self._entries[entity_id].entity.type == "model" for entity_id in hit.ids):
            return hit, length
        match = _VERSION.match(text, hit.end)
        if match is None or match.end() == hit.end:
            return hit, length
        end = match.end()
        taken = sum(1 for _, start, _ in tokens[index : index + 30] if start < end)
        return Hit(hit.start, end, hit.ids, hit.short, versioned=True), taken

    def _glued_version(self, text: str, tokens: list[tuple[str, int, int]], index: int) -> Hit | None:
        """ "Qwen3-Max": a family name with its version written on."""
        token, start, end = tokens[index]
        match = _GLUED.fullmatch(token)
        if match is None:
            return None
        node = self._trie.get(match.group(1).casefold())
        endings = node.get("\0") if isinstance(node, dict) else None
        if not isinstance(endings, list):
            return None
        ids = tuple(
            entity_id for entity_id, _, form in endings if self._entries[entity_id].family and form == match.group(1)
        )
        if not ids:
            return None
        tail = _VERSION.match(text, end)
        return Hit(start, tail.end() if tail else end, ids, short=False, versioned=True)


def _same_case(written: str, form: str, tokens: int) -> bool:
    if written == form:
        return True
    if written.isupper() and len(written) >= 4 and not form.isupper():
        return True
    if tokens == 1 or " " not in form or form.startswith("The "):
        return False
    first_written, first_form = written.split()[0], form.split()[0]
    if first_written != first_form and not (first_written.isupper() and len(first_written) > 3):
        return False
    capitals = [word for word in form.split() if word[0].isupper()]
    kept = [word for word in written.split() if word[0].isupper()]
    return len(kept) * 2 >= len(capitals)


@lru_cache(maxsize=16)
def matcher_for(gazetteer: Gazetteer, language: str) -> Matcher:
    """The matcher of a gazetteer for texts in a language, built once."""
    return Matcher(gazetteer, language)
