"""Django's `{% load i18n %}`, with constant texts translated when the template is compiled."""

from django.template import Library
from django.template.base import Node, Parser, Token
from django.templatetags import i18n

from core.template_folding import made

register = Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    # Django has made a variable of the text, whose name is then the text.
    text = node.filter_expression
    constant = text.var.literal is not None and not (text.filters or node.asvar or node.message_context)
    return made(node) if constant else node
