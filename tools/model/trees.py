"""Sentences as trees that are written out to spaCy Docs: words, tags, heads, Universal Dependencies labels, names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpora import BLANK
from spacy.tokens import Doc

_NO_SPACE_BEFORE = {",", ".", "”", "?", "'s", "’s"}


@dataclass(eq=False, slots=True)
class Node:
    """A word with its dependents on both sides, each side in the order of the text."""

    form: str
    tag: str
    entity: str | None = None
    joined: bool = False
    """No space follows."""
    relation: str = "ROOT"
    left: list[Node] = field(default_factory=list)
    right: list[Node] = field(default_factory=list)

    def before(self, relation: str, child: Node) -> Node:
        """Add a left dependent next to the word."""
        child.relation = relation
        self.left.append(child)
        return self

    def first(self, relation: str, child: Node) -> Node:
        """Add a left dependent before all others."""
        child.relation = relation
        self.left.insert(0, child)
        return self

    def after(self, relation: str, child: Node) -> Node:
        """Add a right dependent after all others."""
        child.relation = relation
        self.right.append(child)
        return self

    def leftmost(self) -> Node:
        """The first word of the phrase."""
        return self.left[0].leftmost() if self.left else self

    def subject(self) -> Node | None:
        """The nominal subject, if there is one before the word."""
        return next((child for child in self.left if child.relation.startswith("nsubj")), None)

    def in_order(self) -> Iterator[Node]:
        """All words of the phrase in the order of the text."""
        for child in self.left:
            yield from child.in_order()
        yield self
        for child in self.right:
            yield from child.in_order()


def comma() -> Node:
    """A comma."""
    return Node(",", ",")


def _without_doubled_commas(words: list[Node]) -> list[Node]:
    following = [*words[1:], None]
    return [
        word for word, after in zip(words, following, strict=True)
        if not (word.form == "," and not word.right and after is not None and after.form in (",", "."))
    ]  # fmt: skip


def _is_same_name(word: Node, previous: Node | None, parents: dict[int, Node]) -> bool:
    """Whether two neighbours are parts of one name: one hangs on the other, or both on a word of the same name."""
    if previous is None or not word.entity or previous.entity != word.entity:
        return False
    parent, parent_before = parents.get(id(word)), parents.get(id(previous))
    if parent_before is word:
        return True
    if word.relation == "conj" or parent is None:
        return False
    return parent is previous or (parent is parent_before and parent.entity == word.entity)


@dataclass(slots=True)
class _Columns:
    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    sent_starts: list[bool] = field(default_factory=list)
    ents: list[str | None] = field(default_factory=list)


def _add_sentence(columns: _Columns, root: Node) -> None:
    parents = {id(child): node for node in root.in_order() for child in (*node.left, *node.right)}
    words = _without_doubled_commas(list(root.in_order()))
    place = {id(word): len(columns.words) + i for i, word in enumerate(words)}
    previous = None
    for i, word in enumerate(words):
        is_first = i == 0 or (i == 1 and words[0].form in ('"', "“"))
        after = words[i + 1].form if i + 1 < len(words) else None
        closes_quote = after == '"' and i > 0 and word.form in (",", ".")
        parent = parents.get(id(word))
        columns.words.append(word.form[0].upper() + word.form[1:] if is_first else word.form)
        columns.spaces.append(after is None or not (after in _NO_SPACE_BEFORE or closes_quote or word.joined))
        columns.tags.append(word.tag)
        columns.heads.append(place[id(word)] if parent is None else place[id(parent)])
        columns.deps.append("ROOT" if parent is None else word.relation)
        columns.sent_starts.append(i == 0)
        inside = _is_same_name(word, previous, parents)
        columns.ents.append(f"{'I' if inside else 'B'}-{word.entity}" if word.entity else "O")
        previous = word


def write_doc(roots: Sequence[Node]) -> Doc:
    """One document of some sentences; it has no parts of speech yet (lexicon.py adds them)."""
    columns = _Columns()
    for root in roots:
        _add_sentence(columns, root)
    return Doc(
        BLANK.vocab, words=columns.words, spaces=columns.spaces, tags=columns.tags, heads=columns.heads,
        deps=columns.deps, sent_starts=columns.sent_starts, ents=columns.ents,
    )  # fmt: skip
