"""Is a text about the unauthorised copying of AI models? A gate over cue words, in one pass, before any parsing."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.nlp.lexicon import pattern_of
from tracker.nlp.view import Sentence
from tracker.types import Relevance

_LONG = 25
_REACH = 4
"""How many sentences away a word of wrong still colours an act of copying."""


def _has(cue: str, language: str, text: str) -> bool:
    return pattern_of("relevance", cue, language).search(text) is not None


def _speaks_of_copying(sentence: str, around: str, language: str) -> bool:
    """An act of copying, with AI and a word of wrong in the sentence or near it."""
    return (
        _has("acts", language, sentence)
        and _has("ai", language, around)
        and _has("wrong", language, around)
        and not _has("innocent", language, around)
    )


def _is_about_ai(sentences: Sequence[Sentence], title: str, language: str) -> bool:
    """Whether the text is about AI at all: "system", "developer" and "model" alone are words of any trade."""
    if _has("machine", language, title) or any(_has("machine", language, s.text) for s in sentences):
        return True
    models = sum(_has("models", language, s.text) for s in sentences) + _has("models", language, title)
    return models > 1 or (models == 1 and any(_has("computing", language, s.text) for s in sentences))


def _is_authorised(sentences: Sequence[Sentence], language: str) -> bool:
    """Copying that is told as permitted, in a text where nobody charges anybody with anything."""
    return any(_has("authorised", language, s.text) for s in sentences) and not any(
        _has("charge", language, s.text) for s in sentences
    )


def judge_relevance(sentences: Sequence[Sentence], language: str, title: str = "") -> Relevance:
    """`relevant`, `background` (the matter is mentioned in passing) or `irrelevant`.

    Sentences that speak of unauthorised copying are counted; one alone near the end of a longer text, under a
    title that is silent about it, is background. Whisky, chemistry and authorised knowledge distillation have acts
    without words of wrong.
    """
    strong: list[int] = []
    weak = 0
    for index, sentence in enumerate(sentences):
        around = title + " " + " ".join(other.text for other in sentences[max(0, index - _REACH) : index + _REACH + 1])
        if _speaks_of_copying(sentence.text, around, language):
            strong.append(index)
        elif _has("policy", language, sentence.text):
            weak += 1
    titled = bool(title) and _speaks_of_copying(title, title + " " + " ".join(s.text for s in sentences[:3]), language)
    if not strong and not (titled and weak):
        return "irrelevant"
    if not _is_about_ai(sentences, title, language) or _is_authorised(sentences, language):
        return "irrelevant"
    if not strong:
        return "background"
    early = any(index < len(sentences) * 0.5 for index in strong)
    score = len(strong) + 0.5 * min(weak, 4) + (2 if titled else 0) + (1 if early else 0)
    if len(sentences) > _LONG:
        return "relevant" if titled or (score >= 4 and early) or len(strong) >= 4 else "background"
    return "relevant" if score >= 2 or len(sentences) <= 3 else "background"
