"""A policy and news intelligence tracker for disputes about AI model distillation."""

__version__ = "0.1.0"
