"""How letters are found in bytes."""

import pytest

from transfers.tables.encoding import CHOICES, MARKED, detect, preview

TEXT = "name;städte\nJosé;Köln\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a,b\n1,2\n", "utf-8"),
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "utf-32"),
        (TEXT.encode("cp1252"), None),
        ("имя,город\n".encode("cp1251"), None),
        (b"a,b\n1,\x002\n", "utf-8"),  # a stray zero byte makes no UTF-16
    ],
)
def test_the_encoding_is_known_or_asked_for(written, content, encoding):
    path = written(content)
    assert detect(path) == encoding
    if encoding:
        assert encoding in dict(MARKED + CHOICES)
        assert not preview(path, encoding)[0].startswith("\ufeff")


def test_a_wrong_byte_late_in_a_large_file_is_found(written):
    assert detect(written("ä,b\n".encode() * 500_000 + b"\xe4,b\n")) is None


def test_letters_across_blocks_are_no_fault(written):
    assert detect(written(b"a" + "ä".encode() * 1_100_000)) == "utf-8"


def test_a_preview_shows_the_first_lines_as_they_would_read(written):
    path = written(TEXT.encode("cp1252") * 10)
    assert preview(path, "cp1252", lines=2) == ["name;städte", "José;Köln"]
    assert preview(path, "utf-8", lines=1) == ["name;st�dte"]


@pytest.mark.parametrize(("encoding", "words"), CHOICES)
def test_every_choice_can_be_shown_for_any_bytes(written, encoding, words):
    assert preview(written(bytes(range(256)) * 400), encoding)
    assert words
