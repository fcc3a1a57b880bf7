"""The published database: the dataset as one read-only SQLite file, beside the pages.

What it promises are the views of `templates/database/views.sql`, whose comments are its documentation: inside the file
(`columns`), for Datasette (`metadata.json`), and in docs/database.md. The rows lie in tables beneath them, so that the
views can stay as they are while the tables change. It holds no text of a publisher's page but the quotes of claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tracker.config import Site
from tracker.render.catalogue import build_catalogue
from tracker.render.database.building import APPLICATION_ID, build_database
from tracker.render.database.metadata import render_metadata
from tracker.render.database.questions import Question, load_questions
from tracker.render.database.schema import SCHEMA_VERSION, Relation, load_schema
from tracker.render.page import DataFile
from tracker.render.views import Views
from tracker.types import Dataset

__all__ = [
    "APPLICATION_ID",
    "DATABASE_PATH",
    "DESCRIPTION",
    "METADATA_PATH",
    "SCHEMA_VERSION",
    "Question",
    "Relation",
    "build_database",
    "list_pages",
    "load_questions",
    "load_schema",
    "make_database",
]

DATABASE_PATH = "data/tracker.db"
METADATA_PATH = "data/metadata.json"
DESCRIPTION = (
    "Events, claims with their exact words, figures, answers, disputes, entities, documents and sources as one SQLite "
    "database, with full-text search and a description of every column; metadata.json describes it to Datasette."
)


def list_pages(views: Views) -> Iterator[DataFile]:
    """The database, and what Datasette is told of it."""
    yield DataFile(DATABASE_PATH, lambda: build_database(views, views.tables.read(DATABASE_PATH)))
    yield DataFile(METADATA_PATH, partial(render_metadata, views.site.title))


def make_database(dataset: Dataset, site: Site) -> bytes:
    """The database of a dataset without its site.

    Raises:
        BuildRefused: two things of the dataset have one id.
    """
    return build_database(Views(build_catalogue(dataset), site))
