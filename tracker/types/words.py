"""The words that values may hold: kinds, types, states."""

from __future__ import annotations

from typing import Literal, get_args

PublisherType = Literal["news", "government", "company", "blog", "think_tank", "court"]
EntityType = Literal["company", "model", "person", "government", "law", "place", "publisher", "organisation"]
QuantityKind = Literal[
    "accounts", "exchanges", "money", "percent", "duration", "users", "companies", "people", "tokens", "other"
]
Qualifier = Literal["exact", "about", "over", "under", "range", "vague"]
ClaimType = Literal[
    "allegation", "admission", "denial", "no_response", "legislation",
    "government_action", "legal_action", "company_action", "statement",
]  # fmt: skip
ClaimStatus = Literal["alleged", "asserted", "denied"]
Relevance = Literal["relevant", "background", "irrelevant"]
DateBasis = Literal["stated", "relative", "publication"]
DocumentKind = Literal["article", "statement", "letter", "memo", "bill", "filing", "press_release", "report"]
HealthState = Literal["fine", "empty", "silent", "refused", "unreachable", "layout_changed", "skipped", "new"]

PUBLISHER_TYPES: tuple[PublisherType, ...] = get_args(PublisherType)
CLAIM_TYPES: tuple[ClaimType, ...] = get_args(ClaimType)
QUANTITY_KINDS: tuple[QuantityKind, ...] = get_args(QuantityKind)
ENTITY_TYPES: tuple[EntityType, ...] = get_args(EntityType)
HEALTH_STATES: tuple[HealthState, ...] = get_args(HealthState)
TROUBLED_STATES: frozenset[HealthState] = frozenset({"empty", "silent", "refused", "unreachable", "layout_changed"})
"""The states that somebody should look into; `new` and `skipped` are none of them."""
ACCUSING_TYPES: frozenset[ClaimType] = frozenset({"allegation", "admission", "denial", "no_response"})
"""The claim types that have an accused party."""
