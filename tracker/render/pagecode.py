"""What Jinja makes of our templates: the same pages as by default, with fewer calls for each value.

Nearly all the time of a large build goes into `{{ }}`. By default each is finalized, escaped and wrapped by three calls
one in the other; here it is one, which knows the texts that it has seen already.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, Template, nodes, pass_environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from tracker.render.wording import clean

_MOST_KEPT = 1 << 16
_PLAIN = frozenset({str, int, bool, type(None)})
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


class Kept:
    """A macro that is made once for the same arguments, told apart by what they are (`by_value`) or which they are.

    A macro knows nothing but its arguments, and these are frozen: a row of a timeline stands on ten pages.
    """

    def __init__(self, macro: Macro, *, by_value: bool) -> None:
        self._macro, self._by_value = macro, by_value
        self._held: dict[Any, tuple[Any, str]] = {}

    def __call__(self, *args: Any) -> str:
        key = args if self._by_value else tuple([arg if type(arg) in _PLAIN else id(arg) for arg in args])
        try:
            found = self._held.get(key)
        except TypeError:  # a list among them: it has no value to be told by
            return self._macro(*args)
        if found is None:
            if len(self._held) >= _MOST_KEPT:
                self._held.clear()
            # the arguments are held too: as long as they are there, no other thing has their identity
            found = self._held[key] = (args, self._macro(*args))
        return found[1]

    def forget(self) -> None:
        """Let go of what was made."""
        self._held.clear()


@pass_environment
def kept(environment: PageEnvironment, macro: Macro, *, by_value: bool = False) -> Kept:
    """For templates: `{% set row = kept(_row) %}`."""
    made = Kept(macro, by_value=by_value)
    environment.kept.append(made)
    return made


class _PageContext(Context):
    """A context that calls macros at once, without asking whether they want to be given the context."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as in Jinja: no clash of names)
        if type(__obj) is Macro or type(__obj) is Kept:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class _PageTemplate(Template):
    """A template whose macros are the same wherever they are imported: no page is given globals of its own."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class PageEnvironment(Environment):
    """Jinja's environment for pages. It escapes everything, wherever it stands."""

    template_class = _PageTemplate
    code_generator_class = _PageCode
    context_class = _PageContext
    show = staticmethod(show)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: list[Kept] = []
        self.globals["kept"] = kept

    def forget(self) -> None:
        """Let go of what was made of the last site."""
        for made in self.kept:
            made.forget()
