"""The door to spaCy, and the boundaries that it sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from tracker.errors import ModelMissing
from tracker.nlp.model import describe_pipeline, load_pipeline
from tracker.nlp.products import product
from tracker.nlp.sentences import split_sentences
from tracker.resources import bundled_path


def test_the_bundled_pipeline_parses_and_is_loaded_once() -> None:
    nlp = load_pipeline("bundled")
    assert nlp is load_pipeline("bundled")
    doc = nlp("OpenAI accused DeepSeek of copying its models.")
    assert [token.text for token in doc if token.dep_ == "nsubj"] == ["OpenAI"]
    assert describe_pipeline("bundled").startswith("en_news_sm-")


def test_its_products_are_numpys_on_one_thread() -> None:
    models = [model for _, part in load_pipeline().pipeline if (model := getattr(part, "model", None)) is not None]
    layers = [layer for model in models for layer in model.walk()]
    assert len(layers) > 50
    assert not any(layer.ops.use_blis for layer in layers)
    assert {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"} <= {1}


def test_a_product_is_that_of_matrices() -> None:
    left, right = np.arange(6, dtype=np.float64).reshape(2, 3), np.arange(12, dtype=np.float32).reshape(3, 4)
    found = product(left[:, ::-1], right)
    assert found.dtype == np.float32
    assert found.tolist() == [[4, 7, 10, 13], [40, 52, 64, 76]]


def test_a_folder_is_a_pipeline_too() -> None:
    assert load_pipeline(str(bundled_path("data/model/en_news_sm"))).meta["name"] == "news_sm"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("en_core_web_none", "python -m spacy download en_core_web_none"),
        ("no/such/folder", "nor a folder with a meta.json"),
    ],
)
def test_a_missing_pipeline_says_what_to_do(name: str, hint: str) -> None:
    with pytest.raises(ModelMissing) as error:
        load_pipeline(name)
    assert hint in str(error.value)


def test_a_broken_folder_is_a_missing_model(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelMissing):
        load_pipeline(str(tmp_path))


def test_the_model_names_its_licence_and_sources() -> None:
    folder = bundled_path("data/model")
    assert "creativecommons.org/licenses/by-sa/4.0" in (folder / "LICENSE").read_text(encoding="utf-8")
    notice = (folder / "NOTICE").read_text(encoding="utf-8")
    for source in load_pipeline("bundled").meta["sources"]:
        assert source["url"] in notice


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It met Sen. Scott. He left.", ["It met Sen. Scott.", "He left."]),
        ("In the U.S. The company grew.", ["In the U.S.", "The company grew."]),
        ("The U.S. House voted on H.R. 8283. It passed.", ["The U.S. House voted on H.R. 8283.", "It passed."]),
        ("\u201cNo.\u201d He left.", ["\u201cNo.\u201d", "He left."]),
        ("A heading\n\nIt cost $1.5 billion. Really!", ["A heading", "It cost $1.5 billion.", "Really!"]),
        ("他来了。他走了！", ["他来了。", "他走了！"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences
