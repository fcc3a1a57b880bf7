"""Who is who after people's edits: the gazetteer with merges, other names, types and owners applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from tracker.ids import slugify
from tracker.reconcile.entities import fold_name
from tracker.types import (
    AliasEdit,
    Claim,
    Edit,
    Entity,
    EntityEdit,
    EntityMerge,
    Mention,
    StoredDocument,
)


class Naming:
    """The canonical entities, and for every id which of them it is.

    Edits are taken in the order: what entities are, then merges, then other names; each by time. One that cannot
    stand beside those before it is left out, and `refused` says why. All of this depends on the gazetteer and the
    edits alone, never on documents.
    """

    def __init__(self, gazetteer: Sequence[Entity], edits: Iterable[Edit] = ()) -> None:
        self.refused: dict[str, str] = {}
        self.edits_of: dict[str, tuple[str, ...]] = {}
        """For each id that is now another, the edits that made it so."""
        self._entities = {entity.id: entity for entity in gazetteer}
        self.gazetteer_ids = frozenset(self._entities)
        self._into: dict[str, str] = {}
        edits = tuple(edits)
        if any(isinstance(edit.act, EntityEdit | EntityMerge | AliasEdit) for edit in edits):
            self._describe(edits)
            self._merge(edits)
            self._settle_parents()
            self._add_aliases(edits)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The canonical entities; those that were merged away are not among them."""
        return tuple(self._entities.values())

    def id_of(self, entity_id: str) -> str:
        """The entity that an id stands for now."""
        return self._into.get(entity_id, entity_id)

    def is_canonical(self, entity_id: str) -> bool:
        """Whether an id is that of a canonical entity, or was merged into one."""
        return self.id_of(entity_id) in self._entities

    def document(self, document: StoredDocument) -> StoredDocument:
        """The document with its mentions under the entities' present ids. Its claims are left as they were read."""
        if not any(m.entity_id in self._into for e in document.extractions for m in e.mentions):
            return document
        extractions = tuple(replace(e, mentions=tuple(map(self._mention, e.mentions))) for e in document.extractions)
        return replace(document, extractions=extractions)

    def claim(self, claim: Claim) -> tuple[Claim, tuple[str, ...]]:
        """The claim with its parties under their present ids, and the edits that changed them."""
        named = (claim.speaker, claim.on_behalf_of, *claim.accused, *claim.target, *claim.via)
        edits = dict.fromkeys(e for party in named if party in self._into for e in self.edits_of[party])
        if not edits:
            return claim, ()
        return (
            replace(
                claim,
                speaker=self.id_of(claim.speaker) if claim.speaker else None,
                on_behalf_of=self.id_of(claim.on_behalf_of) if claim.on_behalf_of else None,
                accused=tuple(dict.fromkeys(map(self.id_of, claim.accused))),
                target=tuple(dict.fromkeys(map(self.id_of, claim.target))),
                via=tuple(dict.fromkeys(map(self.id_of, claim.via))),
            ),
            tuple(edits),
        )

    def _mention(self, mention: Mention) -> Mention:
        entity = self._entities.get(self.id_of(mention.entity_id))
        if entity is None or mention.entity_id not in self._into:
            return mention
        return replace(mention, entity_id=entity.id, name=entity.name, type=entity.type)

    def _describe(self, edits: Sequence[Edit]) -> None:
        said: dict[tuple[str, str], tuple[object, str]] = {}
        for edit in edits:
            act = edit.act
            if not isinstance(act, EntityEdit):
                continue
            fields = {key: getattr(act, key) for key in ("name", "type", "parent", "wikidata")}
            given = {key: value for key, value in fields.items() if value is not None}
            if why := self._contradiction(act, given, said) or self._flaw(act, given):
                self.refused[edit.id] = why
                continue
            said.update({(act.entity, key): (value, edit.id) for key, value in given.items()})
            if "parent" in given:
                given["parent"] = given["parent"] or None
            old = self._entities.get(act.entity) or Entity(act.entity, act.name or "", act.type or "organisation")
            if act.name and old.name not in (act.name, *old.aliases):
                given["aliases"] = (*old.aliases, old.name)
            self._entities[act.entity] = replace(old, known=True, **given)

    @staticmethod
    def _contradiction(
        act: EntityEdit, given: Mapping[str, object], said: Mapping[tuple[str, str], tuple[object, str]]
    ) -> str:
        for key, value in given.items():
            before, edit_id = said.get((act.entity, key), (value, ""))
            if before != value:
                return f"{key} {value!r} contradicts {before!r} of edit {edit_id}; undo that one first"
        return ""

    def _flaw(self, act: EntityEdit, given: Mapping[str, object]) -> str:
        if act.entity not in self._entities and not (act.name and act.type):
            return self._no_such(act.entity) + "; to add it, give its name and type"
        if not given:
            return "it sets nothing: expected name, type, parent or wikidata"
        if act.parent and act.parent not in self._entities:
            return "parent: " + self._no_such(act.parent)
        above, seen = act.parent, {act.entity}
        while above:
            if above in seen:
                return f"parent: {act.parent!r} belongs to {act.entity!r} already, so that would be a circle"
            seen.add(above)
            entity = self._entities.get(above)
            above = entity.parent if entity else None
        return ""

    def _no_such(self, entity_id: str) -> str:
        near = get_close_matches(entity_id, self._entities, n=3, cutoff=0.7)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        return f"no canonical entity has the id {entity_id!r}{hint}"

    def _merge(self, edits: Sequence[Edit]) -> None:
        direct: dict[str, tuple[str, Edit]] = {}
        for edit in edits:
            act = edit.act
            if not isinstance(act, EntityMerge):
                continue
            if why := self._merge_flaw(act, direct):
                self.refused[edit.id] = why
            else:
                direct.setdefault(act.source, (act.into, edit))
        for source in direct:
            end, passed = source, list[str]()
            while end in direct:
                end, by = direct[end]
                passed.append(by.id)
            self._into[source] = end
            self.edits_of[source] = tuple(passed)
        for source, end in self._into.items():
            if gone := self._entities.pop(source, None):
                self._add_names(end, (gone.name, *gone.aliases))

    def _merge_flaw(self, act: EntityMerge, direct: Mapping[str, tuple[str, Edit]]) -> str:
        if act.source == act.into:
            return f"{act.source!r} cannot be merged into itself"
        if act.source in direct and direct[act.source][0] != act.into:
            into, by = direct[act.source]
            return f"{act.source!r} is merged into {into!r} by edit {by.id} already; undo that one first"
        if act.into not in self._entities:
            return self._no_such(act.into)
        end = act.into
        while end in direct:
            end = direct[end][0]
        if end == act.source:
            return f"a cycle: {act.into!r} is merged into {act.source!r} already"
        return ""

    def _settle_parents(self) -> None:
        for entity in tuple(self._entities.values()):
            if entity.parent in self._into:
                parent = self.id_of(entity.parent)
                self._entities[entity.id] = replace(entity, parent=parent if parent != entity.id else None)

    def _add_names(self, entity_id: str, names: Iterable[str]) -> None:
        entity = self._entities[entity_id]
        new = [name for name in dict.fromkeys(names) if name not in (entity.name, *entity.aliases)]
        self._entities[entity_id] = replace(entity, aliases=(*entity.aliases, *new))

    def _add_aliases(self, edits: Sequence[Edit]) -> None:
        owners: dict[str, str] = {}
        for entity in self._entities.values():
            for name in (entity.name, *entity.aliases):
                owners.setdefault(fold_name(name), entity.id)
        for edit in edits:
            act = edit.act
            if not isinstance(act, AliasEdit):
                continue
            entity_id, folded, slug = self.id_of(act.entity), fold_name(act.alias), slugify(act.alias)
            owner = owners.get(folded, entity_id)
            if entity_id not in self._entities:
                self.refused[edit.id] = self._no_such(act.entity)
            elif owner != entity_id:
                self.refused[edit.id] = f"{act.alias!r} is a name of {owner!r} already; merge the two instead"
            elif self._into.get(slug, entity_id) != entity_id:
                self.refused[edit.id] = f"the name {act.alias!r} was merged into {self._into[slug]!r} already"
            else:
                owners[folded] = entity_id
                self._add_names(entity_id, (act.alias,))
                if slug not in self._entities:
                    self._into[slug] = entity_id
                    self.edits_of[slug] = (*self.edits_of.get(slug, ()), edit.id)
