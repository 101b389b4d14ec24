"""Reads e-mail addresses and links, and makes one usual form of those of the well-known services."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit

from email_validator import EmailNotValidError, validate_email

from flows.core.problem import Problem
from flows.core.text import T, one_line

MOST_LETTERS = 2000
MOST_NAME_LETTERS = 100

# only the wide forms of Latin letters: full NFKC would take Thai sara am apart inside a path
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?![0-9])", re.I)
_LINK = re.compile(r"https?://\S+", re.I)
_LABEL_MARKS = ("L", "M", "N")
_HOME_NETWORKS = (
    "localhost",
    "local",
    "internal",
    "lan",
    "home",
    "intranet",
    "invalid",
    "test",
    "arpa",
    "onion",
)

_FACEBOOK_HOSTS = re.compile(r"(?:[\w-]+\.)*(?:facebook|fb)\.com")
_FACEBOOK_SHORT = re.compile(r"(?:fb\.me|fb\.watch|m\.me)")
_FACEBOOK_PARTS = {"id", "story_fbid", "fbid", "v", "set"}
_ENDS_LIKE_A_SITE = re.compile(r".*\.(?:com|net|org|th|info|me)", re.I)
_FACEBOOK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]{4,49}")
_TWITTER_HOSTS = re.compile(r"(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com")
_TWITTER_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_TWITTER_PAGES = {
    "home",
    "search",
    "i",
    "intent",
    "hashtag",
    "share",
    "explore",
    "settings",
    "login",
    "messages",
}
_GOOGLE_HOSTS = re.compile(
    r"(?:[\w-]+\.)*(?:google\.(?:com|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2})|goo\.gl|youtube\.com|blogspot\.com|business\.site)"
    r"|(?:www\.)?(?:g\.co|g\.page|g\.dev|youtu\.be)|(?:[\w-]+\.)+google"
)

_EMAIL_LEAD = re.compile(
    r"^(?:e-?mail|อีเมล์?|เมล์?)\s*[:=]?\s+|^(?:e-?mail|อีเมล์?|เมล์?)\s*[:=]\s*|^mailto:", re.I
)
_FACEBOOK_LEAD = re.compile(
    r"^(?:(?:facebook|face\s?book|fb|เฟซบุ๊[กค]|เฟสบุ๊[กค]|เฟส|เฟซ|เพจ|fan\s?page|แฟนเพจ|page)(?=[\s:=/]|[ก-๛])\s*[:=/]?\s*)+",
    re.I,
)
_TWITTER_LEAD = re.compile(r"^(?:twitter|ทวิตเตอร์|x)(?:\s*[:=]\s*|\s+)", re.I)

_EMAIL = Problem(
    "email.unreadable",
    T(
        "อีเมลนี้ไม่ถูกต้อง พิมพ์อีเมลเดียวให้ครบ เช่น saraban@example.go.th",
        "This is not an e-mail address; type one in full, such as saraban@example.go.th.",
    ),
)
_EMAIL_AT = Problem(
    "email.no_at",
    T(
        "อีเมลต้องมีเครื่องหมาย @ เช่น saraban@example.go.th",
        "An e-mail address has an @, such as saraban@example.go.th.",
    ),
)
_EMAIL_SEVERAL = Problem(
    "email.several",
    T(
        "ใส่ได้อีเมลเดียว เช่น saraban@example.go.th",
        "Only one e-mail address fits, such as saraban@example.go.th.",
    ),
)
_URL = Problem(
    "url.unreadable",
    T(
        "ลิงก์นี้ไม่ถูกต้อง พิมพ์ที่อยู่เว็บไซต์ เช่น www.example.go.th",
        "This is not a link; type a web address, such as www.example.go.th.",
    ),
)
_URL_SCHEME = Problem(
    "url.scheme",
    T(
        "ใช้ได้เฉพาะลิงก์เว็บไซต์ที่ขึ้นต้นด้วย https:// หรือ http://",
        "Only web links that begin with https:// or http:// can be used.",
    ),
)
_URL_BLANK = Problem(
    "url.blank",
    T(
        "ลิงก์ต้องไม่มีช่องว่าง ส่งทีละหนึ่งลิงก์ เช่น www.example.go.th",
        "A link has no blanks in it; send one link, such as www.example.go.th.",
    ),
)
_URL_PASSWORD = Problem(
    "url.password",
    T(
        "ลิงก์ต้องไม่มีชื่อผู้ใช้หรือรหัสผ่าน ให้ตัดส่วนที่อยู่หน้า @ ออก",
        "A link must not carry a user name or password; leave out what stands before the @.",
    ),
)
_URL_PRIVATE = Problem(
    "url.private",
    T(
        "ลิงก์นี้เปิดได้เฉพาะในเครื่องหรือเครือข่ายภายใน ให้ใช้ชื่อเว็บไซต์ เช่น www.example.go.th",
        "This link opens only inside one computer or network; use a site's name, such as www.example.go.th.",
    ),
)
_URL_LONG = Problem(
    "url.too_long",
    T("ลิงก์ยาวเกินไป ส่งลิงก์ที่ไม่เกิน {most} ตัวอักษร", "This link is too long; send one of at most {most} letters."),
    {"most": MOST_LETTERS},
)
_FACEBOOK = Problem(
    "facebook.unreadable",
    T(
        "ส่งลิงก์หรือชื่อเพจ Facebook เช่น facebook.com/thongthin หรือ เพจ เทศบาลของเรา",
        "Send a Facebook link or page name, such as facebook.com/thongthin or @thongthin.",
    ),
)
_TWITTER = Problem(
    "twitter.unreadable",
    T(
        "ส่งลิงก์หรือชื่อบัญชี X (Twitter) เช่น @thongthin",
        "Send a link or the name of an X (Twitter) account, such as @thongthin.",
    ),
)
_GOOGLE = Problem(
    "google.unreadable",
    T(
        "ส่งลิงก์ของ Google เช่น ลิงก์ร้านใน Google Maps ที่กดแชร์มา",
        "Send a link of Google's, such as a place shared from Google Maps.",
    ),
)


def read_email(text: str) -> str | Problem:
    """The address in its usual form; whether its domain exists is not looked up."""
    plain = _EMAIL_LEAD.sub("", unicodedata.normalize("NFKC", one_line(text))).strip().strip("<>.,; ")
    plain = re.sub(r"\s*([@.])\s*", r"\1", plain.partition("?")[0])
    match plain.count("@"):
        case 0:
            return _EMAIL_AT
        case 1:
            return _valid_email(plain)
        case _:
            return _EMAIL_SEVERAL


def _valid_email(plain: str) -> str | Problem:
    try:
        return validate_email(plain, check_deliverability=False).normalized
    except EmailNotValidError:
        return _EMAIL


def read_url(text: str) -> str | Problem:
    """A web link that anyone can open; https:// is added, Thai names and paths stay as they are."""
    plain = _plain(text)
    if len(plain) > MOST_LETTERS:
        return _URL_LONG
    scheme = _SCHEME.match(plain)
    if scheme is not None and scheme[1].lower() not in ("http", "https"):
        return _URL_SCHEME
    if " " in plain:
        return _URL_BLANK
    rest = plain[scheme.end() :] if scheme else plain
    return _web_link(scheme[1].lower() if scheme else "https", rest.lstrip("/"))


def _plain(text: str) -> str:
    return one_line(text.translate(_HALF_WIDTH)).strip("<> ")


def _web_link(scheme: str, rest: str) -> str | Problem:
    if not rest or re.search(r'[<>"\\^`{}|]', rest):
        return _URL
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _URL
    if "@" in parts.netloc:
        return _URL_PASSWORD
    if (problem := _host_problem(host)) is not None:
        return problem
    tail = rest[len(parts.netloc) :]
    return f"{scheme}://{host.rstrip('.')}{f':{port}' if port else ''}{tail}"


def _host_problem(host: str) -> Problem | None:
    labels = host.rstrip(".").split(".")
    if _is_address(host) or labels[-1] in _HOME_NETWORKS:
        return _URL_PRIVATE
    if len(labels) < 2 or not all(map(_is_label, labels)):
        return _URL
    # a last label that begins with a digit is the end of a number written in an odd base
    return _URL if len(labels[-1]) < 2 or not labels[-1][0].isalpha() else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return re.fullmatch(r"[0-9.]+", host) is not None
    return True


def _is_label(label: str) -> bool:
    if not 1 <= len(label) <= 63 or "-" in (label[0], label[-1]):
        return False
    return all(c in "-_" or unicodedata.category(c)[0] in _LABEL_MARKS for c in label)


def read_facebook(text: str) -> str | Problem:
    """A page's link, made from its @name where it can be; a name in Thai or with blanks stays a name."""
    plain = _FACEBOOK_LEAD.sub("", _plain(text)) if not _is_link(_plain(text)) else _plain(text)
    if _is_link(plain):
        link = read_url(_link_in(plain))
        return link if isinstance(link, Problem) else _facebook_link(link)
    name = plain.lstrip("@").strip()
    if not any(map(str.isalpha, name)) or len(name) > MOST_NAME_LETTERS:
        return _FACEBOOK
    if _SCHEME.match(name) or _ENDS_LIKE_A_SITE.fullmatch(name):
        return _FACEBOOK
    if _FACEBOOK_NAME.fullmatch(name):
        return f"https://www.facebook.com/{name}"
    return name


def _is_link(text: str) -> bool:
    """Whether a text is or carries a link, rather than a name."""
    return (
        _LINK.search(text) is not None
        or re.match(r"(?:[\w-]+\.)+[a-z]{2,}/|www\.|//", text, re.I) is not None
    )


def _link_in(text: str) -> str:
    """The link in what an app shares, which often begins with a title."""
    match = _LINK.search(text)
    return match[0] if match else text


def _facebook_link(link: str) -> str | Problem:
    parts = urlsplit(link)
    host, path = parts.hostname or "", parts.path.rstrip("/")
    if _FACEBOOK_SHORT.fullmatch(host) and path:
        return f"https://{host}{path}"
    if not _FACEBOOK_HOSTS.fullmatch(host) or not path:
        return _FACEBOOK
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key in _FACEBOOK_PARTS]
    return f"https://www.facebook.com{path}" + (f"?{urlencode(kept)}" if kept else "")


def read_twitter(text: str) -> str | Problem:
    """`https://x.com/name` of a link or an @name."""
    plain = _TWITTER_LEAD.sub("", _plain(text))
    if _is_link(plain):
        link = read_url(_link_in(plain))
        if isinstance(link, Problem):
            return link
        parts = urlsplit(link)
        name = (
            parts.path.strip("/").partition("/")[0] if _TWITTER_HOSTS.fullmatch(parts.hostname or "") else ""
        )
    else:
        name = plain
    name = name.removeprefix("@")
    if not _TWITTER_NAME.fullmatch(name) or name.lower() in _TWITTER_PAGES:
        return _TWITTER
    return f"https://x.com/{name}"


def read_google(text: str) -> str | Problem:
    """Any link of Google's: a place on the map, a business page, a site, a video."""
    plain = _link_in(_plain(text))
    link = read_url(plain)
    if isinstance(link, Problem):
        return _GOOGLE if link.code in ("url.unreadable", "url.blank") else link
    return link if _GOOGLE_HOSTS.fullmatch(urlsplit(link).hostname or "") else _GOOGLE
