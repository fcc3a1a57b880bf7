"""The published database for Python programs: `tracker.open(FILE)` and what it gives (docs/python.md)."""

from tracker.access.claims import Answer, Claim, Conflict, Figure, Speaker
from tracker.access.database import Database
from tracker.access.happenings import Dispute, Event, Flag
from tracker.access.parties import Document, Entity, Relation, Source

__all__ = [
    "Answer",
    "Claim",
    "Conflict",
    "Database",
    "Dispute",
    "Document",
    "Entity",
    "Event",
    "Figure",
    "Flag",
    "Relation",
    "Source",
    "Speaker",
]
