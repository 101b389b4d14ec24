"""Telegram's HTML: what it makes of tags, and its words about those it cannot read."""

from __future__ import annotations

import pytest

from bot.simulator.html import parse_html
from bot.simulator.refusal import Refusal
from bot.simulator.text import with_found


def test_offsets_count_utf16_units_and_references_are_resolved() -> None:
    text, entities = parse_html("😀 <b>ก &amp; <i>ข</i></b> &lt;&#3585;&#x0E02;&nbsp;")
    assert text == "😀 ก & ข <กข&nbsp;"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "italic", "offset": 7, "length": 1},
    ]


@pytest.mark.parametrize(
    ("html", "entity"),
    [
        ("<strong>ก</strong>", {"type": "bold"}),
        ("<em>ก</em>", {"type": "italic"}),
        ("<ins>ก</ins>", {"type": "underline"}),
        ("<del>ก</del>", {"type": "strikethrough"}),
        ('<span class="tg-spoiler">ก</span>', {"type": "spoiler"}),
        ("<TG-SPOILER>ก</tg-spoiler>", {"type": "spoiler"}),
        (
            '<a href="https://example.com/?a=1&amp;b=2">ก</a>',
            {"type": "text_link", "url": "https://example.com/?a=1&b=2"},
        ),
        ("<code>ก</code>", {"type": "code"}),
        ('<pre><code class="language-python">ก</code></pre>', {"type": "pre", "language": "python"}),
        ("<blockquote expandable>ก</blockquote>", {"type": "expandable_blockquote"}),
        ("<blockquote>ก</blockquote >", {"type": "blockquote"}),
    ],
)
def test_each_tag_becomes_its_entity(html: str, entity: dict[str, str]) -> None:
    assert parse_html(html) == ("ก", [entity | {"offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>ก", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ก</b>", "Unexpected end tag at byte offset 3"),
        ("<b>ก</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("ก <ok>", 'Unsupported start tag "ok" at byte offset 4'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>ก</b", "Unclosed end tag at byte offset 6"),
        ("<span>ก</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<a href>ก</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ('<a ="x">ก</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x>ก</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>ก</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(html: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_a_telephone_number_of_the_international_form_is_found_as_telegram_finds_it() -> None:
    text = "โทร. +66-54-000-001 ต่อ 1 หรือ 054-000-002, 1+66"
    [found] = with_found(text, [])
    assert found["type"] == "phone_number"
    assert text[found["offset"] :][: found["length"]] == "+66-54-000-001"
