"""What Jinja makes of our templates: the same pages as by default, with fewer calls for each value.

Nearly all the time of a large build goes into `{{ }}`. By default each is finalized, escaped and wrapped by three calls
one in the other; here it is one, which knows the texts that it has seen already.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from tracker.render.wording import clean

_LARGEST_KEPT = 300
"""Longer texts (quotes) come once or twice; names, days and the way to the top come on every page."""


def show(value: Any) -> str:
    """What any `{{ }}` gives: text without tricks, escaped. What is Markup is taken as it is.

    Raises:
        TypeError: the value is missing, which is our mistake, never the word "None".
    """
    kind = type(value)
    if kind is Markup:
        made: str = value
        return made
    if kind is str:
        return _known(value) if len(value) <= _LARGEST_KEPT else escape(clean(value))
    if kind is int:
        return str(value)
    return escape(finalize(value))


@lru_cache(maxsize=1 << 15)
def _known(text: str) -> str:
    return escape(clean(text))


def finalize(value: Any) -> Any:
    """A value before it is escaped; as `show`."""
    if value is None:
        raise TypeError("a template shows a value that is None")
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


class _PageCode(CodeGenerator):
    """Python of a template in which `{{ }}` is one call of `show`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.show(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")")


class _PageContext(Context):
    """A context that calls a macro at once, without asking whether it wants to be given the context."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as in Jinja: no clash of names)
        if type(__obj) is Macro:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class PageEnvironment(Environment):
    """Jinja's environment for pages. It escapes everything, wherever it stands."""

    code_generator_class = _PageCode
    context_class = _PageContext
    show = staticmethod(show)
