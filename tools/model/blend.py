"""The mean of two models' weights, where one was trained on from the other.

Weights on the way between the two keep what the first does on its own texts and gain most of what the second learned
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv:2109.01903).
"""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language


def blend(start: Path, trained: Path, component: str, share: float) -> Language:
    """The pipeline `trained`, where the component's weights are (1 - share) of `start` and share of `trained`.

    Raises:
        ValueError: the two components are not of one shape, or the share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} is not between 0 and 1")
    nlp = spacy.load(trained)
    old_nodes = list(spacy.load(start).get_pipe(component).model.walk())
    new_nodes = list(nlp.get_pipe(component).model.walk())
    if [node.name for node in old_nodes] != [node.name for node in new_nodes]:
        raise ValueError(f"{component} of {start} and of {trained} are not built alike")
    for old, new in zip(old_nodes, new_nodes, strict=True):
        for name in new.param_names:
            if new.has_param(name):
                new.set_param(name, (1 - share) * old.get_param(name) + share * new.get_param(name))
    return nlp
