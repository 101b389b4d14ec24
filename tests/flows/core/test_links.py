"""E-mail addresses and links come out in one usual form, and dangerous ones not at all."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.core.links import read_email, read_facebook, read_google, read_twitter, read_url
from flows.core.problem import Problem
from flows.core.text import LANGUAGES

Reader = Callable[[str], str | Problem]
READERS: tuple[Reader, ...] = (read_email, read_url, read_facebook, read_twitter, read_google)


def code_of(problem: str | Problem) -> str:
    assert isinstance(problem, Problem), problem
    assert all(problem.say.to(language, problem.facts) for language in LANGUAGES)
    return problem.code


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("saraban@example.go.th", "saraban@example.go.th"),
        ("mailto:saraban@example.go.th?subject=x", "saraban@example.go.th"),
        ("อีเมล: saraban@example.go.th", "saraban@example.go.th"),
        ("E-mail saraban@example.go.th", "saraban@example.go.th"),
        ("email@example.go.th", "email@example.go.th"),
        ("<saraban@example.go.th>", "saraban@example.go.th"),
        ("saraban @ example.go.th", "saraban@example.go.th"),
        ("ｓａｒａｂａｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "saraban@example.com"),
        ("saraban@EXAMPLE.com", "saraban@example.com"),
        ("สารบรรณ@ตัวอย่าง.ไทย", "สารบรรณ@ตัวอย่าง.ไทย"),
    ],
)
def test_an_e_mail_address_is_read(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "email.no_at"),
        ("saraban.example.com", "email.no_at"),
        ("a@example.com, b@example.com", "email.several"),
        ("a b@example.com", "email.unreadable"),
        ("saraban@example", "email.unreadable"),
        ("saraban@localhost", "email.unreadable"),
        ("saraban@office.local", "email.unreadable"),
        ("saraban@office.test", "email.unreadable"),
        ("@example.com", "email.unreadable"),
        ("a..b@example.com", "email.unreadable"),
    ],
)
def test_what_is_no_e_mail_address_is_explained_and_a_right_one_is_then_read(text: str, code: str) -> None:
    assert code_of(read_email(text)) == code
    assert read_email("saraban@example.go.th") == "saraban@example.go.th"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("www.example.go.th", "https://www.example.go.th"),
        ("https://example.go.th/ข่าว?x=น้ำ#ข", "https://example.go.th/ข่าว?x=น้ำ#ข"),
        ("http://example.go.th/", "http://example.go.th/"),
        ("HTTPS://Example.go.th/Path", "https://example.go.th/Path"),
        ("//example.go.th", "https://example.go.th"),
        ("example.go.th:8080/x", "https://example.go.th:8080/x"),
        ("เทศบาล.ไทย/หน้า", "https://เทศบาล.ไทย/หน้า"),
        ("xn--12c1fe0br.xn--o3cw4h", "https://xn--12c1fe0br.xn--o3cw4h"),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "https://www.example.com"),
        ("<https://example.com/a>", "https://example.com/a"),
        ("https://example.com/@name", "https://example.com/@name"),
    ],
)
def test_a_link_is_read(text: str, link: str) -> None:
    assert read_url(text) == link


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "url.unreadable"),
        ("example", "url.unreadable"),
        ("https://", "url.unreadable"),
        ("x..com", "url.unreadable"),
        ("-x.com", "url.unreadable"),
        ("x.com:99999", "url.unreadable"),
        ("https://x.com/<script>", "url.unreadable"),
        ("https://x.com\\@y.com", "url.unreadable"),
        ("http://0x7f.0x1", "url.unreadable"),
        ("https://[", "url.unreadable"),
        ("เว็บ เทศบาล", "url.blank"),
        ("javascript:alert(1)", "url.scheme"),
        ("JavaScript:alert(1)", "url.scheme"),
        ("data:text/html,x", "url.scheme"),
        ("ftp://example.com", "url.scheme"),
        ("https://user:secret@example.com", "url.password"),
        ("https://facebook.com@example.com", "url.password"),
        ("localhost", "url.private"),
        ("http://localhost:8080/", "url.private"),
        ("printer.local", "url.private"),
        ("127.0.0.1", "url.private"),
        ("http://192.168.1.1/x", "url.private"),
        ("http://[::1]/", "url.private"),
        ("2130706433", "url.private"),
        ("https://example.com/" + "a" * 2000, "url.too_long"),
    ],
)
def test_what_is_no_open_link_is_explained_and_a_right_one_is_then_read(text: str, code: str) -> None:
    assert code_of(read_url(text)) == code
    assert read_url("www.example.go.th") == "https://www.example.go.th"


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("https://www.facebook.com/thongthin", "https://www.facebook.com/thongthin"),
        ("https://m.facebook.com/thongthin?fbclid=1&mibextid=x", "https://www.facebook.com/thongthin"),
        ("fb.com/thongthin/", "https://www.facebook.com/thongthin"),
        ("Facebook.com/thongthin", "https://www.facebook.com/thongthin"),
        ("facebook.com/profile.php?id=1000&ref=x", "https://www.facebook.com/profile.php?id=1000"),
        ("www.facebook.com/เทศบาล", "https://www.facebook.com/เทศบาล"),
        ("ดูที่ https://www.facebook.com/thongthin/", "https://www.facebook.com/thongthin"),
        ("https://fb.me/abc", "https://fb.me/abc"),
        ("@thongthin", "https://www.facebook.com/thongthin"),
        ("thongthin", "https://www.facebook.com/thongthin"),
        ("Facebook: thongthin.page1", "https://www.facebook.com/thongthin.page1"),
        ("เพจ เทศบาลตำบลตัวอย่าง", "เทศบาลตำบลตัวอย่าง"),
        ("เพจ อบต. ตัวอย่าง", "อบต. ตัวอย่าง"),
        ("Thongthin Page", "Thongthin Page"),
    ],
)
def test_a_facebook_page_is_read(text: str, page: str) -> None:
    assert read_facebook(text) == page


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123",
        "facebook.com",
        "https://facebook.com/",
        "https://example.com/thongthin",
        "https://notfacebook.com/x",
        "javascript:x",
    ],
)
def test_what_is_no_facebook_page_is_explained_and_a_page_is_then_read(text: str) -> None:
    assert code_of(read_facebook(text)) == "facebook.unreadable"
    assert read_facebook("@thongthin") == "https://www.facebook.com/thongthin"


@pytest.mark.parametrize(
    "text",
    [
        "@thongthin",
        "thongthin",
        "Twitter: @thongthin",
        "https://twitter.com/thongthin?s=20",
        "x.com/thongthin/status/1",
        "https://mobile.twitter.com/thongthin",
        "ติดตาม https://x.com/@thongthin",
    ],
)
def test_a_twitter_name_becomes_its_link(text: str) -> None:
    assert read_twitter(text) == "https://x.com/thongthin"


@pytest.mark.parametrize(
    "text", ["", "@", "เทศบาล", "x.com", "https://x.com/home", "https://example.com/thongthin", "a" * 16]
)
def test_what_is_no_twitter_name_is_explained_and_a_name_is_then_read(text: str) -> None:
    assert code_of(read_twitter(text)) == "twitter.unreadable"
    assert read_twitter("@thongthin") == "https://x.com/thongthin"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://maps.app.goo.gl/abc", "https://maps.app.goo.gl/abc"),
        ("ร้านตัวอย่าง\nhttps://maps.app.goo.gl/abc", "https://maps.app.goo.gl/abc"),
        ("www.google.co.th/maps/place/x", "https://www.google.co.th/maps/place/x"),
        ("sites.google.com/view/x", "https://sites.google.com/view/x"),
        ("x.business.site", "https://x.business.site"),
        ("g.page/x", "https://g.page/x"),
        ("https://share.google/abc", "https://share.google/abc"),
        ("https://youtu.be/x", "https://youtu.be/x"),
    ],
)
def test_any_link_of_googles_is_read(text: str, link: str) -> None:
    assert read_google(text) == link


@pytest.mark.parametrize(
    "text", ["", "hello", "ร้าน ตัวอย่าง", "https://google.example.com", "notgoogle.com/x", "example.go.th"]
)
def test_what_is_no_link_of_googles_is_explained_and_one_is_then_read(text: str) -> None:
    assert code_of(read_google(text)) == "google.unreadable"
    assert read_google("https://maps.app.goo.gl/abc") == "https://maps.app.goo.gl/abc"


noise = st.text(max_size=60) | st.text("abx.:/@?#[]%-_ กำ://http1\\", max_size=30)


@pytest.mark.parametrize("reader", READERS)
@settings(deadline=None)
@given(text=noise | noise.map("https://facebook.com/{}".format) | noise.map("https://x.com/{}".format))
@example(text="https://[x.com/")
@example(text="a@" + "b" * 4000)
@example(text="www." + "a." * 1000)
@example(text="\u2100.com")
def test_no_text_whatever_raises_and_what_is_read_reads_the_same_again(reader: Reader, text: str) -> None:
    first = reader(text)
    if isinstance(first, str):
        assert reader(first) == first


@settings(deadline=None)
@given(noise)
def test_a_link_read_is_always_an_open_web_link(text: str) -> None:
    link = read_url(text)
    if isinstance(link, str):
        parts = urlsplit(link)
        assert parts.scheme in ("http", "https")
        assert "." in (parts.hostname or "")
        assert "@" not in parts.netloc
