"""The tables of the index, by database: made, dropped, and whether they are there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError

SHAPE = 1
"""Of these tables and of what a token is; an index of another shape is made anew."""
_DUE = (
    "INSERT INTO fulltext_due VALUES ({}.id, 0)"
    " ON CONFLICT (version_id) DO UPDATE SET changes = fulltext_due.changes + 1;"
)
_ON_SQLITE = (
    "CREATE TABLE fulltext_version (id INTEGER PRIMARY KEY, version_id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,"
    " number INTEGER NOT NULL, published DATE, day DATE NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL,"
    " digest TEXT NOT NULL)",
    "CREATE TABLE fulltext_vocabulary (word TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE fulltext_due (version_id TEXT PRIMARY KEY, changes INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE fulltext_words USING fts5(title, text, content = '', tokenize = 'ascii')",
    f"CREATE TRIGGER fulltext_due_new AFTER INSERT ON version BEGIN {_DUE.format('new')} END",
    f"CREATE TRIGGER fulltext_due_changed AFTER UPDATE ON version WHEN new.text_sha256 IS NOT old.text_sha256"
    f" OR new.title IS NOT old.title OR new.published IS NOT old.published OR new.language IS NOT old.language"
    f" BEGIN {_DUE.format('new')} END",
    f"CREATE TRIGGER fulltext_due_gone AFTER DELETE ON version BEGIN {_DUE.format('old')} END",
    "CREATE TABLE fulltext_shape (number INTEGER NOT NULL, next_id INTEGER NOT NULL, has_trigrams BOOLEAN NOT NULL)",
)
_ON_POSTGRESQL = (
    'CREATE TABLE fulltext_version (id bigint PRIMARY KEY, version_id text COLLATE "C" NOT NULL UNIQUE,'
    ' document_id text COLLATE "C" NOT NULL, number bigint NOT NULL, published date, day date NOT NULL,'
    ' language text COLLATE "C" NOT NULL, source text COLLATE "C" NOT NULL, digest text NOT NULL,'
    " words tsvector NOT NULL, wholeness smallint NOT NULL)"
    " WITH (toast_tuple_target = 128)",  # a row that answers is read without its words, which lie elsewhere
    "CREATE INDEX fulltext_version_words ON fulltext_version USING gin (words)",
    "CREATE INDEX fulltext_version_odd ON fulltext_version (wholeness) WHERE wholeness < 2",
    'CREATE TABLE fulltext_vocabulary (word text COLLATE "C" PRIMARY KEY)',
    'CREATE TABLE fulltext_due (version_id text COLLATE "C" PRIMARY KEY, changes bigint NOT NULL)',
    # what it compares stands within the function: PostgreSQL does not let a column be altered that a trigger names
    f"""CREATE FUNCTION fulltext_due() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF TG_OP = 'DELETE' THEN
        {_DUE.format("old")}
      ELSIF TG_OP = 'INSERT' OR (new.text_sha256, new.title, new.published, new.language)
          IS DISTINCT FROM (old.text_sha256, old.title, old.published, old.language) THEN
        {_DUE.format("new")}
      END IF;
      RETURN NULL; END $$""",
    "CREATE TRIGGER fulltext_due AFTER INSERT OR UPDATE OR DELETE ON version"
    " FOR EACH ROW EXECUTE FUNCTION fulltext_due()",
    "CREATE TABLE fulltext_shape (number bigint NOT NULL, next_id bigint NOT NULL, has_trigrams boolean NOT NULL)",
)
_TRIGGERS = {
    "sqlite": (3, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'fulltext_due_%'"),
    "postgresql": (1, "SELECT count(*) FROM pg_trigger WHERE tgname = 'fulltext_due' AND tgenabled <> 'D'"
                      " AND tgrelid = to_regclass('version')"),
}  # fmt: skip
_NAMED = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'fulltext_shape'",
    "postgresql": "SELECT count(*) FROM pg_class WHERE oid = to_regclass('fulltext_shape')",
}
_DROPS = {
    "sqlite": tuple(f"DROP TRIGGER IF EXISTS fulltext_due_{name}" for name in ("new", "changed", "gone")),
    "postgresql": ("DROP TRIGGER IF EXISTS fulltext_due ON version", "DROP FUNCTION IF EXISTS fulltext_due()"),
}
_TABLES = ("fulltext_words", "fulltext_version", "fulltext_vocabulary", "fulltext_due", "fulltext_shape")
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX fulltext_vocabulary_trigrams ON fulltext_vocabulary USING gin (word gin_trgm_ops)",
)
_metadata = MetaData()
VERSIONS = Table(
    "fulltext_version", _metadata,
    Column("id", BigInteger, primary_key=True), Column("version_id", String), Column("document_id", String),
    Column("number", Integer), Column("published", Date), Column("day", Date), Column("language", String),
    Column("source", String), Column("digest", String), Column("words", TSVECTOR), Column("wholeness", SmallInteger),
)  # fmt: skip
"""A row for each version that is filed; the last two columns are PostgreSQL's. `wholeness`: 2 with the place of every
word; 1 without some places, so that a phrase has to be looked for in the text; 0 also without some words."""
WORDS = Table("fulltext_words", _metadata, Column("rowid", Integer, primary_key=True), Column("title"), Column("text"))
"""SQLite's: by the id of VERSIONS. A row whose id is no version's any more is garbage."""
VOCABULARY = Table("fulltext_vocabulary", _metadata, Column("word", String, primary_key=True))
DUE = Table("fulltext_due", _metadata, Column("version_id", String, primary_key=True), Column("changes", Integer))
"""Versions that came, changed or went since they were filed, each with how often."""
STATE = Table(
    "fulltext_shape", _metadata,
    Column("number", Integer), Column("next_id", Integer), Column("has_trigrams", Boolean),
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What index there is."""

    number: int
    is_kept_up: bool
    """Whether the triggers are there; a migration that made the table anew has lost them."""
    has_trigrams: bool
    """Whether pg_trgm helps to find misspelt words; they are found without it as well."""

    @property
    def is_usable(self) -> bool:
        """Whether it is of this program's shape and knows what is due."""
        return self.number == SHAPE and self.is_kept_up


def find_shape(connection: Connection) -> Shape | None:
    """What index a database has; None where nobody has looked for anything yet."""
    kind = connection.dialect.name
    if not connection.execute(text(_NAMED[kind])).scalar_one():
        return None
    state = connection.execute(STATE.select()).one()
    wanted, counted = _TRIGGERS[kind]
    return Shape(state.number, connection.execute(text(counted)).scalar_one() == wanted, bool(state.has_trigrams))


def make_index(connection: Connection) -> None:
    """Make the index in place of what there is of one, with every version due."""
    drop_index(connection)
    for statement in _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("INSERT INTO fulltext_due SELECT id, 0 FROM version")
    connection.execute(STATE.insert().values(number=SHAPE, next_id=1, has_trigrams=_make_trigrams(connection)))


def drop_index(connection: Connection) -> None:
    """Take away all that there is of an index."""
    for statement in (*_DROPS[connection.dialect.name], *(f"DROP TABLE IF EXISTS {name}" for name in _TABLES)):
        connection.exec_driver_sql(statement)


def _make_trigrams(connection: Connection) -> bool:
    """Use pg_trgm where the server has it and the user may: who owns the database may, since PostgreSQL 13."""
    if connection.dialect.name != "postgresql":
        return False
    try:
        with connection.begin_nested():
            for statement in _TRIGRAMS:
                connection.exec_driver_sql(statement)
    except DBAPIError:
        return False
    return True
