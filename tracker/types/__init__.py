"""The domain: frozen values that every room speaks in. No input or output, no library but the standard one.

Offsets count Unicode code points of a version's `text`, end exclusive (the W3C Web Annotation
`TextPositionSelector`). Instants end in `_at` and are aware UTC; days end in `_on`. Entities are named by their
canonical id; what the fields of an extraction mean is defined in docs/annotation-guide.md.
"""

from tracker.types.chains import (
    Assertion,
    ChainRole,
    ChainStep,
    SourceBasis,
    SourceGroup,
    SpeakerChain,
    TextPart,
)
from tracker.types.collected import (
    ArchiveRef,
    Candidate,
    Document,
    Outcome,
    PageContent,
    Response,
    Validators,
)
from tracker.types.disputes import (
    Dispute,
    DisputeStatus,
    LedgerEntry,
    LedgerKind,
    StatusStep,
)
from tracker.types.events import (
    Answer,
    ClaimRecord,
    Event,
    Flag,
    FlagCode,
    Reconciled,
)
from tracker.types.extracted import (
    Claim,
    DateMention,
    Entity,
    Extraction,
    Mention,
    Quantity,
)
from tracker.types.figures import (
    ConflictReason,
    Figure,
    FigureConflict,
    FigureGroup,
    FigureSum,
)
from tracker.types.published import (
    Copy,
    CopyBasis,
    CopyGroup,
    Dataset,
    Health,
    SourceStatus,
)
from tracker.types.reports import (
    Problem,
    SourceReport,
    StageReport,
)
from tracker.types.revisions import (
    Revision,
    RevisionKind,
)
from tracker.types.stored import (
    StoredDocument,
    Version,
)
from tracker.types.words import (
    ACCUSING_TYPES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    HEALTH_STATES,
    PUBLISHER_TYPES,
    QUANTITY_KINDS,
    TROUBLED_STATES,
    ClaimStatus,
    ClaimType,
    DateBasis,
    DocumentKind,
    EntityType,
    HealthState,
    PublisherType,
    Qualifier,
    QuantityKind,
    Relevance,
)

__all__ = [
    "ACCUSING_TYPES",
    "CLAIM_TYPES",
    "ENTITY_TYPES",
    "HEALTH_STATES",
    "PUBLISHER_TYPES",
    "QUANTITY_KINDS",
    "TROUBLED_STATES",
    "Answer",
    "ArchiveRef",
    "Assertion",
    "Candidate",
    "ChainRole",
    "ChainStep",
    "Claim",
    "ClaimRecord",
    "ClaimStatus",
    "ClaimType",
    "ConflictReason",
    "Copy",
    "CopyBasis",
    "CopyGroup",
    "Dataset",
    "DateBasis",
    "DateMention",
    "Dispute",
    "DisputeStatus",
    "Document",
    "DocumentKind",
    "Entity",
    "EntityType",
    "Event",
    "Extraction",
    "Figure",
    "FigureConflict",
    "FigureGroup",
    "FigureSum",
    "Flag",
    "FlagCode",
    "Health",
    "HealthState",
    "LedgerEntry",
    "LedgerKind",
    "Mention",
    "Outcome",
    "PageContent",
    "Problem",
    "PublisherType",
    "Qualifier",
    "Quantity",
    "QuantityKind",
    "Reconciled",
    "Relevance",
    "Response",
    "Revision",
    "RevisionKind",
    "SourceBasis",
    "SourceGroup",
    "SourceReport",
    "SourceStatus",
    "SpeakerChain",
    "StageReport",
    "StatusStep",
    "StoredDocument",
    "TextPart",
    "Validators",
    "Version",
]
