"""What a sentence shows of the acts that it states: named traits, and a few directions in word space.

A trait is a short name such as `field:deny`, `root:accuse` or `subject:<company>+sue`. A linear model holds one weight
for each trait and kind of claim (tracker/nlp/learned/linear.py), so that every decision can be read back as a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.nlp.discourse import Discourse
from tracker.nlp.frames import Frame
from tracker.nlp.learned.words import Word, WordedSentence
from tracker.nlp.phrases import is_negated

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
_OBJECTS = ("obj", "iobj", "ccomp", "xcomp")
_STOP = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "to",
        "and",
        "in",
        "on",
        "at",
        "for",
        "with",
        "by",
        "as",
        "that",
        "this",
        "it",
        "its",
        "be",
        "have",
        "'s",
        ",",
        ".",
        "'",
    }
)


def sentence_traits(
    discourse: Discourse, worded: WordedSentence, before: WordedSentence | None, frames: Sequence[Frame]
) -> list[str]:
    """The traits of a sentence. `frames` is what the rules read in it."""
    view, sentence, words = discourse.view, worded.sentence, worded.words
    forms = worded.forms()
    found: dict[str, None] = {"bias": None, f"page:{view.publisher_type}": None}

    def add(trait: str) -> None:
        found[trait] = None

    fields: dict[str, None] = {}
    for word in words:
        if word.form not in _STOP:
            add(f"word:{word.form}")
        for name in word.fields:
            fields[name] = None
            add(f"field:{name}")
    for left, right in zip(["^", *forms], [*forms, "$"], strict=True):
        add(f"pair:{left} {right}")
    names = list(fields)
    for index, name in enumerate(names):
        for other in names[index + 1 :]:
            add(f"both:{min(name, other)}+{max(name, other)}")
    if view.doc is not None:
        _add_syntax(found, worded)
    else:
        _add_order(found, words)
    _add_surface(found, discourse, worded)
    for frame in frames:
        add(f"rules:{frame.type}")
        for feature in frame.features:
            add(f"rules:{frame.type}+{feature}")
    if not frames:
        add("rules:none")
    if before is not None and before.sentence.paragraph == sentence.paragraph:
        for name in {name for word in before.words for name in word.fields}:
            add(f"before:{name}")
    return list(found)


def _form_of(word: Word | None, token_lemma: str) -> str:
    return word.form if word is not None else token_lemma


def _add_syntax(found: dict[str, None], worded: WordedSentence) -> None:
    for word in worded.words:
        token = word.token
        if token is None or token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ") or word.form.startswith("<"):
            continue
        labels = (word.form, *(f"~{name}" for name in word.fields))
        if token.dep_ == "ROOT":
            for label in labels:
                found[f"root:{label}"] = None
        elif token.dep_ in ("xcomp", "ccomp", "conj", "parataxis", "advcl"):
            for label in labels:
                found[f"{token.dep_}:{label}"] = None
        if token.pos_ == "NOUN" and not word.fields:
            continue
        negated = is_negated(token)
        for child in token.children:
            dep = child.dep_
            if dep in _SUBJECTS or dep in _OBJECTS or dep in ("obl", "obl:agent", "nmod", "aux"):
                inner = _form_of(worded.of_token.get(child.i), (child.lemma_ or child.lower_).lower())
                role = dep.split(":")[0] if dep != "nsubj:pass" else "passive"
                if dep in ("obl", "nmod"):
                    case = next((c.lower_ for c in child.children if c.dep_ == "case"), "")
                    role = f"{role}-{case}"
                for label in labels:
                    found[f"{role}:{inner}+{label}"] = None
                inner_word = worded.of_token.get(child.i)
                if inner_word is not None:
                    for name in inner_word.fields:
                        for label in labels:
                            found[f"{role}:~{name}+{label}"] = None
        if negated:
            for label in labels:
                found[f"not:{label}"] = None


def _add_order(found: dict[str, None], words: Sequence[Word]) -> None:
    """Without a parse: which fields follow which names, in order."""
    last = "^"
    for word in words:
        if word.form.startswith("<"):
            last = word.form
        for name in word.fields:
            found[f"after:{last}+{name}"] = None
    for index, word in enumerate(words):
        if not word.fields:
            continue
        following = next((w.form for w in words[index + 1 : index + 7] if w.form.startswith("<")), "$")
        for name in word.fields:
            found[f"ahead:{name}+{following}"] = None


def _add_surface(found: dict[str, None], discourse: Discourse, worded: WordedSentence) -> None:
    text, view = worded.sentence.text, discourse.view
    last = text.rstrip(' "”’)»')[-1:]
    if last in "?？":
        found["question"] = None
    if last not in ".!?。！？…:;":
        found["no-stop"] = None
    quotes = sum(text.count(mark) for mark in '"“”«»„')
    if quotes:
        found["quoted"] = None
        if text.lstrip()[:1] in '"“«„':
            found["quoted-first"] = None
    count = len(worded.words)
    found[f"length:{'short' if count < 10 else 'long' if count > 32 else 'middle'}"] = None
    kinds = [word.form for word in worded.words if word.form.startswith("<")]
    parties = sum(kind in ("<company>", "<government>", "<organisation>", "<person>") for kind in kinds)
    found[f"parties:{min(parties, 3)}"] = None
    if discourse.issuer is not None:
        found["issued"] = None
    place = worded.sentence.index
    found["first" if place == 0 else "early" if place < 3 else "later"] = None
    if place == len(view.sentences) - 1:
        found["last"] = None
    first = next(iter(worded.words), None)
    if first is not None:
        found[f"begins:{first.form}"] = None
        for name in first.fields:
            found[f"begins:~{name}"] = None
    if discourse.accused or discourse.accuser:
        found["accused-before"] = None


def content_words(words: Iterable[Word]) -> list[str]:
    """The words whose meaning counts for the mean direction of a sentence."""
    return [word.form for word in words if not word.form.startswith("<") and word.form not in _STOP]


def verbs(worded: WordedSentence) -> list[str]:
    """The verbs of a parsed sentence."""
    return [word.form for word in worded.words if word.token is not None and word.token.pos_ == "VERB"]
