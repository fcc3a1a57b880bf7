"""The recipe of the language model: what it generates is well formed, the same seed gives the same, and it runs through."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools" / "model"))

import assemble  # noqa: E402
import build  # noqa: E402
import corpora  # noqa: E402
from blend import blend  # noqa: E402
from evaluate import NAME_TESTS, SYNTAX_TESTS  # noqa: E402
from lexicon import Lexicon  # noqa: E402
from name_templates import NameTemplates  # noqa: E402
from prepare import Amounts, prepare  # noqa: E402
from reporting import Reporting, write_treebank  # noqa: E402
from swapped_names import swap_entities, swap_in_tree  # noqa: E402
from train import make_config  # noqa: E402
from trees import write_doc  # noqa: E402
from unknown_names import SWAPPED_TYPES, mask_corpus  # noqa: E402

from tracker.evaluation import load_gold  # noqa: E402

SMALL = Amounts(generated_trees=20, swapped=10, templates=20, generated_names=10, tweets=5)
SEEDS = st.integers(0, 2**32)


def _is_projective(doc: Doc) -> bool:
    arcs = [(min(token.i, token.head.i), max(token.i, token.head.i)) for token in doc if token.head.i != token.i]
    return not any(a < c < b < d for a, b in arcs for c, d in arcs)


@settings(max_examples=60)
@given(SEEDS)
def test_a_generated_sentence_is_one_projective_tree(seed: int) -> None:
    doc = write_doc([Reporting(Random(seed)).sentence()])
    assert [token.dep_ for token in doc].count("ROOT") == 1
    assert all(token.tag_ and token.dep_ for token in doc)
    assert _is_projective(doc)


@settings(max_examples=60)
@given(SEEDS)
def test_subjects_and_objects_of_generated_sentences_are_nominal(seed: int) -> None:
    doc = write_doc([Reporting(Random(seed)).sentence()])
    for token in doc:
        if token.dep_ in ("nsubj", "nsubj:pass", "obj", "iobj", "obl:agent"):
            assert token.tag_ in ("NNP", "NN", "NNS", "PRP", "WDT", "WP"), (doc.text, token.text)


@settings(max_examples=40)
@given(SEEDS)
def test_a_generated_text_reads_like_text(seed: int) -> None:
    text = write_doc([Reporting(Random(seed)).sentence()]).text.strip()
    assert text[0].isupper() or text[0] in '"“' or text[0].isdigit()
    assert text.endswith((".", '."', ".”"))
    assert " ," not in text and ",," not in text and " ." not in text


def test_coordinated_names_stay_two_names() -> None:
    maker = Reporting(Random(4))
    pair = maker.several(maker.firm, 2)
    doc = write_doc([pair])
    assert len(doc.ents) == 2
    assert {entity.label_ for entity in doc.ents} == {"ORG"}


@settings(max_examples=40)
@given(SEEDS)
def test_template_names_cover_whole_slots_and_survive_tokenizing(seed: int) -> None:
    doc = NameTemplates(Random(seed), ["Oslo"]).doc()
    again = spacy.blank("en")(doc.text)
    for entity in doc.ents:
        assert again.char_span(entity.start_char, entity.end_char, alignment_mode="expand") is not None
        assert not entity.text.startswith("{")


def _small_treebank(count: int = 40) -> list[Doc]:
    writer = Reporting(Random(1))
    lexicon = Lexicon.of([])
    return [lexicon.annotate(write_doc([writer.sentence(), writer.sentence()])) for _ in range(count)]


def test_swapping_names_in_a_tree_keeps_the_tree() -> None:
    for doc in _small_treebank(10):
        swapped = swap_in_tree(doc, Random(2), share=1.0)
        assert [t.dep_ for t in swapped] == [t.dep_ for t in doc]
        assert [t.head.i for t in swapped] == [t.head.i for t in doc]
        assert [t.pos_ for t in swapped] == [t.pos_ for t in doc]
    assert any(swap_in_tree(doc, Random(2), share=1.0).text != doc.text for doc in _small_treebank(10))


def test_swapping_entities_keeps_their_number_and_types() -> None:
    swapped = [(doc, swap_entities(doc, Random(3))) for doc in _small_treebank()]
    changed = [(doc, new) for doc, new in swapped if new is not None]
    assert changed
    for doc, new in changed:
        assert [entity.label_ for entity in new.ents] == [entity.label_ for entity in doc.ents]
        assert new.text != doc.text


def _write_corpora(folder: Path) -> None:
    treebank = write_treebank(_small_treebank(), 40, Random(5))
    filler = NameTemplates(Random(6), ["Oslo"])
    names = [filler.doc() for _ in range(40)]
    for name in (*corpora.SYNTAX_TRAIN, *corpora.SYNTAX_DEV, *SYNTAX_TESTS):
        corpora.save_docs(treebank, folder / f"{name}.spacy")
    for name in (*corpora.NAMES_TRAIN, *corpora.NAMES_DEV, corpora.TWEETS, *set(NAME_TESTS) - set(SYNTAX_TESTS)):
        corpora.save_docs(names, folder / f"{name}.spacy")


def _texts(folder: Path, name: str) -> list[str]:
    return [doc.text for doc in corpora.load_docs(folder, name)]


def test_the_same_seed_prepares_the_same_sets_and_another_seed_others(tmp_path: Path) -> None:
    _write_corpora(tmp_path / "in")
    for out, seed in (("a", 1), ("b", 1), ("c", 2)):
        tokens = prepare(tmp_path / "in", tmp_path / out, seed, SMALL)
        assert all(count > 0 for count in tokens.values())
    for name in ("syntax-train", "names-train"):
        same, other = _texts(tmp_path / "a", name), _texts(tmp_path / "c", name)
        assert same == _texts(tmp_path / "b", name)
        assert same != other


def test_every_training_document_has_parts_of_speech(tmp_path: Path) -> None:
    _write_corpora(tmp_path / "in")
    prepare(tmp_path / "in", tmp_path / "out", 1, SMALL)
    docs = corpora.load_docs(tmp_path / "out", "syntax-train")
    assert all(token.pos_ and token.tag_ for doc in docs for token in doc)


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"ewt-train\.spacy is missing"):
        prepare(tmp_path, tmp_path / "out", 1)


@pytest.mark.slow
def test_the_recipe_runs_from_corpora_to_a_pipeline_with_its_card(tmp_path: Path) -> None:
    pytest.importorskip("spacy_lookups_data", reason="the model extra is not installed")
    _write_corpora(tmp_path / "in")
    first = build.build(tmp_path / "in", tmp_path / "first", max_steps=2)
    model = build.build(tmp_path / "in", tmp_path / "out", parts=("names",), start=first, max_steps=2, share=0.5)
    assert (model / "parser" / "model").read_bytes() == (first / "parser" / "model").read_bytes()
    nlp = spacy.load(model)
    assert {"tagger", "morphologizer", "parser", "lemmatizer", "ner"} <= set(nlp.pipe_names)
    meta = json.loads((model / "meta.json").read_text(encoding="utf-8"))
    assert meta["license"] == "CC BY-SA 4.0"
    assert 0 <= meta["performance"]["pud-test"]["LAS"] <= 100
    assert (model.parent / "NOTICE").is_file() and (model.parent / "LICENSE").is_file()
    assert nlp("Three banks opened accounts.")[2].lemma_ in ("open", "opened")


def test_the_notice_of_the_shipped_model_names_every_source() -> None:
    folder = ROOT / "data" / "model"
    notice = (folder / "NOTICE").read_text(encoding="utf-8")
    meta = json.loads((folder / "en_news_sm" / "meta.json").read_text(encoding="utf-8"))
    assert f"{meta['lang']}_{meta['name']} {meta['version']}" in notice
    assert meta["sources"]
    for source in (*meta["sources"], *assemble.SOURCES):
        assert source["url"] in notice


def test_masked_documents_hold_their_invented_names_where_the_gold_says() -> None:
    for masked in mask_corpus(load_gold(ROOT / "data" / "gold"), seed=1):
        text = masked.document.text
        assert all(text[mention.start : mention.end] == mention.text for mention in masked.gold.mentions)
        assert all(mention.type in SWAPPED_TYPES for mention in masked.replaced)


def test_masking_leaves_no_firm_of_the_gold_in_its_mentions() -> None:
    gold = load_gold(ROOT / "data" / "gold")
    known = {
        m.text for answer in gold.answers.values() for m in answer.mentions if m.type == "company" and " " not in m.text
    }
    masked = mask_corpus(gold, seed=1)
    left = {mention.text for entry in masked for mention in entry.gold.mentions if mention.type == "company"}
    assert not known & left


def test_masking_gives_the_same_word_the_same_name() -> None:
    gold = load_gold(ROOT / "data" / "gold")
    for (_, answer), masked in zip(
        [pair for pair in gold.pairs() if pair[0].language == "en"], mask_corpus(gold, seed=2), strict=True
    ):
        new = {mention.entity_id: set[str]() for mention in masked.gold.mentions}
        old = {mention.entity_id: set[str]() for mention in answer.mentions}
        for mention in masked.gold.mentions:
            new[mention.entity_id].add(mention.text)
        for mention in answer.mentions:
            old[mention.entity_id].add(mention.text)
        assert all(len(new[key]) <= len(old[key]) for key in new)


def test_training_on_begins_with_the_weights_of_a_pipeline(tmp_path: Path) -> None:
    scratch, onward = make_config("names"), make_config("names", start=tmp_path)
    assert scratch["components"]["ner"]["factory"] == "ner"
    assert onward["components"]["ner"] == {"source": str(tmp_path)}
    assert onward["training"]["max_steps"] < scratch["training"]["max_steps"]
    assert make_config("syntax", max_steps=2)["training"]["max_steps"] == 2


def test_blending_is_the_mean_of_the_weights(tmp_path: Path) -> None:
    for name, value in (("old", 1.0), ("new", 3.0)):
        nlp = spacy.blank("en")
        nlp.add_pipe("ner").add_label("ORG")
        nlp.initialize()
        for node in nlp.get_pipe("ner").model.walk():
            for parameter in node.param_names:
                if node.has_param(parameter):
                    node.set_param(parameter, node.get_param(parameter) * 0 + value)
        nlp.to_disk(tmp_path / name)
    mixed = blend(tmp_path / "old", tmp_path / "new", "ner", 0.25).get_pipe("ner").model
    values = {float(node.get_param(p).max()) for node in mixed.walk() for p in node.param_names if node.has_param(p)}
    assert values == {1.5}
    with pytest.raises(ValueError, match="between 0 and 1"):
        blend(tmp_path / "old", tmp_path / "new", "ner", 2)
