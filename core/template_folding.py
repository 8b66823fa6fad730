"""Parts of a template that are the same for everybody in a language are made when it is compiled (core/loaders.py).

A page has a hundred texts, thirty parts, twenty addresses and twenty files: each is looked up once.
"""

from collections.abc import Callable

from django.template import Context, Engine, Template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token


def made(node: Node) -> TextNode:
    """What the node says without any context, as text."""
    return TextNode(node.render(Context()))


def is_constant(expression: FilterExpression) -> bool:
    return not expression.is_var and not expression.filters


class Part:
    """A template that another includes by a constant name: looked up when it is first drawn, then kept.

    It is of the other's language, as the constants of both are: a template is drawn in the one it was compiled in.
    """

    def __init__(self, name: str):
        self._name = name
        self._template: Template | None = None

    def resolve(self, context: Context) -> Template:
        if self._template is None:
            self._template = Engine.get_default().get_template(self._name)
        return self._template


def where_constant(tag: Callable) -> Callable:
    """A simple tag, made at once where no variable is among its arguments."""

    def compiled(parser: Parser, token: Token) -> Node:
        node = tag(parser, token)
        constant = all(map(is_constant, (*node.args, *node.kwargs.values()))) and not node.target_var
        return made(node) if constant else node

    return compiled
