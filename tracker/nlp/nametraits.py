"""What shows of a stretch of words whether it is a name and of what: traits of its form, its place and its document.

A trait is a short readable text ("prev:startup", "last:labs", "verb:nsubj:accuse"). Weights of traits are learned
(tools/model/name_types.py) and lie in data/model/names; a decision can be read back as a sum.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.nlp.germannouns import noun_of
from tracker.nlp.lexicon import cues_of, load_cues
from tracker.nlp.namespans import Piece, cut_pieces, find_stretches, pieces_between, spans_within
from tracker.nlp.view import TextView
from tracker.resources import bundled_path
from tracker.types import EntityType

Known = tuple[int, int, EntityType]


@lru_cache(maxsize=1)
def word_classes() -> dict[str, int]:
    """Words of like use by the number of their class (data/model/names/word_classes.txt, a line a class)."""
    lines = bundled_path("data/model/names/word_classes.txt").read_text(encoding="utf-8").split("\n")
    return {word: number for number, line in enumerate(lines) for word in line.split()}


@lru_cache(maxsize=1)
def _given_lines() -> tuple[tuple[str, ...], ...]:
    text = bundled_path("data/model/names/given_names.txt").read_text(encoding="utf-8")
    return tuple(tuple(line.split()) for line in text.splitlines())


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """First names of persons (data/model/names/given_names.txt, a line for each part of the world)."""
    return frozenset(name for line in _given_lines() for name in line)


def given_names_of(language: str) -> tuple[tuple[str, ...], ...]:
    """The same in lines, that of a language first."""
    lines = _given_lines()
    own = {"en": 0, "de": 1, "fr": 2, "es": 3, "pt": 4}[language]
    return (lines[own], *lines[:own], *lines[own + 1 :])


@lru_cache(maxsize=4)
def _plain_words(language: str) -> frozenset[str]:
    """Words that are no names, as they stand in lower case (data/model/names/plain_words.txt, a line a language)."""
    if language not in _PLAIN_LINES:
        return frozenset()
    text = bundled_path("data/model/names/plain_words.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines()[_PLAIN_LINES.index(language)].split())


_PLAIN_LINES = ("de", "fr", "es", "pt")
_ADJECTIVE_CASES = re.compile(r"(?:e[nrms]?|er(?:e[nrms]?)?|st(?:e[nrms]?)?)$")


def _is_plain(word: str, language: str) -> bool:
    """Whether a word is an ordinary adverb, verb or adjective; German adjectives in any case and degree."""
    words = _plain_words(language)
    if word in words:
        return True
    return language == "de" and (cut := _ADJECTIVE_CASES.sub("", word)) != word and len(cut) > 2 and cut in words


_FORM_CUES = (
    "company_words",
    "publisher_words",
    "organisation_words",
    "government_words",
    "law_words",
    "titles",
    "demonyms",
    "not_names",
    "model_versions",
    "number_names",
    "product_words",
)


@lru_cache(maxsize=8)
def _cue_table(language: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = defaultdict(list)
    for cue in _FORM_CUES:
        for word in cues_of("names", cue, language) | cues_of("names", cue, "en"):
            table[word].append(cue)
    return {word: tuple(cues) for word, cues in table.items()}


@lru_cache(maxsize=8)
def _noun_table(language: str) -> dict[str, tuple[str, ...]]:
    """Nouns that say what a name beside them is of, in lower case."""
    table: dict[str, list[str]] = defaultdict(list)
    for cue in _NOUN_CUES:
        for word in cues_of("names", cue, language):
            table[word.lower()].append(cue)
    return {word: tuple(cues) for word, cues in table.items()}


@lru_cache(maxsize=8)
def _use_table(language: str) -> dict[str, tuple[str, ...]]:
    """Word -> the classes of data/lexicon/name_frames.yaml that hold it: what is done by names and to them."""
    table: dict[str, list[str]] = defaultdict(list)
    for cue in load_cues("name_frames"):
        for word in cues_of("name_frames", cue, language):
            table[word].append(cue)
    return {word: tuple(cues) for word, cues in table.items()}


_NOUN_CUES = (
    "titles",
    "role_nouns",
    "company_nouns",
    "model_nouns",
    "organisation_nouns",
    "government_nouns",
    "publisher_nouns",
    "law_nouns",
    "place_nouns",
    "person_verbs",
)


@dataclass(slots=True)
class Candidate:
    """A stretch of text that may be a name."""

    start: int
    end: int
    text: str
    """As it would be written alone: single spaces, straight apostrophes."""
    first: int
    stop: int
    pieces: list[Piece]
    whole: bool
    """Nothing capitalised is joined to it on either side."""
    form: list[str] = field(default_factory=list)
    """Traits of its letters and bounds."""
    context: list[str] = field(default_factory=list)
    """Traits of what stands around it."""
    shared: list[str] = field(default_factory=list)
    """Traits of the same name's other places in the document."""

    def traits(self) -> list[str]:
        return [*self.form, *self.context, *self.shared]


def find_candidates(view: TextView, known: Sequence[Known], patterned: Sequence[Known] = ()) -> list[Candidate]:
    """Every stretch of a text that may be a name, with its traits.

    Args:
        known: spans of names that the gazetteer knows, in order, without overlaps, with their types.
        patterned: spans that show by their form, with the type that the form says.
    """
    reader = _Reader(view, known, patterned)
    out: list[Candidate] = []
    for sentence in view.sentences:
        pieces = cut_pieces(view, sentence)
        reader.begin(pieces)
        seen: set[tuple[int, int]] = set()
        for first, stop in find_stretches(view, pieces):
            for left, right in spans_within(pieces, first, stop):
                seen.add((left, right))
                out.append(reader.read(left, right, first, stop))
        for start, end, _ in patterned:
            # forms that run over commas and brackets
            if sentence.start <= start < sentence.end:
                span = pieces_between(pieces, start, end)
                if span is not None and span not in seen:
                    seen.add(span)
                    out.append(reader.read(*span, *span))
    _share(out, reader)
    return out


_SMALL = frozenset(
    re.findall(
        r"\w+",
        "the a an in on at by for from to of as if but and or so not no when while where what who why how then there "
        "here it its he his she her they their we our this that these those with under after before since le la les un "
        "une des der die das ein eine el los las una o os um uma im am bei für von en de y e et und",
    )
)
"""Words that a capital at the start of a sentence does not make a part of a name."""
_PARTICLES = frozenset(
    re.findall(
        r"\w+", "van von der den de da do dos das di del della degli la le ter ten bin bint ibn al el zu af av y e du"
    )
)
"""Words in lower case between a person's first name and the last."""
_DEFINITE = frozenset({"the", "this", "that", "our", "its", "your", "their", "his", "her"})
"""Words before "Bureau" or "Tribunal" that name no body by itself."""
_SHAPE_MIXED = re.compile(r"[a-z][A-Z]")


class _Reader:
    def __init__(self, view: TextView, known: Sequence[Known], patterned: Sequence[Known]) -> None:
        self.view = view
        self.classes = word_classes()
        self.given = given_names()
        self.cues = _cue_table(view.language)
        self.nouns = _noun_table(view.language)
        self.uses = _use_table(view.language)
        self.known_at = {span[0]: span for span in known}
        self.known_end = {span[1]: span for span in known}
        self.known = known
        self.patterned = {(start, end): kind for start, end, kind in patterned}
        self.lower: set[str] = set()
        """Words that stand in lower case somewhere in the document."""
        self.ents: dict[int, tuple[int, int, str]] = {}
        if view.doc is not None:
            for entity in view.doc.ents:
                span = (entity.start_char, entity.end_char, entity.label_)
                for token in entity:
                    self.ents[token.idx] = span
        self.lang = view.language
        self.pieces: list[Piece] = []
        self.lefts: dict[int, list[str]] = {}
        self.rights: dict[int, list[str]] = {}

    def begin(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.lefts, self.rights = {}, {}
        self.shout = sum(p.kind == "cap" and p.text.isupper() for p in pieces) * 2 > len(pieces)
        caps = sum(p.kind == "cap" for p in pieces)
        self.heading = caps * 5 > 3 * sum(p.kind != "sign" for p in pieces) and (
            not pieces or pieces[-1].text not in ".!?:;"
        )
        self.lower.update(p.lower for p in pieces if p.kind in ("word", "body"))

    def _class(self, word: str) -> str:
        number = self.classes.get(word)
        return str(number) if number is not None else "?"

    def _cues_of(self, word: str) -> tuple[str, ...]:
        """What a word with a capital says of a name; "Mr." says what "Mr" does."""
        return self.cues.get(word) or self.cues.get(word.rstrip("."), ())

    def _left(self, index: int) -> list[str]:
        found = self.lefts.get(index)
        if found is not None:
            return found
        pieces = self.pieces
        out: list[str] = []
        if index == 0:
            out.append("prev:^")
        else:
            before = pieces[index - 1]
            out.append("prev:" + before.lower)
            out.append("prevk:" + before.kind)
            if before.kind != "sign":
                out.append("prevc:" + self._class(before.lower))
                out.extend("prevn:" + cue for cue in self._noun_cues(before.lower))
                if before.kind == "cap":
                    out.extend("prevcue:" + cue for cue in self._cues_of(before.text))
                    if self.lang == "de":
                        out.append("prevnoun:" + noun_of(before.text))
            if before.possessive:
                out.append("prev's")
            if before.glued:
                out.append("prevglued")
            if (span := self.known_end.get(before.end)) is not None:
                out.append("prevknown:" + span[2])
            out.extend("prevu:" + use for use in self.uses.get(before.lower, ()))
            if index > 1:
                two = pieces[index - 2]
                if before.lower in ("of", "on", "from", "by", "to"):
                    out.extend(f"prevu:{before.lower}<{use}" for use in self.uses.get(two.lower, ()))
                out.append("prev2:" + two.lower + "_" + before.lower)
                out.append("prev2c:" + self._class(two.lower))
                out.extend("prev2n:" + cue for cue in self._noun_cues(two.lower))
                if two.possessive:
                    out.append("prev2's")
                if before.lower in self._ANDS and (span := self.known_end.get(two.end)) is not None:
                    out.append("mate:" + span[2])
            else:
                out.append("prev2:^")
        self.lefts[index] = out
        return out

    _ANDS = frozenset({"and", "or", ",", "et", "und", "y", "e", "ou", "oder", "o"})

    def _right(self, stop: int) -> list[str]:
        found = self.rights.get(stop)
        if found is not None:
            return found
        pieces = self.pieces
        out: list[str] = []
        last = pieces[stop - 1]
        if last.possessive:
            out.append("'s")
        if last.glued:
            out.append("glued")
            tail = self.view.text[last.end + 1 : last.end + 14]
            out.append("glued:" + re.split(r"\W", tail, maxsplit=1)[0])
        if stop >= len(pieces):
            out.append("next:$")
            self.rights[stop] = out
            return out
        after = pieces[stop]
        out.append("next:" + after.lower)
        out.append("nextk:" + after.kind)
        if self.lang == "de" and after.kind == "cap":
            out.append("nextnoun:" + noun_of(after.text))
        if after.kind != "sign":
            out.append("nextc:" + self._class(after.lower))
            own = "own" if last.possessive else ""
            out.extend("next" + own + "n:" + cue for cue in self._noun_cues(after.lower))
            out.extend(f"next{own}u:{use}" for use in self.uses.get(after.lower, ()))
            if last.possessive:
                out.append("ownc:" + self._class(after.lower))
                out.append("own:" + after.lower)
        if (span := self.known_at.get(after.start)) is not None:
            out.append("nextknown:" + span[2])
        if stop + 1 < len(pieces):
            two = pieces[stop + 1]
            out.append("next2:" + after.lower + "_" + two.lower)
            out.append("next2c:" + self._class(two.lower))
            out.extend("next2n:" + cue for cue in self._noun_cues(two.lower))
            if after.lower in self._ANDS and (span := self.known_at.get(two.start)) is not None:
                out.append("mate:" + span[2])
        if after.text == "," or after.text == "(":
            for piece in pieces[stop + 1 : stop + 10]:
                if piece.kind == "sign":
                    break
                out.extend("app:" + cue for cue in self._noun_cues(piece.lower))
                if piece.kind == "word":
                    out.append("appw:" + piece.lower)
                    out.append("appc:" + self._class(piece.lower))
                    if piece.lower in ("who", "whose", "which", "where"):
                        break
        self.rights[stop] = out
        return out

    def read(self, left: int, stop: int, chunk_first: int, chunk_stop: int) -> Candidate:
        pieces = self.pieces
        words = pieces[left:stop]
        start, end = words[0].start, words[-1].end
        text = " ".join(self.view.text[start:end].replace("’", "'").split())
        ahead = [p for p in pieces[chunk_first:left] if p.kind in ("cap", "num") and p.lower not in _SMALL]
        whole = not ahead and all(p.kind not in ("cap", "num") for p in pieces[stop:chunk_stop])
        candidate = Candidate(start, end, text, left, stop, pieces, whole)
        candidate.form = self._form(words, text, whole, left, stop, chunk_first, chunk_stop)
        candidate.context = [*self._left(left), *self._right(stop)]
        self._parse(candidate)
        return candidate

    def _form(
        self, words: list[Piece], text: str, whole: bool, left: int, stop: int, chunk_first: int, chunk_stop: int
    ) -> list[str]:
        first, last = words[0], words[-1]
        count = len(words)
        size = str(count) if count < 4 else "4"
        out = ["n" + size, "lang:" + self.lang, f"n{size}:{self.lang}"]
        if whole:
            out.append("whole")
            out.append("whole" + size)
            if left and not self.heading and not self.shout and self.pieces[left - 1].kind in ("word", "join"):
                out.append(f"inside{size}:" + ("de" if self.lang == "de" else ""))
                if last.kind == "num":
                    out.append("inside+num")
        else:
            if left > chunk_first and self.pieces[left - 1].lower not in _SMALL:
                before = self.pieces[left - 1]
                if stop == chunk_stop and self._is_title_like(before):
                    out.append("wholeaftertitle")
                if self.lang == "de" and stop == chunk_stop:
                    out.extend(self._after_noun(before, size))
                out.append("cutleft:" + before.kind)
                if before.kind == "join":
                    out.append("cutleft:" + before.lower)
            if stop < chunk_stop:
                after = self.pieces[stop]
                out.append("cutright:" + after.kind)
                if after.kind == "join":
                    out.append("cutright:" + after.lower)
        if left == 0:
            out.append("begins")
            out.append("begins" + size)
        if self.shout:
            out.append("shout")
        if self.heading:
            out.append("heading")
        out.append("first:" + first.lower)
        out.append("last:" + last.lower)
        out.append("firstk:" + first.kind)
        out.append("lastk:" + last.kind)
        out.append(f"firstc{size}:" + self._class(first.lower))
        if count > 1:
            out.append("lastc:" + self._class(last.lower))
            out.extend("lastcue:" + cue for cue in self._cues_of(last.text))
            kinds = {p.kind for p in words[1:-1]}
            out.extend("in:" + kind for kind in kinds)
            out.extend("in:" + p.lower for p in words[1:-1] if p.kind in ("join", "body", "sign"))
            if first.text in self.given and "join" in kinds:
                inner = [p.lower for p in words[1:-1] if p.kind == "join"]
                out.append("given+particle" if all(word in _PARTICLES for word in inner) else "given+join")
            if any(p.possessive for p in words[:-1]):
                out.append("in's")
                if words[0].possessive and count > 1:
                    out.append("in's:" + self._class(words[1].lower))
            if any(p.glued for p in words[:-1]):
                out.append("inglued")
        out.extend(f"firstcue{'1' if count == 1 else ''}:" + cue for cue in self._cues_of(first.text))
        if count == 1 and left and self.pieces[left - 1].lower in _DEFINITE:
            out.extend("the+" + cue for cue in self._cues_of(first.text))
        if self.lang == "en" and not text.isascii():
            out.append("abroad" + size)
        out.extend("firstnoun:" + cue for cue in self._noun_cues(first.lower))
        if count > 1:
            out.extend("lastnoun:" + cue for cue in self._noun_cues(last.lower))
        self._form_persons(out, words, left, chunk_first)
        if self.lang != "en" and _is_plain(first.lower, self.lang):
            out.append("plain" + size)
            if left == 0:
                out.append("plainbegins" + size)
        if self.lang == "de":
            self._form_nouns(out, words)
        letters = last.text
        if count == 1:
            out.append("suf3:" + last.lower[-3:])
            out.append("suf2:" + last.lower[-2:])
            out.append("len:" + str(min(9, len(letters))))
        elif last.kind == "cap":
            out.append("lsuf3:" + last.lower[-3:])
        if first.text.isupper() and len(first.text) > 1:
            out.append("caps" if count > 1 else "caps1")
        if _SHAPE_MIXED.search(text):
            out.append("camel" + size)
        if any(c.isdigit() for c in text):
            out.append("digit" + size)
            out.append("digitk:" + re.sub(r"[A-Za-zÀ-ž]+", "a", re.sub(r"\d+", "9", last.text))[:6])
        if "-" in text:
            out.append("hyphen" + size)
        if "." in text:
            out.append("dot")
            if len(first.text) == 2 and first.text[1] == ".":
                out.append("initial")
        if len(words) > 1 and any(len(p.text) == 2 and p.text[1] == "." for p in words):
            out.append("initials")
        self._form_known(out, first.start, last.end)
        return out

    def _form_persons(self, out: list[str], words: list[Piece], left: int, chunk_first: int) -> None:
        """Whether it begins or goes on with a first name, and whether one stands before it that it leaves out."""
        count = len(words)
        if words[0].text in self.given:
            out.append(f"given{min(count, 4)}")
        if count > 1 and any(p.text in self.given for p in words[1:]):
            out.append("givenin")
        if left > chunk_first and self.pieces[left - 1].text in self.given:
            out.append("cutgiven")
        inner = [p for p in words[1:-1] if p.kind == "join"]
        if inner and all(p.lower in _PARTICLES for p in inner) and words[0].kind == words[-1].kind == "cap":
            out.append("particles" + ("" if words[0].lower not in self.classes else "~"))
        if count > 1 and len(words[0].text) == 2 and words[0].text[1] == "." and len(words[-1].text) > 2:
            out.append("initialled" + ("2" if len(words[1].text) == 2 and words[1].text[1] == "." else ""))

    def _after_noun(self, before: Piece, size: str) -> list[str]:
        """ "Konkurrenzmodell Fichtenglas": a whole name but for the German noun that says what it is of."""
        kind = noun_of(before.text)
        cues = self._noun_cues(before.lower)
        out = [] if kind == "no" else [f"wholeafternoun{size}", f"wholeafternoun:{kind}"]
        return [*out, *(f"wholeafter:{cue}" for cue in cues)]

    def _form_nouns(self, out: list[str], words: list[Piece]) -> None:
        """German writes every noun with a capital: which of the words are ordinary ones, or end in one."""
        shown = [noun_of(p.text) for p in words if p.kind == "cap"]
        if len(words) == 1:
            out.append("noun1:" + shown[0] if shown else "noun1:none")
            return
        out.append("nounfirst:" + noun_of(words[0].text))
        out.append("nounlast:" + noun_of(words[-1].text))
        if shown and all(kind == "noun" for kind in shown):
            out.append("nouns")
        elif shown and all(kind != "no" for kind in shown):
            out.append("nounlike")

    def _noun_cues(self, word: str) -> tuple[str, ...]:
        """What a word says of a name that it is in or beside; a German compound does at its end ("Behördenchef")."""
        if self.lang != "de" or word in self.nouns or len(word) < 8:
            return self.nouns.get(word, ())
        return next((self.nouns[word[-size:]] for size in range(12, 3, -1) if word[-size:] in self.nouns), ())

    def _is_title_like(self, piece: Piece) -> bool:
        cues = self._cues_of(piece.text)
        return piece.possessive or "titles" in cues or "demonyms" in cues

    def _form_known(self, out: list[str], start: int, end: int) -> None:
        kind = self.patterned.get((start, end))
        if kind is not None:
            out.append("shaped:" + kind)
        elif any(left < end and start < right for left, right in self.patterned):
            out.append("shaped~")
        if (span := self.known_at.get(start)) is not None and span[1] < end:
            out.append("firstknown:" + span[2])
        if (span := self.known_end.get(end)) is not None and span[0] > start:
            out.append("lastknown:" + span[2])
        for left, right, _ in self.known:
            if left >= end:
                break
            if right > start and not (start <= left and right <= end):
                out.append("cutsknown")
                break
        entity = self.ents.get(start)
        if entity is None:
            out.append("ner:none")
        elif entity[0] == start and entity[1] == end:
            out.append("ner:" + entity[2])
        elif entity[0] == start:
            out.append("ner<:" + entity[2] + ("+" if entity[1] > end else "-"))
        else:
            out.append("ner>:" + entity[2])

    def _parse(self, candidate: Candidate) -> None:
        view = self.view
        if view.doc is None:
            return
        tokens = view.tokens_in(candidate.start, candidate.end)
        if not tokens:
            return
        out = candidate.context
        candidate.form.append("pos1:" + tokens[0].tag_)
        if len(tokens) > 1:
            candidate.form.append("posn:" + tokens[-1].tag_)
        left, right = tokens[0].i, tokens[-1].i
        head = next((t for t in tokens if not left <= t.head.i <= right or t.head.i == t.i), tokens[0])
        outside = [t for t in tokens if t is not head and not left <= t.head.i <= right]
        if outside:
            candidate.form.append("torn")
        dep = head.dep_
        out.append("dep:" + dep)
        if dep == "ROOT":
            return
        governor = head.head
        if governor.is_space:
            return
        lemma = governor.lemma_.lower() if governor.pos_ != "PROPN" else "<name>"
        out.append(f"gov:{dep}:{lemma}")
        out.append(f"govc:{dep[:5]}:{self._class(lemma)}")
        uses = self.uses.get(lemma)
        if uses:
            case = next((c.lower_ for c in head.children if c.dep_ == "case"), "") if dep[:3] in ("obl", "nmo") else ""
            out.extend(f"govu:{dep}/{case}:{use}" for use in uses)
        out.extend(f"govn:{dep[:5]}:{cue}" for cue in self.nouns.get(lemma, ()))
        for child in head.children:
            if left <= child.i <= right or child.is_space:
                continue
            if child.dep_ in ("appos", "acl:relcl", "acl", "nmod", "compound", "amod", "case", "det", "cop"):
                child_lemma = child.lemma_.lower() if child.pos_ != "PROPN" else "<name>"
                out.append(f"kid:{child.dep_}:{child_lemma}")
                out.extend(f"kidu:{child.dep_}:{use}" for use in self.uses.get(child_lemma, ()))
                if child.dep_ in ("appos", "compound"):
                    out.append(f"kidc:{child.dep_}:{self._class(child_lemma)}")
                    out.extend(f"kidn:{child.dep_}:{cue}" for cue in self.nouns.get(child_lemma, ()))


def _share(candidates: list[Candidate], reader: _Reader) -> None:
    """Give each candidate what the other places of the same name in the document say."""
    places: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        places[candidate.text].append(candidate)
    if reader.lang == "de":
        _join_genitives(places)
    ends: dict[str, list[str]] = defaultdict(list)
    wholes: dict[str, int] = defaultdict(int)
    for candidate in candidates:
        if candidate.whole:
            wholes[candidate.text] += 1
    for name in wholes:
        words = name.split()
        if len(words) < 2 or len(words) > 6:
            continue
        last = words[-1]
        ends[words[0]].append("headof:" + last.lower())
        ends[words[0]].append("headof")
        ends[last].append("tailof")
        if len(words) > 2:
            ends[" ".join(words[:-1])].append("headof:" + last.lower())
            ends[" ".join(words[:2])].append("headof")
            ends[" ".join(words[1:])].append("tailof")
    siblings = _siblings(wholes, reader)
    for name, group in places.items():
        shared = {f"D:{trait}" for item in group for trait in item.context} if len(group) > 1 else set()
        words = name.split()
        extra = list(dict.fromkeys(ends.get(name, ())))
        extra.extend(dict.fromkeys(what for other, what in siblings.get(words[0], ()) if other != name))
        if len(words) > 1:
            if wholes.get(words[-1]):
                extra.append("lastalone")
            if wholes.get(words[0]):
                extra.append("firstalone")
            if len(words) > 2 and wholes.get(" ".join(words[:-1])):
                extra.append("headalone")
        if words[0].lower() in reader.lower:
            extra.append("lowerseen" + ("1" if len(words) == 1 else ""))
        seen = wholes.get(name, 0)
        inside = sum(1 for item in group if item.whole and item.first > 0)
        extra.append("wholes:" + ("0" if seen == 0 else "1" if seen == 1 else "2"))
        if inside:
            extra.append("midwhole")
            if seen > 1:
                extra.append("midwhole2")
        every = [*extra, *shared]
        for item in group:
            if item.text == name:
                item.shared = every


def _join_genitives(places: dict[str, list[Candidate]]) -> None:
    """ "Vorwalds" beside "Vorwald" in German: what one shows holds for the other."""
    for name in [name for name in places if name.endswith("s") and name[:-1] in places]:
        plain, genitive = places[name[:-1]], places[name]
        for item in genitive:
            item.form.append("genitive")
        for item in plain:
            item.form.append("hasgenitive")
        places[name[:-1]] = places[name] = [*plain, *genitive]


def _siblings(wholes: Iterable[str], reader: _Reader) -> dict[str, list[tuple[str, str]]]:
    """First word -> names of several words that begin with it, each with what its last word says.

    "Sundew" beside "Sundew Labs" is the firm; "Sundew Nine" beside it is what the firm makes.
    """
    out: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in wholes:
        words = name.split()
        if 1 < len(words) <= 5:
            last = words[-1]
            cues = reader.cues.get(last, ()) or ("number" if last[0].isdigit() else "word",)
            out[words[0]].extend((name, "sibling:" + cue) for cue in cues)
    return out
