"""What Jinja makes of our templates: the same pages as by default, with fewer calls for each value.

Nearly all the time of a large build goes into `{{ }}`. By default each is finalized, escaped and wrapped by three calls
one in the other; here it is one, which knows the texts that it has seen already. A dot is Python's own, macros
and functions are called as they are, and a loop is a generator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from keyword import iskeyword
from typing import Any

from jinja2 import Environment, Template, nodes, pass_environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.utils import missing
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
    """Python of a template in which `{{ }}` is one call of `show`, and a dot Python's own."""

    environment: PageEnvironment

    def write_commons(self) -> None:
        """Local names, which Python finds sooner than an environment's; the last two stand before Jinja's own."""
        super().write_commons()
        self.writeline("show = environment.show")
        self.writeline("Macro = environment.macro_class")
        self.writeline("LoopContext = environment.loops")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("show(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        """`value.name`. What is asked of the page itself (`self.title()`), or of a mapping, may be no attribute."""
        is_name = isinstance(node.node, nodes.Name)
        of_page = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if of_page or iskeyword(node.attr) or self.name in self.environment.with_items:
            super().visit_Getattr(node, frame)
            return
        self.write("(" if is_name else "")
        self.visit(node.node, frame)
        self.write(f".{node.attr}")
        if is_name:
            self.write(" if type(")
            self.visit(node.node, frame)
            self.write(") is not dict else ")
            super().visit_Getattr(node, frame)
            self.write(")")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """A call, without asking what is called whether it wants to be given the context: of ours only `kept` does."""
        is_kept = isinstance(node.node, nodes.Name) and node.node.name == "kept"
        if is_kept or forward_caller or node.dyn_args or node.dyn_kwargs or any(iskeyword(k.key) for k in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for number, argument in enumerate((*node.args, *node.kwargs)):
            self.write(", " if number else "")
            self.visit(argument, frame)
        self.write(")")


class _PageMacro(Macro):
    """A macro that is called with what it names, and knows the rest to be missing."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """As Jinja's, which asks of each call whether it comes with a context, a caller or more than is named."""
        left = self._argument_count - len(args)
        if left < 0 or self.caller or self.catch_kwargs or self.catch_varargs:
            return super().__call__(*args, **kwargs)
        if kwargs:
            rest = self.arguments[len(args) :]
            if not all(name in rest for name in kwargs):
                return super().__call__(*args, **kwargs)  # which says what is wrong
            return _markup(Markup, self._func(*args, *(kwargs.get(name, missing) for name in rest)))
        return _markup(Markup, self._func(*args, *_MISSING[:left]) if left else self._func(*args))


_markup = str.__new__
_MISSING = (missing,) * 64


@dataclass(slots=True)
class _Loop:
    """Where a loop is: what our templates ask of Jinja's `loop`. Whatever else is asked of it is an error."""

    index0: int = 0
    index: int = 1
    first: bool = True
    last: bool = True


def _loops(items: Iterable[Any], undefined: Any, *more: Any, **named: Any) -> Iterator[tuple[Any, Any]]:
    """Jinja's loop over some things, as a generator of (thing, where the loop is)."""
    if more or named:
        return LoopContext(items, undefined, *more, **named)
    return _walk(items if isinstance(items, tuple | list) else tuple(items))


def _walk(items: tuple[Any, ...] | list[Any]) -> Iterator[tuple[Any, _Loop]]:
    loop, end = _Loop(), len(items)
    for number, item in enumerate(items, 1):
        loop.index0, loop.index, loop.first, loop.last = number - 1, number, number == 1, number == end
        yield item, loop


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


class _PageTemplate(Template):
    """A template whose macros are the same wherever they are imported: no page is given globals of its own."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class PageEnvironment(Environment):
    """Jinja's environment for pages. It escapes everything, wherever it stands."""

    template_class = _PageTemplate
    code_generator_class = _PageCode
    show = staticmethod(show)
    macro_class = _PageMacro
    loops = staticmethod(_loops)

    def __init__(self, *, with_items: Iterable[str] = (), **options: Any) -> None:
        """`with_items` names the templates in which any dot may mean an item of a mapping, as in Jinja; in others that
        is so only behind a name: `row.title`, and not `row.page.title`."""
        super().__init__(**options)
        self.with_items = frozenset(with_items)
        self.kept: list[Kept] = []
        self.globals["kept"] = kept

    def forget(self) -> None:
        """Let go of what was made of the last site."""
        for made in self.kept:
            made.forget()
