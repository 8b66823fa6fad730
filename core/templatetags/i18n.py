"""Django's `{% load i18n %}`, in which a text without variables is looked up when its template is compiled.

Templates are compiled once a language (core/loaders.py), so that from then on it is as cheap as text that was never
translated: a page has about a hundred of them.
"""

from django.template import Context, Library
from django.template.base import Node, Parser, TextNode, Token
from django.templatetags import i18n

register = Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    return TextNode(node.render(Context())) if _is_constant(node) else node


def _is_constant(node: i18n.TranslateNode) -> bool:
    text = node.filter_expression
    return text.var.literal is not None and not (text.filters or node.asvar or node.message_context)
