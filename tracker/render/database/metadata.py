"""What Datasette is told of the database: descriptions, units, how to search, and the worked questions as queries."""

from __future__ import annotations

import json
from typing import Any

from tracker.render.database.questions import load_questions
from tracker.render.database.schema import Relation, load_schema

_SEARCHED = ("events", "disputes", "documents", "claims")
_SORTED = {"events": "from_on", "claims": "published_on", "documents": "published_on", "revisions": "seen_at"}
_FACETS = {
    "claims": ["type", "status", "publisher"],
    "documents": ["publisher_type", "language", "kind"],
    "entities": ["type"],
    "events": ["type"],
    "figures": ["kind", "qualifier"],
    "relations": ["relation"],
}


def render_metadata(title: str, database: str = "tracker") -> bytes:
    """metadata.json for `datasette data/tracker.db --metadata data/metadata.json`.

    The format is Datasette's (docs.datasette.io, "Metadata"); `database` is the file's name without its ending.
    """
    schema = load_schema()
    value = {
        "title": title,
        "description": "Who says that who did what to whom, in which words of which version of which page. "
        "An allegation is somebody's word, never a finding.",
        "databases": {
            database: {
                "tables": {relation.name: _table(relation) for relation in schema.relations},
                "queries": {
                    question.name: {"title": question.title, "description": question.told, "sql": question.sql}
                    for question in load_questions()
                },
            }
        },
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _table(relation: Relation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": relation.description,
        "columns": {column.name: column.description for column in relation.columns},
    }
    if not relation.is_public:
        told["hidden"] = True
    if relation.name in _SEARCHED:
        told |= {"fts_table": "search", "fts_pk": "search_id"}
    if relation.name in _SORTED:
        told["sort_desc"] = _SORTED[relation.name]
    if relation.name in _FACETS:
        told["facets"] = _FACETS[relation.name]
    return told
