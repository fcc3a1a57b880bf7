"""A question as each database's index reads it. Every token is a letter or digit or a mark of one, so none needs an
escape within quotes, and nothing that was typed is ever read as an operator."""

from __future__ import annotations

from tracker.fulltext.questions import Choice, Form, Question, Term


def as_fts5(question: Question) -> str:
    """The question for FTS5 (sqlite.org/fts5.html, 3)."""
    return " OR ".join(f"({_fts5_choice(choice)})" for choice in question.choices)


def _fts5_choice(choice: Choice) -> str:
    wanted = " AND ".join(map(_fts5_term, choice.wanted))
    unwanted = " OR ".join(map(_fts5_term, choice.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _fts5_term(term: Term) -> str:
    return f"({' OR '.join(_fts5_form(form) for form in term.forms)})"


def _fts5_form(form: Form) -> str:
    return f'"{" ".join(form.tokens)}"{" *" if form.is_beginning else ""}'


def as_tsquery(question: Question, *, loosely: bool = False) -> str:
    """The question for PostgreSQL (postgresql.org/docs/current/datatype-textsearch.html); `loosely` asks only that the
    words of a phrase are there, wherever, and leaves out none that a phrase would."""
    return " | ".join(f"({_tsquery_choice(choice, loosely)})" for choice in question.choices)


def _tsquery_choice(choice: Choice, loosely: bool) -> str:
    wanted = [_tsquery_term(term, loosely) for term in choice.wanted]
    sure = [term for term in choice.unwanted if not loosely or not _has_phrase(term)]
    return " & ".join((*wanted, *(f"!{_tsquery_term(term, loosely)}" for term in sure)))


def _tsquery_term(term: Term, loosely: bool) -> str:
    return f"({' | '.join(_tsquery_form(form, loosely) for form in term.forms)})"


def _tsquery_form(form: Form, loosely: bool) -> str:
    tokens = [f"'{token}'" for token in form.tokens]
    tokens[-1] += ":*" if form.is_beginning else ""
    return f"({(' & ' if loosely else ' <-> ').join(tokens)})"


def has_phrases(question: Question) -> bool:
    """Whether the places of words matter."""
    return any(_has_phrase(term) for term in question.terms)


def _has_phrase(term: Term) -> bool:
    return any(len(form.tokens) > 1 for form in term.forms)
