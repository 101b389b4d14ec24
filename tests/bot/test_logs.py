"""Log lines hold what an operator needs, and neither the token nor what people wrote."""

from __future__ import annotations

import json
import logging
import sys

from bot.logs import JsonLines

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"


def line_of(message: str, error: Exception | None = None, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("thongthin.test", logging.ERROR, __file__, 1, message, (), None)
    vars(record).update(extra)
    if error is not None:
        try:
            raise error
        except Exception:
            record.exc_info = sys.exc_info()
    told = JsonLines().format(record)
    assert "\n" not in told
    parsed: dict[str, object] = json.loads(told)
    return parsed


def test_a_line_is_one_json_object_with_its_extras() -> None:
    line = line_of("updates set aside", update=7)
    assert line["event"] == "updates set aside"
    assert line["update"] == 7
    assert line["level"] == "error"


def test_the_token_is_never_written() -> None:
    line = line_of(f"GET https://api.telegram.org/bot{TOKEN}/getMe failed", why=f"/file/bot{TOKEN}/x")
    assert "AAFake" not in json.dumps(line)


def test_of_an_exception_the_type_and_place_are_told_and_not_its_words() -> None:
    line = line_of("failed", ValueError("คำตอบของเจ้าหน้าที่ 081-234-5678"))
    assert line["exception"] == "ValueError"
    assert "test_logs.py" in str(line["where"])
    assert "081" not in json.dumps(line, ensure_ascii=False)
