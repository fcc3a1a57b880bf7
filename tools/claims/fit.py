"""Fit the learned reading of claims on annotated corpora, and tell by cross-validation what it reaches.

    python tools/claims/fit.py data/training data/gold            # cross-validated by document, nothing written
    python tools/claims/fit.py data/training data/gold --write    # and data/model/claims from all documents

Needs scikit-learn (`pip install -e ".[model]"`). Names, figures and dates are taken from the annotation, so that the
figures are of claims alone. The same seed and versions give the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

try:
    import scipy.sparse as sparse
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold
except ModuleNotFoundError as missing:
    raise SystemExit(f'{missing}; fitting needs what `pip install -e ".[model]"` brings') from missing
from spacy.tokens import Doc

from tracker.evaluation import GoldCorpus, load_gold
from tracker.nlp.claims import DocumentReader, frame_of
from tracker.nlp.composing import Facts, compose_claims
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.learned import linear
from tracker.nlp.learned.linear import ClaimModel, Linear, Ranker, WordSpace, crossed
from tracker.nlp.learned.parties import NOBODY
from tracker.nlp.learned.reading import accused_traits
from tracker.nlp.model import load_pipeline
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import Sentence, TextView, make_sentences
from tracker.types import ACCUSING_TYPES, CLAIM_TYPES, Claim, ClaimType, Document, Extraction

sys.path.insert(0, str(Path(__file__).parents[1]))
import build_corpus

FOLDER = Path(__file__).parents[2] / linear.FOLDER
SPARSE, DENSE = 0.3, 0.5
"""What a trait and a direction count beside the penalty on large weights."""
STRENGTH = {"types": 10.0, "speakers": 2.0, "accused": 2.0}
WEIGHTS = {"gold": 3.0}
"""How often the documents of a folder count: those of data/gold are as the press writes, many others harder."""
SMALLEST = 0.01
"""Traits whose weights all stay below this are not written."""


@dataclass
class Page:
    """A document with its answer, ready to be read."""

    folder: str
    document: Document
    answer: Extraction
    view: TextView
    facts: Facts
    issuer: str | None


@dataclass
class Cases:
    """What the models are fitted on."""

    weight: float = 1.0
    traits: list[list[str]] = field(default_factory=list)
    directions: list[np.ndarray] = field(default_factory=list)
    kinds: list[set[ClaimType]] = field(default_factory=list)
    speakers: list[tuple[list[str], bool]] = field(default_factory=list)
    accused: list[tuple[list[str], bool]] = field(default_factory=list)


def load_corpus(folder: Path) -> GoldCorpus:
    """A gold folder, or one that holds the marked-up sources of one."""
    if not (folder / "source").is_dir():
        return load_gold(folder)  # what was built from sources may be older than they are
    with tempfile.TemporaryDirectory() as built:
        for name, content in build_corpus.build(folder / "source", gazetteer=True).items():
            Path(built, name).write_text(content, encoding="utf-8")
        return load_gold(Path(built))


def load_pages(folders: Iterable[Path]) -> list[Page]:
    """The relevant and background documents of gold folders, the English ones parsed."""
    pages, nlp, extractor = [], load_pipeline(), RuleExtractor()
    for folder in folders:
        pairs = [(d, a) for d, a in load_corpus(folder).pairs() if a.relevance != "irrelevant"]
        english = [document for document, _ in pairs if document.language == "en"]
        parses: dict[str, Doc] = dict(
            zip((d.id for d in english), nlp.pipe((d.text for d in english), batch_size=8), strict=True)
        )
        for d, answer in pairs:
            sentences = make_sentences(d.text, split_sentences(d.text))
            view = TextView(
                d.text, d.language, sentences, parses.get(d.id), d.publisher, d.publisher_type, d.published, d.title
            )
            facts = Facts(answer.mentions, answer.quantities, answer.dates)
            pages.append(Page(folder.name, d, answer, view, facts, extractor.issuer_of(d, answer.mentions)))
    return pages


def claims_in(page: Page, sentence: Sentence) -> list[Claim]:
    """The claims of the answer whose span holds most of a sentence."""
    half = (sentence.end - sentence.start) / 2
    return [c for c in page.answer.claims if min(sentence.end, c.end) - max(sentence.start, c.start) > half]


def collect(page: Page, model: ClaimModel | None = None) -> Cases:
    """The cases of one document: each sentence with what the answer, or a model, reads in those before it."""
    cases = Cases(WEIGHTS.get(page.folder, 1.0))
    reader = DocumentReader(page.view, page.facts, load_gazetteer(), page.issuer)
    if model is not None:
        reader.learned.model = model
    for sentence in reader.sentences():
        look = reader.look(sentence)
        claims = claims_in(page, sentence)
        cases.traits.append(look.traits)
        cases.directions.append(look.directions)
        cases.kinds.append({claim.type for claim in claims})
        if claims:
            scene = reader.learned.scene(look)
            parts = {party: scene.part_of(party) for party in scene.candidates}
            nobody = scene.nobody()
            for kind in sorted({claim.type for claim in claims}):
                told = {claim.speaker or NOBODY for claim in claims if claim.type == kind}
                for party, traits in [(NOBODY, nobody), *parts.items()]:
                    cases.speakers.append((crossed(kind, traits), party in told))
                for speaker in sorted(told) if kind in ACCUSING_TYPES else ():
                    charged = {
                        p for c in claims if c.type == kind and (c.speaker or NOBODY) == speaker for p in c.accused
                    }
                    for party, traits in parts.items():
                        if scene.candidates[party].type != "publisher":
                            beside = accused_traits(party, speaker or None, sorted(told))
                            cases.accused.append((crossed(kind, [*traits, *beside]), party in charged))
        frames = [frame_of(claim) for claim in claims] if model is None else reader.learned.revise(look)
        noted = claims if model is None else compose_claims(reader.discourse, sentence, frames, page.facts)
        reader.note(look, noted, frames)
    return cases


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
    """The models of many documents' cases."""
    kinds = np.array([[kind in stated for kind in CLAIM_TYPES] for one in parts for stated in one.kinds])
    traits = [row for one in parts for row in one.traits]
    directions = np.array([row for one in parts for row in one.directions])
    weights = [one.weight for one in parts for _ in one.kinds]
    models = [_fit(traits, kinds, weights, STRENGTH["types"], directions)]
    for name in ("speakers", "accused"):
        rows = [case for one in parts for case in getattr(one, name)]
        weights = [one.weight for one in parts for _ in getattr(one, name)]
        answers = np.array([[is_it] for _, is_it in rows])
        models.append(_fit([row for row, _ in rows], answers, weights, STRENGTH[name]))
    return ClaimModel(CLAIM_TYPES, models[0], Ranker(models[1]), Ranker(models[2]), space, card)


# --- judging ------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """A claim as read, with what its certainty rests on, and whether the answer has it."""

    document: str
    kind: ClaimType
    odds: tuple[float, float, float, float]
    is_kind: bool
    is_full: bool


@dataclass
class Score:
    """Counts for an F1."""

    right: int = 0
    gold: int = 0
    read: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.gold + self.read)


@dataclass
class Tally:
    """Counts of claims by kind, and of claims in full."""

    kinds: dict[ClaimType, Score] = field(default_factory=lambda: {kind: Score() for kind in CLAIM_TYPES})
    full: Score = field(default_factory=Score)

    def add(self, other: Tally) -> None:
        for mine, more in [*((self.kinds[kind], other.kinds[kind]) for kind in CLAIM_TYPES), (self.full, other.full)]:
            mine.right, mine.gold, mine.read = mine.right + more.right, mine.gold + more.gold, mine.read + more.read

    @property
    def claims(self) -> Score:
        scores = self.kinds.values()
        return Score(sum(s.right for s in scores), sum(s.gold for s in scores), sum(s.read for s in scores))

    def row(self) -> str:
        one, full = self.claims, self.full
        precision, recall = one.right / max(1, one.read), one.right / max(1, one.gold)
        return f"{precision:.3f} | {recall:.3f} | {one.f1:.3f} | {full.f1:.3f} | {one.gold}"


def read_page(page: Page, model: ClaimModel) -> list[tuple[Claim, tuple[float, float, float, float]]]:
    """The claims that a model reads, each with its log-odds."""
    reader = DocumentReader(page.view, page.facts, load_gazetteer(), page.issuer)
    reader.learned.model = model
    out = []
    for sentence in reader.sentences():
        look = reader.look(sentence)
        frames = reader.learned.revise(look)
        found = []
        for frame in frames:
            made = compose_claims(reader.discourse, sentence, [frame], page.facts)
            found += made
            out += [(claim, frame.odds) for claim in made]
        reader.note(look, found, frames)
    return out


def compare(page: Page, read: Sequence[tuple[Claim, tuple[float, float, float, float]]], tally: Tally) -> list[Told]:
    """Match the read claims with the answer's, as the scorer does."""

    def shared(a: Claim, b: Claim) -> int:
        overlap = min(a.end, b.end) - max(a.start, b.start)
        return overlap if 2 * overlap >= min(a.end - a.start, b.end - b.start) > 0 else 0

    def same(a: Claim, b: Claim, wholly: bool) -> bool:
        if a.type != b.type or (wholly and a.speaker != b.speaker):
            return False
        return not wholly or a.type not in ACCUSING_TYPES or set(a.accused) == set(b.accused)

    matched: list[set[int]] = []
    for wholly in (False, True):
        pairs = sorted(
            ((shared(g, c), i, j) for i, g in enumerate(page.answer.claims) for j, (c, _) in enumerate(read)
             if shared(g, c) and same(g, c, wholly)), reverse=True,
        )  # fmt: skip
        used_gold: set[int] = set()
        used_read: set[int] = set()
        for _, i, j in pairs:
            if i not in used_gold and j not in used_read:
                used_gold.add(i)
                used_read.add(j)
        matched.append(used_read)
    for claim in page.answer.claims:
        tally.kinds[claim.type].gold += 1
        tally.full.gold += 1
    for j, (claim, _) in enumerate(read):
        tally.kinds[claim.type].read += 1
        tally.full.read += 1
        tally.kinds[claim.type].right += j in matched[0]
        tally.full.right += j in matched[1]
    return [Told(page.document.id, c.type, odds, j in matched[0], j in matched[1]) for j, (c, odds) in enumerate(read)]


def calibrate(told: Sequence[Told]) -> dict[str, float]:
    """Weights of the three log-odds for the probability that a claim is right in full."""
    rows = np.array(
        [[t.odds[0], t.odds[1], t.odds[2] if t.kind in ACCUSING_TYPES else 0, t.kind not in ACCUSING_TYPES,
          t.odds[3]] for t in told]
    )  # fmt: skip
    fitted = LogisticRegression(C=10, random_state=0).fit(rows, [t.is_full for t in told])
    names = ("kind", "speaker", "accused", "no_accused", "agreed")
    weights = {name: round(float(w), 3) for name, w in zip(names, fitted.coef_[0], strict=True)}
    return weights | {"bias": round(float(fitted.intercept_[0]), 3)}


def reliability(told: Sequence[Told], certain: Sequence[float]) -> list[str]:
    """A table of how often claims of each confidence are right in full, with Brier score and calibration error."""
    values, right = np.array(certain), np.array([one.is_full for one in told], dtype=float)
    lines = ["| confidence | claims | mean confidence | share right |", "|---|---:|---:|---:|"]
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        inside = (values >= low - 1e-9) & (values < low + 0.1 - 1e-9 if low < 0.85 else values <= 1)
        if inside.any():
            mean, share = float(values[inside].mean()), float(right[inside].mean())
            error += abs(mean - share) * inside.mean()
            lines.append(f"| {low:.1f} to {low + 0.1:.1f} | {inside.sum()} | {mean:.2f} | {share:.2f} |")
    brier = float(((values - right) ** 2).mean())
    base = float(right.mean() * (1 - right.mean()))
    head = f"{len(told)} claims, {right.mean():.3f} of them right. Brier score {brier:.3f} (always saying "
    return [head + f"{right.mean():.2f}: {base:.3f}), expected calibration error {error:.3f}.", "", *lines]


def certainties(told: Sequence[Told], weights: dict[str, float]) -> list[float]:
    """The confidence of each claim by calibration weights."""
    out = []
    for one in told:
        last = weights["accused"] * one.odds[2] if one.kind in ACCUSING_TYPES else weights["no_accused"]
        total = weights["bias"] + weights["kind"] * one.odds[0] + weights["speaker"] * one.odds[1] + last
        total += weights["agreed"] * one.odds[3]
        out.append(linear.probability(total))
    return out


def default_card() -> dict[str, Any]:
    """What a reading needs beside its weights; the probabilities were chosen by cross-validation."""
    return {
        "kinds": list(CLAIM_TYPES),
        "first_kind": 0.25,
        "further_kind": 0.5,
        "joint_speaker": {"alone": 1.2, "listed": -0.5, "described": -2.0},
        "accused": 0.55,
        "accused_best": 0.35,
        "calibration": {"bias": 0.0, "kind": 1.0, "speaker": 0.3, "accused": 0.3, "no_accused": 0.3, "agreed": 0.5},
    }


def cross_validate(
    pages: Sequence[Page], cases: Sequence[Cases], space: WordSpace, folds: int, card: dict[str, Any]
) -> tuple[list[Told], dict[str, Tally]]:
    """Read each document by models that were fitted without it: what was read, and counts by kind, language, folder."""
    told, tallies = list[Told](), dict[str, Tally]()
    for train, test in GroupKFold(folds).split(pages, groups=[page.document.id for page in pages]):
        model = fit([cases[i] for i in train], space, card)
        for i in test:
            page, one = pages[i], Tally()
            told += compare(page, read_page(page, model), one)
            for name in ("all", f"folder {page.folder}", f"language {page.document.language}"):
                tallies.setdefault(name, Tally()).add(one)
    return told, tallies


def main() -> None:
    """Fit, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", type=Path, default=FOLDER)
    said = parser.parse_args()
    for folder in said.folders:
        if not (folder / "gold.jsonl").exists() and not (folder / "source").is_dir():
            parser.error(f"{folder}: neither a gold.jsonl nor a folder of sources stands there")
    space = linear.load_wordspace(FOLDER / "wordspace.npz")
    card = default_card()
    empty = Linear({}, np.zeros((0, 9), dtype=np.float32), np.zeros(9, dtype=np.float32))
    linear.provisional(ClaimModel(CLAIM_TYPES, empty, Ranker(empty), Ranker(empty), space, card))
    pages = load_pages(said.folders)
    cases = collect_as_read(pages, space, card)
    print(f"{len(pages)} documents, {sum(len(one.kinds) for one in cases)} sentences")
    if said.folds > 1:
        told, tallies = cross_validate(pages, cases, space, said.folds, card)
        blind = np.zeros(len(told))
        for train, test in GroupKFold(said.folds).split(told, groups=[one.document for one in told]):
            weights = calibrate([told[i] for i in train])
            blind[test] = certainties([told[i] for i in test], weights)
        card["calibration"] = calibrate(told)
        whole = tallies["all"]
        card["cross_validated"] = {
            "folds": said.folds,
            "claims": round(whole.claims.f1, 3),
            "claims in full": round(whole.full.f1, 3),
            "kinds": {kind: round(score.f1, 3) for kind, score in whole.kinds.items()},
        }
        print("\n".join(reliability(told, blind)))
        print("\n|  | claims P | R | F1 | in full F1 | claims |\n|---|---|---|---|---|---|")
        print("\n".join(f"| {name} | {tally.row()} |" for name, tally in sorted(tallies.items())))
        print("\n| kind | F1 | claims |\n|---|---|---|")
        print("\n".join(f"| {kind} | {score.f1:.3f} | {score.gold} |" for kind, score in whole.kinds.items()))
    if said.write:
        write(fit(cases, space, card), said.out, len(pages))


def write(model: ClaimModel, out: Path, documents: int) -> None:
    """Weights and card."""
    stored: dict[str, Any] = {}
    models = {"types": model.types, "speakers": model.speakers.model, "accused": model.accused.model}
    for name, one in models.items():
        linear.save_linear(stored, name, one)
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
