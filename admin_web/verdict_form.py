"""A verdict as it was filled in on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from multidict import MultiDictProxy

from flows.core.review import VERDICTS, Verdict, reason_of
from flows.core.text import one_line, tidy

LONGEST = 5000  # characters of anything typed; longer than any rule lets through, so that the rule can say so


@dataclass(frozen=True, slots=True)
class Reason:
    """A common reason, as it is listed in Thai, and the reviewer's own words."""

    common: str = ""
    words: str = ""

    @property
    def whole(self) -> str:
        return reason_of(self.common, self.words)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form; `reasons` also of fields whose mark was taken away again."""

    verdict: Verdict | None = None
    revision: int = 0
    flagged: tuple[str, ...] = ()
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    note: str = ""
    rejection: Reason = field(default_factory=Reason)

    @property
    def flags(self) -> dict[str, str]:
        return {key: self.reason(key).whole for key in self.flagged} if self.verdict == "changes" else {}

    @property
    def words(self) -> str:
        """What is said of the whole entry."""
        match self.verdict:
            case "changes":
                return self.note
            case "reject":
                return self.rejection.whole
            case _:
                return ""

    def reason(self, key: str) -> Reason:
        return self.reasons.get(key, Reason())


def read_form(form: Mapping[str, object] | MultiDictProxy[object], keys: list[str]) -> Filled:
    """The form as it came in; `keys` are the fields that can be marked."""
    given = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    flagged = form.getall("flag", []) if isinstance(form, MultiDictProxy) else []
    verdict = given.get("verdict", "")
    revision = given.get("revision", "")
    return Filled(
        verdict=next((one for one in VERDICTS if one == verdict), None),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else 0,
        flagged=tuple(key for key in keys if key in flagged),
        reasons={key: _reason(given, f"reason.{key}", f"words.{key}") for key in keys},
        note=tidy(given.get("note", ""))[:LONGEST],
        rejection=_reason(given, "rejection", "rejection.words"),
    )


def _reason(given: Mapping[str, str], common: str, words: str) -> Reason:
    return Reason(one_line(given.get(common, ""))[:LONGEST], tidy(given.get(words, ""))[:LONGEST])
