"""Tags that share a cell, as each tool writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.folding import each_once
from core.tags import FILE_SEPARATORS, join_tags
from transfers.tables.tags import WAYS, TagColumn, split_tags


def guessed(*cells: str, known: str = "") -> list[list[str]]:
    column = TagColumn()
    for cell in cells:
        column.add(cell)
    way = column.guess(known)
    return [split_tags(cell, way) for cell in cells]


@pytest.mark.parametrize(
    ("cells", "tags"),
    [
        (["vip, beta tester", "vip"], [["vip", "beta tester"], ["vip"]]),
        (["Smith, John; vip", "late; Miller, Ann"], [["Smith, John", "vip"], ["late", "Miller, Ann"]]),
        (["a|b", "c"], [["a", "b"], ["c"]]),
        (["a\nb c"], [["a", "b c"]]),
        (["* myContacts ::: Friends ::: Old, dear", "* myContacts"], [["Friends", "Old, dear"], []]),
        (['"VIP","Beta, closed"', '"VIP"'], [["VIP", "Beta, closed"], ["VIP"]]),
        (['["a", "b, c"]', "[]"], [["a", "b, c"], []]),
        (["billing_issue vip", "vip", "late"], [["billing_issue", "vip"], ["vip"], ["late"]]),
        (["two words", "Two Words"], [["two words"], ["Two Words"]]),
        (["a,,a, b ,"], [["a", "b"]]),
        (['5" screen, big'], [['5" screen', "big"]]),
    ],
)
def test_the_whole_column_says_how_tags_are_separated(cells, tags):
    assert guessed(*cells) == tags


def test_a_tool_is_believed_where_the_cells_do_not_say():
    assert guessed("billing refund", "vip", known="blanks") == [["billing", "refund"], ["vip"]]
    assert guessed("Smith, John", known="semicolons") == [["Smith", "John"]]
    assert guessed("needs info", known="none") == [["needs info"]]


@given(st.lists(st.text(min_size=1).map(str.strip).filter(lambda tag: tag and "\n" not in tag and "\r" not in tag)))
def test_joined_tags_are_taken_apart_again(tags):
    assert split_tags(join_tags(tags, FILE_SEPARATORS), "commas") == each_once(tags)


@given(st.text(), st.sampled_from(WAYS))
def test_any_cell_is_taken_apart(cell, way):
    assert all(tag == tag.strip() != "" for tag in split_tags(cell, way))
    guessed(cell)
