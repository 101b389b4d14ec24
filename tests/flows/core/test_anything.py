"""Whatever an officer does, in any order: nothing breaks, nothing is lost, and Telegram can say the answer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import CATALOGUE
from flows.core import engine
from flows.core.chat import (
    Around,
    Edit,
    Inbound,
    Pressed,
    RefusedPhoto,
    Said,
    SentContact,
    SentOther,
    SentPhoto,
    SentPlace,
)
from flows.core.conversation import Conversation
from flows.core.coordinates import LatLon
from flows.core.engine import advance, begin, reopen
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.problem import Problem
from flows.core.text import T
from tests.flows.core.answering import (
    NOW,
    buttons,
    filled,
    fits_telegram,
    press,
    same,
    through_storage,
)

A_T = T("ข้อความ", "Text")
WORDS = st.one_of(
    st.sampled_from(["ข้าม", "เสร็จแล้ว", "ยกเลิก", "ใช่", "ไม่", "1", "GAP", "วัด", "วันนี้", "081-234-5678", "120",
                     "18.2, 99.4", "18.79, 98.99", "@thongthin", "a@example.go.th", "<b>&{x}", "ก" * 4100, "ส่งให้ตรวจ"]),
    st.text(max_size=12),
)  # fmt: skip
REFS = st.integers(1, 12).map(str)
PHOTOS = st.builds(
    SentPhoto,
    photo=st.sampled_from(["aa" * 32, "bb" * 32, "cc" * 32]),
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    warnings=st.sampled_from([(), ("dark",), ("small", "blurred"), ("animated",)]),
    likeness=st.sampled_from(["", "0" * 16, "f" * 16]),
    place=st.sampled_from([None, (18.2, 99.4), (48.85, 2.29)]),
    ref=REFS,
    group=st.sampled_from(["", "g", "h"]),
)
ANYTHING = st.one_of(
    st.integers(0, 60),  # the button of that number among those shown last
    st.builds(Said, WORDS, REFS),
    PHOTOS,
    st.builds(
        RefusedPhoto, st.just(Problem("photo.broken", A_T)), ref=REFS, group=st.sampled_from(["", "g"])
    ),
    st.builds(SentPlace, st.floats(-90, 90), st.floats(-180, 180), st.none() | st.floats(0, 5000)),
    st.just(SentPlace(18.2888, 99.4928)),
    st.builds(SentContact, WORDS),
    st.builds(SentOther, st.sampled_from(["sticker", "voice", "video", "poll"])),
    st.builds(Edit, REFS, WORDS),
    st.builds(
        Pressed,
        st.sampled_from(["skip", "done", "back", "keep", "photo", "crop", "gps", "yes", "change", "send"]),
        st.sampled_from(["", "name", "photos", "x", "1_2", "nan_nan", "aaaaaaaa_1-s"]),
        st.integers(1, 9),
    ),
)


def nothing_disappears(flow: Flow, before: Conversation, inbound: Inbound, after: Conversation) -> None:
    """Only leaving out an optional question removes its answer; only its own question or an edit changes one."""
    gone = set(before.answers) - set(after.answers)
    assert gone <= {before.at}
    assert all(not flow.by_key[key].required for key in gone)
    for key in set(before.answers) & set(after.answers) - {before.at}:
        if not same(before.answers[key], after.answers[key]):
            late = isinstance(inbound, SentPhoto) and isinstance(flow.by_key[key], Photos)
            assert late or isinstance(inbound, Edit)
    for key in set(before.partials) - set(after.partials):
        assert key in after.answers


@pytest.mark.parametrize("form", CATALOGUE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(did=st.lists(ANYTHING, max_size=30), start=st.sampled_from(["begin", "summary", "flagged"]))
def test_whatever_comes_nothing_breaks_and_no_answer_is_lost(
    form: str, did: list[Inbound | int], start: str
) -> None:
    flow = CATALOGUE[form]
    c = begin(flow)
    if start != "begin":
        flags = {"photos": "มืด", "category": "ผิด"} if start == "flagged" else {}
        c = reopen(flow, filled(flow).answers, flags, "photos" if flags else "")
    shown = engine.question(flow, c)
    fits_telegram(shown)
    for inbound in did:
        if isinstance(inbound, int):
            there = buttons(shown)
            button = there[inbound % len(there)]
            inbound = press(c, button.move, button.arg)
        near = engine.given_place(flow, c, inbound, LatLon(18.3, 99.5))
        far = Around("เมือง", "ลำปาง", 80.0 if near and near.point.longitude < 99 else 3.0, (18.3, 99.5))
        turn = advance(flow, c, inbound, NOW, far if near else None)
        fits_telegram(turn.out)
        fits_telegram(engine.together([turn, turn]))
        nothing_disappears(flow, c, inbound, turn.conversation)
        assert through_storage(turn.conversation) == turn.conversation
        if turn.effect == "submit":
            assert all(one.key in turn.conversation.answers for one in flow.fields if one.required)
        c = turn.conversation
        shown = turn.out if buttons(turn.out) else engine.question(flow, c)
        fits_telegram(engine.question(flow, c))
