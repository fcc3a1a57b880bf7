"""What somebody looks for: words, "phrases", -excluded, beginnings*, *parts*, ~misspelt words, and OR between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tracker.errors import InputError
from tracker.fulltext.words import ends_spaceless, placed_tokens

MOST_CHARS = 1_000
MOST_TERMS = 32
_MOST_SHOWN = 60
_SHORTEST = 3
"""Letters of a part or a misspelt word: shorter ones are in, or near, too many."""
_AROUND = ".,;:!?()[]{}'’"
_OPEN, _CLOSE = '"“„«「『', '"”“»」』'
_PIECE = re.compile(
    f"(?P<marks>[-~]*)(?:[{_OPEN}](?P<quoted>[^{_OPEN}{_CLOSE}]*)(?:[{_CLOSE}](?P<star>\\*?))?"
    f"|(?P<bare>[^\\s{_OPEN}{_CLOSE}]+))|[{_CLOSE}]"
)
Kind = Literal["words", "part", "similar"]


@dataclass(frozen=True, slots=True)
class Form:
    """Tokens that stand one behind the other; with `is_beginning` the last is the beginning of one."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for, in any of its forms; a part or a misspelt word has none before it is looked up."""

    typed: str
    kind: Kind
    forms: tuple[Form, ...] = ()
    word: str = ""
    """The token that `similar` starts from, the pattern of LIKE of `part`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """All of some terms, and none of others."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A text answers it that answers any of its choices."""

    choices: tuple[Choice, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, in the order in which they were typed."""
        return tuple(term for choice in self.choices for term in (*choice.wanted, *choice.unwanted))

    def put(self, forms_of: Callable[[Term], tuple[Form, ...]]) -> Question:
        """The same with the forms that a look-up gives for parts and misspelt words."""

        def put(term: Term) -> Term:
            return replace(term, forms=forms_of(term)) if term.kind in ("part", "similar") else term

        return Question(
            tuple(Choice(tuple(map(put, one.wanted)), tuple(map(put, one.unwanted))) for one in self.choices)
        )


def parse_question(typed: str) -> Question:
    """What was typed, as a question. Words must all be there; OR parts choices, each of which is enough.

    Raises:
        InputError: it holds no word, only words to leave out, or too much.
    """
    if len(typed) > MOST_CHARS:
        raise InputError(f"a question of {len(typed):,} characters; give at most {MOST_CHARS:,}")
    choices: list[Choice] = []
    terms = 0
    for pieces in _alternatives(typed):
        wanted = tuple(term for term, is_out in pieces if not is_out)
        unwanted = tuple(term for term, is_out in pieces if is_out)
        if unwanted and not wanted:
            raise InputError(f"{_short(typed)}: only words to leave out; name one that has to be there as well")
        if wanted:
            choices.append(Choice(wanted, unwanted))
            terms += len(pieces)
    if not choices:
        raise InputError(f"{_short(typed)}: no word to look for")
    if terms > MOST_TERMS:
        raise InputError(f"{_short(typed)}: {terms} words and phrases; give at most {MOST_TERMS}")
    return Question(tuple(choices))


def _alternatives(typed: str) -> Iterator[list[tuple[Term, bool]]]:
    """(term, whether it is to be left out) of each choice."""
    found: list[tuple[Term, bool]] = []
    leaves_out, has_or, has_parenthesis = False, False, False
    for piece in _PIECE.finditer(typed):
        marks, bare = piece["marks"] or "", piece["bare"]
        has_parenthesis |= bare is not None and bare != bare.strip("()")
        if bare in ("OR", "|") and not marks:
            yield found
            found, leaves_out, has_or = [], False, True
        elif bare in ("AND", "NOT") and not marks:
            leaves_out = bare == "NOT"
        elif (term := _word(bare, marks) if bare else _phrase(piece["quoted"] or "", bool(piece["star"]))) is not None:
            found.append((term, leaves_out or "-" in marks))
            leaves_out = False
    if has_or and has_parenthesis:
        raise InputError(f"{_short(typed)}: parentheses do not group here; write each choice out: a b OR a c")
    yield found


def _phrase(text: str, is_beginning: bool) -> Term | None:
    form = _form(text, is_beginning)
    return Term(f'"{text}"{"*" * is_beginning}', "words", (form,)) if form else None


def _word(bare: str, marks: str) -> Term | None:
    form = _form(bare, is_beginning=False)
    if form is None:
        return None
    word = bare.strip(_AROUND)
    if "*" in word.strip("*"):
        raise InputError(f"{_short(bare)}: * stands at the end of a word or at its beginning, not within")
    if "~" in marks:
        return Term(f"~{bare}", "similar", word=_only_token(f"~{bare}", form))
    if word.startswith("*") and not ends_spaceless(form.tokens[-1]):
        return Term(bare, "part", word=f"%{_only_token(bare, form)}{'%' * word.endswith('*')}")
    return Term(bare, "words", (_form(bare, word.endswith("*")) or form,))


def _form(text: str, is_beginning: bool) -> Form | None:
    """The tokens of a text as they stand within another; None where it has none.

    A run without spaces is found within a longer one, so its last character, which is also a token by itself where a
    run ends, is none here; of a run of one character it is the beginning of one.
    """
    placed = list(placed_tokens(text))
    if not placed:
        return None
    is_run = ends_spaceless(placed[-1][0])
    if is_run and len(placed) > 1 and placed[-2][2] == placed[-1][2]:
        return Form(tuple(token for token, _, _ in placed[:-1]))
    return Form(tuple(token for token, _, _ in placed), is_beginning or is_run)


def _only_token(typed: str, form: Form) -> str:
    if len(form.tokens) > 1 or ends_spaceless(form.tokens[0]) or len(form.tokens[0]) < _SHORTEST:
        raise InputError(f"{_short(typed)}: that can be looked for of one word of {_SHORTEST} letters or more")
    return form.tokens[0]


def _short(typed: str) -> str:
    line = " ".join(typed.split())
    return repr(line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}...")
