"""Several tags as one text, and back."""

import pytest

from core.tags import FILE_SEPARATORS, join_tags, split_tags

LISTS = [
    ["alpha", "beta"],
    ["Smith, John", "vip"],
    ["a;b", "c|d", "e,f"],
    ['she said "no"', '"quoted"', '5" disk'],
    ["=1+1", "'quoted", "with  two spaces"],
    ['a"b,c"', '""', '","'],
    [],
]


@pytest.mark.parametrize("tags", LISTS)
@pytest.mark.parametrize("separators", [",", FILE_SEPARATORS])
def test_what_was_joined_is_split_again(tags, separators):
    assert split_tags(join_tags(tags, separators), separators) == tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a, b ,, c", ["a", "b", "c"]),
        ('"Smith, John", vip', ["Smith, John", "vip"]),
        ('"never closed, vip', ['"never closed', "vip"]),
        ('5" disk, 3" disk', ['5" disk', '3" disk']),
        ('"a" b, c', ['"a" b', "c"]),
        ("", []),
        (" , ", []),
    ],
)
def test_what_people_write(text, tags):
    assert split_tags(text) == tags


def test_files_separate_by_more_than_commas():
    assert split_tags('a;b|c\nd,"e;f"', FILE_SEPARATORS) == ["a", "b", "c", "d", "e;f"]


@pytest.mark.parametrize("text", ['"' * 50_001, '"a,' * 20_000, " " * 50_000 + '"'])
def test_quotes_that_never_end_are_letters(text):
    assert set("".join(split_tags(text, FILE_SEPARATORS))) <= {*text} - {","}
