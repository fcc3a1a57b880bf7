"""Text to values: names, relevance and claims, each with its place in the text."""
