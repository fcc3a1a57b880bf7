"""Fit the learned reading of claims on annotated corpora, and tell by cross-validation what it reaches.

    python tools/claims/fit.py data/training data/gold            # cross-validated by document, nothing written
    python tools/claims/fit.py data/training data/gold --write    # and data/model/claims from all documents

Needs scikit-learn and torch (`pip install -e ".[model]"`). Names, figures and dates are taken from the annotation, so
that the figures are of claims alone. The same seed and versions give the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

try:
    import scipy.sparse as sparse
    from cases import WEIGHTS, Cases, Page, SentenceCase, collect, load_pages
    from judging import Tally, Told, calibrate, certainties, compare, read_once, reliability
    from network import train_network
    from rereading import ReadOnce, answered, fit_second_look
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold
except ModuleNotFoundError as missing:
    raise SystemExit(f'{missing}; fitting needs what `pip install -e ".[model]"` brings') from missing
from tracker.nlp.learned import linear
from tracker.nlp.learned.linear import SHARE, ClaimModel, Linear, Ranker, WordSpace, crossed, load_linears
from tracker.nlp.learned.rereading import look_again, odds_of
from tracker.types import CLAIM_TYPES

FOLDER = Path(__file__).parents[2] / linear.FOLDER
SPARSE, DENSE = 0.3, 0.5
"""What a trait and a direction count beside the penalty on large weights."""
STRENGTH = {"types": 10.0, "speakers": 2.0, "accused": 2.0}
SMALLEST = 0.01
"""Traits whose weights all stay below this are not written."""


def collect_as_read(pages: Sequence[Page], space: WordSpace, card: dict[str, Any], folds: int = 4) -> list[Cases]:
    """The cases of all documents, with a past as a reader has it: what models read that were fitted without them.

    Fitted on a past without a fault, a reader would trust whom it took for the last speaker more than it should.
    """
    first = [collect(page) for page in pages]
    cases: list[Cases] = list(first)
    for train, test in GroupKFold(folds).split(pages, groups=[page.document.id for page in pages]):
        model = fit([first[i] for i in train], space, card)
        for i in test:
            cases[i] = collect(pages[i], model)
    return cases


# --- fitting ------------------------------------------------------------------------------------------------------


def _matrix(lists: Sequence[Sequence[str]], rows: dict[str, int]) -> sparse.csr_matrix:
    places = [(i, rows[trait]) for i, traits in enumerate(lists) for trait in traits if trait in rows]
    left, right = zip(*places, strict=True) if places else ((), ())
    return sparse.csr_matrix((np.full(len(places), SPARSE), (left, right)), shape=(len(lists), len(rows)))


def _fit(
    lists: Sequence[Sequence[str]],
    answers: np.ndarray,
    counts_as: Sequence[float],
    strength: float,
    dense: np.ndarray | None = None,
) -> Linear:
    """One logistic model for each column of `answers`, over the traits that occur at least twice."""
    counts = Counter(trait for traits in lists for trait in traits)
    rows = {trait: row for row, trait in enumerate(sorted(t for t, n in counts.items() if n >= 2 and "\n" not in t))}
    cases = _matrix(lists, rows)
    if dense is not None:
        cases = sparse.hstack([cases, sparse.csr_matrix(dense * DENSE)]).tocsr()
    weights, bias = [], []
    for column in answers.T:
        if column.sum() < 3:
            weights.append(np.zeros(cases.shape[1]))
            bias.append(-8.0)
            continue
        fitted = LogisticRegression(C=strength, solver="liblinear", random_state=0).fit(cases, column, counts_as)
        weights.append(fitted.coef_[0])
        bias.append(float(fitted.intercept_[0]))
    table = np.array(weights, dtype=np.float32).T
    kept = np.abs(table[: len(rows)]).max(axis=1) * SPARSE >= SMALLEST
    names = [trait for trait, row in rows.items() if kept[row]]
    return Linear(
        {trait: row for row, trait in enumerate(names)},
        table[: len(rows)][kept] * SPARSE,
        np.array(bias, dtype=np.float32),
        table[len(rows) :] * DENSE if dense is not None else None,
    )


def fit(parts: Sequence[Cases], space: WordSpace, card: dict[str, Any]) -> ClaimModel:
    """The linear models of many documents' cases."""
    sentences = [(one, part.weight) for part in parts for one in part.sentences]
    kinds = np.array([[kind in one.kinds for kind in CLAIM_TYPES] for one, _ in sentences])
    directions = np.array([one.directions for one, _ in sentences])
    weights = [weight for _, weight in sentences]
    models = [_fit([one.traits for one, _ in sentences], kinds, weights, STRENGTH["types"], directions)]
    for name in ("speakers", "accused"):
        rows = [(case, weight) for one, weight in sentences for case in _candidates(one, name)]
        answers = np.array([[is_it] for (_, is_it), _ in rows])
        models.append(_fit([traits for (traits, _), _ in rows], answers, [w for _, w in rows], STRENGTH[name]))
    return ClaimModel(CLAIM_TYPES, models[0], Ranker(models[1]), Ranker(models[2]), space, card)


def _candidates(one: SentenceCase, name: str) -> list[tuple[list[str], bool]]:
    """Every candidate of a sentence's choices: its traits, as such and for the kind, and whether it is meant."""
    out = []
    for choice in getattr(one, name):
        beside = choice.beside or [[]] * len(choice.candidates)
        for row, more, is_it in zip(choice.candidates, beside, choice.answers, strict=True):
            out.append((crossed(choice.kind, [*one.parties[row], *more]), is_it))
    return out


def fit_with_network(parts: Sequence[Cases], space: WordSpace, card: dict[str, Any]) -> ClaimModel:
    """The linear models and the network, each with its share; the network's linear part goes to the former."""
    model = fit(parts, space, card)
    network, own = train_network(parts, space)
    dense = (1 - SHARE) * model.types.dense + SHARE * own.directions
    types = _joined(model.types, own.traits, dense)
    speakers, accused = (
        Ranker(_joined(ranker.model, {f"{kind}|{trait}": weights[column : column + 1]
                                      for trait, weights in more.items() for column, kind in enumerate(CLAIM_TYPES)}))
        for ranker, more in ((model.speakers, own.speakers), (model.accused, own.accused))
    )  # fmt: skip
    return ClaimModel(CLAIM_TYPES, types, speakers, accused, space, card, network)


def _joined(model: Linear, more: dict[str, np.ndarray], dense: np.ndarray | None = None) -> Linear:
    names = sorted(set(model.rows) | set(more))
    none = np.zeros(model.weights.shape[1], dtype=np.float32)
    table = np.array(
        [(1 - SHARE) * (model.weights[model.rows[name]] if name in model.rows else none) + SHARE * more.get(name, none)
         for name in names], dtype=np.float32,
    )  # fmt: skip
    kept = np.abs(table).max(axis=1) >= SMALLEST
    rows = {name: row for row, name in enumerate(name for name, keep in zip(names, kept, strict=True) if keep)}
    return Linear(rows, table[kept], (1 - SHARE) * model.bias, dense)


def default_card() -> dict[str, Any]:
    """What a reading needs beside its weights; the probabilities were chosen by cross-validation."""
    return {
        "kinds": list(CLAIM_TYPES),
        "first_kind": 0.25,
        "further_kind": 0.5,
        "joint_speaker": {"alone": 1.2, "listed": -0.5, "described": -2.0},
        "accused": 0.55,
        "accused_best": 0.3,
        "again": {
            "accused": 0.2,
            "accused_best": -0.6,
            "another_accused": 0.9,
            "another_answer": 0.0,
            "another_speaker": 0.3,
        },
        "calibration": {"bias": 0.0, "kind": 1.0, "speaker": 0.3, "accused": 0.3, "no_accused": 0.3, "agreed": 0.5},
    }


def read_blind(
    pages: Sequence[Page], cases: Sequence[Cases], space: WordSpace, folds: int, card: dict[str, Any]
) -> list[ReadOnce]:
    """Read each document from sentence to sentence by models that were fitted without it."""
    found: dict[int, ReadOnce] = {}
    for train, test in GroupKFold(folds).split(pages, groups=[page.document.id for page in pages]):
        model = fit_with_network([cases[i] for i in train], space, card)
        for i in test:
            found[i] = ReadOnce(pages[i], *read_once(pages[i], model))
    return [found[i] for i in range(len(pages))]


def judge(blind: Sequence[ReadOnce], folds: int, card: dict[str, Any]) -> tuple[list[Told], dict[str, Tally]]:
    """Look at each document again as learned without it: what was read, and counts by kind, language, folder."""
    told, tallies = list[Told](), dict[str, Tally]()
    cases = [answered(once) for once in blind]
    for train, test in GroupKFold(folds).split(blind, groups=[once.page.document.id for once in blind]):
        look = fit_second_look([cases[i] for i in train])
        for once in (blind[i] for i in test):
            one, document = Tally(), once.page.document
            claims = look_again(look, once.weighed, once.discourse, card)
            told += compare(once.page, list(zip(claims, map(odds_of, once.weighed), strict=True)), one)
            for name in ("all", f"folder {once.page.folder}", f"language {document.language}"):
                tallies.setdefault(name, Tally()).add(one)
    return told, tallies


def report(told: Sequence[Told], tallies: dict[str, Tally], folds: int, card: dict[str, Any]) -> None:
    """Print what was reached and how sure it may be taken to be, and put both into the card."""
    blind = np.zeros(len(told))
    for train, test in GroupKFold(folds).split(told, groups=[one.document for one in told]):
        weights = calibrate([told[i] for i in train])
        blind[test] = certainties([told[i] for i in test], weights)
    card["calibration"] = calibrate(told)
    whole = tallies["all"]
    card["cross_validated"] = {
        "folds": folds,
        "claims": round(whole.claims.f1, 3),
        "claims in full": round(whole.full.f1, 3),
        "kinds": {kind: round(score.f1, 3) for kind, score in whole.kinds.items()},
    }
    print("\n".join(reliability(told, blind)))
    print("\n|  | claims P | R | F1 | in full F1 | claims |\n|---|---|---|---|---|---|")
    print("\n".join(f"| {name} | {tally.row()} |" for name, tally in sorted(tallies.items())))
    print("\n| kind | F1 | claims |\n|---|---|---|")
    print("\n".join(f"| {kind} | {score.f1:.3f} | {score.gold} |" for kind, score in whole.kinds.items()))


def main() -> None:
    """Fit, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", action="store_true", help="write only the second look; weights, calibration stay")
    parser.add_argument("--out", type=Path, default=FOLDER)
    said = parser.parse_args()
    if said.folds < 2:
        parser.error("--folds: at least 2; the second look learns from what was read by models without the document")
    for folder in said.folders:
        if not (folder / "gold.jsonl").exists() and not (folder / "source").is_dir():
            parser.error(f"{folder}: neither a gold.jsonl nor a folder of sources stands there")
    space = linear.load_wordspace(FOLDER / "wordspace.npz")
    card = default_card()
    empty = Linear({}, np.zeros((0, 9), dtype=np.float32), np.zeros(9, dtype=np.float32))
    linear.provisional(ClaimModel(CLAIM_TYPES, empty, Ranker(empty), Ranker(empty), space, card))
    pages = load_pages(said.folders)
    cases = collect_as_read(pages, space, card)
    print(f"{len(pages)} documents, {sum(len(one.sentences) for one in cases)} sentences")
    blind = read_blind(pages, cases, space, said.folds, card)
    report(*judge(blind, said.folds, card), said.folds, card)
    if said.write:
        if said.keep:
            card["calibration"] = json.loads((said.out / "card.json").read_text(encoding="utf-8"))["calibration"]
        model = load_linears(said.out) if said.keep else fit_with_network(cases, space, card)
        # a folder that counts more is read well by what was fitted on it, and a second look must leave that alone
        own = [ReadOnce(page, *read_once(page, model)) for page in pages if page.folder in WEIGHTS]
        again = fit_second_look([answered(once) for once in (*blind, *own)])
        write(replace(model, card=card, again=again), said.out, len(pages))


def write(model: ClaimModel, out: Path, documents: int) -> None:
    """Weights and card."""
    stored: dict[str, Any] = {}
    models = {"types": model.types, "speakers": model.speakers.model, "accused": model.accused.model}
    for name, one in models.items():
        linear.save_linear(stored, name, one)
    if model.network is not None:
        stored |= model.network.stored()
    if model.again is not None:
        stored |= model.again.stored()
    np.savez_compressed(out / "weights.npz", **stored)
    digest = hashlib.sha256()
    for name in sorted(stored):
        digest.update(np.ascontiguousarray(stored[name]).tobytes())
    card = model.card | {"documents": documents, "weights": digest.hexdigest()[:16]}
    (out / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{out}: {sum(len(one.rows) for one in models.values())} traits, "
          f"{(out / 'weights.npz').stat().st_size / 2**20:.1f} MiB")  # fmt: skip


if __name__ == "__main__":
    main()
