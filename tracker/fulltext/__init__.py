"""Words of texts, questions to them and passages that answer: pure, and the same whatever database keeps the index."""
