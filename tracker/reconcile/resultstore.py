"""The store as reconciling wants it: a result with what leads to the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tracker.ports import Store
from tracker.reconcile.change import Change
from tracker.reconcile.memory import Memory
from tracker.types import StoredDocument


class ResultStore(Store, Protocol):
    """A store that keeps a result so that it can be carried on. Each `save_` is one transaction."""

    def load_reconciled_key(self) -> str:
        """The key of the last result; empty before the first."""
        ...

    def load_pending(self) -> Mapping[str, int]:
        """The documents that came or changed since they were last reconciled, each with how often."""
        ...

    def remembering(
        self, load_documents: Callable[[Sequence[str]], Sequence[StoredDocument]]
    ) -> AbstractContextManager[Memory]:
        """The last result as a run asks for it; `load_documents` gives documents as they are reconciled."""
        ...

    def load_ready(self, extractor: str) -> Mapping[str, int]:
        """Those of the pending documents of which this extractor has seen something."""
        ...

    def begin_reconciling(self) -> int:
        """Whoever began earlier may write no more: a token for `save_change`; 0 where there is one run at a time."""
        ...

    def save_change(
        self, key: str, change: Change, pending: Mapping[str, int], *, is_whole: bool = False, token: int = 0
    ) -> None:
        """Write what a run changed, and that these documents are pending no more; with `is_whole` it is everything.

        Raises:
            StoreLocked: another run has begun to reconcile since `begin_reconciling` gave this token.
        """
        ...
