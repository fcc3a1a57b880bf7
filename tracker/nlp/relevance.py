"""Is a text about the unauthorised copying of AI models? Judged from words alone, before any parsing.

Two linear models over named traits (relevance_traits.py) decide: the first whether a text is on the matter, the second,
for what is not, whether it mentions the matter in passing. What the cue words of data/lexicon/relevance.yaml say by
rule is itself a trait. The weights lie in data/lexicon/relevance_weights.yaml, one line a trait, to be read and
reviewed; `tools/relevance/fit.py` fits them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracker.errors import UnreadableInput
from tracker.nlp.lexicon import lexicon_folder, occurs
from tracker.nlp.relevance_traits import MATTER, traits_of, word_traits
from tracker.nlp.view import Sentence
from tracker.types import Relevance

_LONG = 25
_STRETCH = 25
"""Longer texts are judged stretch by stretch, of so many sentences: the traits were weighed on texts of that size."""
_SHORT = 3
"""Up to so many sentences there is little to weigh: the cue words decide, unless the traits are `_SURE` of AI."""
_SURE = 2.0
"""Log-odds: seven to one."""
_ENOUGH = 3
"""Of the matter's topics, where a text has no word for AI: some who tell of copied answers have none."""
_REACH = 4
"""How many sentences away a word of wrong still colours an act of copying."""


def _has(cue: str, language: str, text: str) -> bool:
    return occurs("relevance", cue, language, text)


def _is_copying(around: str, language: str) -> bool:
    """Whether an act, by the words around it, is copying: AI and a word of wrong are near, and no still."""
    return _has("ai", language, around) and _has("wrong", language, around) and not _has("innocent", language, around)


def _strong_sentences(sentences: Sequence[Sentence], language: str, title: str) -> list[int]:
    """The indices of the sentences that speak of unauthorised copying."""
    strong = []
    for index, sentence in enumerate(sentences):
        # The words around are put together only where an act needs them: most pages of the web have none.
        if _has("acts", language, sentence.text):
            near = sentences[max(0, index - _REACH) : index + _REACH + 1]
            if _is_copying(title + " " + " ".join(other.text for other in near), language):
                strong.append(index)
    return strong


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


def judge_by_lexicon(sentences: Sequence[Sentence], language: str, title: str = "") -> Relevance:
    """What the cue words say by rule; a trait of the judge, and the same in every language.

    Sentences that speak of unauthorised copying are counted; one alone near the end of a longer text, under a
    title that is silent about it, is background. Whisky, chemistry and authorised knowledge distillation have acts
    without words of wrong.
    """
    strong = _strong_sentences(sentences, language, title)
    opening = title + " " + " ".join(s.text for s in sentences[:3])
    titled = bool(title) and _has("acts", language, title) and _is_copying(opening, language)
    if not strong and not titled:
        return "irrelevant"
    known = frozenset(strong)
    weak = sum(_has("policy", language, s.text) for i, s in enumerate(sentences) if i not in known)
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


@dataclass(frozen=True)
class LinearModel:
    """Log-odds: a bias, and what each trait adds for a value of 1."""

    bias: float
    weights: Mapping[str, float]

    def odds(self, traits: Mapping[str, float]) -> float:
        """The log-odds of a text; a trait without a weight adds nothing."""
        weights = self.weights
        return self.bias + sum(weights.get(name, 0.0) * value for name, value in traits.items())


def _speaks_of_ai(traits: Mapping[str, float]) -> bool:
    return "machines" in traits or "machines.title" in traits


def _can_be_weighed(traits: Mapping[str, float]) -> bool:
    """Whether the text is of the kind that the traits were weighed on: it speaks of AI, or of much of the matter.

    Of a ferry's timetable the weights tell nothing, and it must not pass for want of words that speak against it.
    """
    if _speaks_of_ai(traits):
        return True
    return sum(topic in traits for topic in MATTER) >= _ENOUGH


@dataclass(frozen=True)
class Judge:
    """`matter` tells what is relevant; `mention` parts the rest into background and irrelevant."""

    matter: LinearModel
    mention: LinearModel

    def relevance_of(self, traits: Mapping[str, float]) -> Relevance:
        """The judgement on a text with these traits."""
        if not _can_be_weighed(traits):
            return "irrelevant"
        if self.matter.odds(traits) > 0:
            return "relevant"
        return "background" if self.mention.odds(traits) > 0 else "irrelevant"


@lru_cache(maxsize=4)
def load_judge(path: Path | None = None) -> Judge:
    """The fitted judge of a file, the bundled one without a path.

    Raises:
        UnreadableInput: not JSON, or not `matter` and `mention` with a `bias` and `weights` of numbers.
    """
    path = path or lexicon_folder() / "relevance_weights.yaml"
    try:
        # YAML in its JSON form: read by the far faster parser, and one of the files that the extractor's name covers.
        data = json.loads(path.read_text("utf-8"))
        models = {
            name: LinearModel(
                float(data[name]["bias"]), {str(trait): float(w) for trait, w in data[name]["weights"].items()}
            )
            for name in ("matter", "mention")
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableInput(f"{path}: expected matter and mention, each with a bias and weights ({error})") from error
    return Judge(**models)


def text_traits(sentences: Sequence[Sentence], language: str, title: str = "") -> dict[str, float]:
    """All traits of a text by name: its topics, its words, and what the lexicon says by rule."""
    texts = [sentence.text for sentence in sentences]
    traits = traits_of(texts, language, title)
    traits.update(dict.fromkeys(word_traits(texts, language, title), 1.0))
    traits[f"lexicon.{judge_by_lexicon(sentences, language, title)}"] = 1.0
    return traits


def judge_relevance(sentences: Sequence[Sentence], language: str, title: str = "") -> Relevance:
    """`relevant`, `background` (the matter is mentioned in passing) or `irrelevant`.

    A long text is relevant where its opening is, or half of its stretches are; it is background where any other is not
    irrelevant.
    """
    if not sentences:
        return "irrelevant"
    judge = load_judge()
    if len(sentences) <= _SHORT:
        traits = text_traits(sentences, language, title)
        if judge.matter.odds(traits) > _SURE and _speaks_of_ai(traits):
            return "relevant"
        return judge_by_lexicon(sentences, language, title)
    if len(sentences) <= _STRETCH * 3 // 2:
        return judge.relevance_of(text_traits(sentences, language, title))
    verdicts = [
        judge.relevance_of(text_traits(sentences[i : i + _STRETCH], language, title))
        for i in range(0, len(sentences) - _STRETCH // 3, _STRETCH)
    ]
    if verdicts[0] == "relevant" or verdicts.count("relevant") * 2 >= len(verdicts):
        return "relevant"
    return "background" if any(verdict != "irrelevant" for verdict in verdicts) else "irrelevant"
