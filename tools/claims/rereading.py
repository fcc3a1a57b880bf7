"""Fit the second look at speakers and accused (tracker/nlp/learned/rereading.py): boosted trees of scikit-learn.

They learn from documents as models have read them that were fitted without them, so that they see faults as they will
meet them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from cases import WEIGHTS, Page
from judging import shared
from sklearn.ensemble import HistGradientBoostingClassifier

from tracker.nlp.discourse import Discourse
from tracker.nlp.learned.rereading import Case, Rereading, SecondLook, is_worth_a_look
from tracker.nlp.learned.trees import Trees
from tracker.nlp.weighing import Weighed
from tracker.types import Claim

SHAPE = {"max_iter": 250, "learning_rate": 0.05, "max_leaf_nodes": 12, "min_samples_leaf": 30, "l2_regularization": 5.0}


@dataclass
class ReadOnce:
    """A document with its first reading."""

    page: Page
    weighed: list[Weighed]
    discourse: Discourse


@dataclass
class Answered:
    """Cases of one document with their answers."""

    weight: float
    speakers: list[tuple[Case, bool]]
    accused: list[tuple[Case, bool]]


def answered(once: ReadOnce) -> Answered:
    """The parties of the claims whose kind is right, each with whether the answer means it."""
    out = Answered(WEIGHTS.get(once.page.folder, 1.0), [], [])
    if not is_worth_a_look(once.weighed):
        return out
    again, meant = Rereading(once.weighed, once.discourse), [_meant(once.page, one.claim) for one in once.weighed]
    for case in again.speakers():
        if claims := meant[case.claim]:
            out.speakers.append((case, case.party in {claim.speaker or "" for claim in claims}))
    for case in again.accused():
        if claims := meant[case.claim]:
            speaker = once.weighed[case.claim].claim.speaker
            own = [claim for claim in claims if claim.speaker == speaker] or claims
            out.accused.append((case, any(case.party in claim.accused for claim in own)))
    return out


def _meant(page: Page, claim: Claim) -> list[Claim]:
    """The claims of the answer that a claim as read may be."""
    return [one for one in page.answer.claims if one.type == claim.type and shared(one, claim)]


def fit_second_look(documents: Sequence[Answered]) -> SecondLook:
    """The trees of many documents' cases."""
    speakers = [(case, is_it, one.weight) for one in documents for case, is_it in one.speakers]
    return SecondLook(_trees(speakers), _trees([(c, y, one.weight) for one in documents for c, y in one.accused]))


def _trees(cases: Sequence[tuple[Case, bool, float]]) -> Trees:
    rows = np.array([case.numbers for case, _, _ in cases], dtype=np.float32)
    answers = np.array([is_it for _, is_it, _ in cases])
    model = HistGradientBoostingClassifier(**SHAPE, early_stopping=False, random_state=0)
    model.fit(rows, answers, sample_weight=np.array([weight for *_, weight in cases]))
    return as_trees(model)


def as_trees(model: HistGradientBoostingClassifier) -> Trees:
    """The trees of a fitted model of two classes; scikit-learn has no public way to them."""
    nodes = [predictors[0].nodes for predictors in model._predictors]
    starts = np.cumsum([0, *(len(tree) for tree in nodes)])
    flat = np.concatenate(nodes)
    first = np.repeat(starts[:-1], [len(tree) for tree in nodes])
    own, leaf = np.arange(len(flat)), flat["is_leaf"].astype(bool)
    return Trees(
        starts[:-1].astype(np.int16),
        np.where(leaf, 0, flat["feature_idx"]).astype(np.int16),
        np.where(leaf, 0, flat["num_threshold"]).astype(np.float32),
        np.where(leaf, own, first + flat["left"]).astype(np.int16),
        np.where(leaf, own, first + flat["right"]).astype(np.int16),
        np.where(leaf, flat["value"], 0).astype(np.float32),
        float(np.ravel(model._baseline_prediction)[0]),
        int(flat["depth"].max()),
    )
