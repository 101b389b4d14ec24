"""How far an officer is in a form: everything needed to go on tomorrow, as a value that is stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flows.core.chat import Json

MOST_HEARD = 60  # messages whose later edits are understood


@dataclass(frozen=True, slots=True)
class Conversation:
    """`at` is the key of the question that stands, "" on the summary. `serial` counts the askings.

    `partials`: what unfinished questions have collected. `parts`: the messages that texts were put together from.
    `heard`: which question a message answered.
    `todo`: fields a reviewer asked to have changed and that are still to do; `flags`: with the reviewer's words.
    """

    form: str
    version: int
    answers: Mapping[str, Json] = field(default_factory=dict)
    at: str = ""
    serial: int = 1
    skipped: tuple[str, ...] = ()
    partials: Mapping[str, Json] = field(default_factory=dict)
    parts: Mapping[str, Json] = field(default_factory=dict)
    pending: Json = None  # a place that waits for a yes
    heard: Mapping[str, str] = field(default_factory=dict)
    detour: bool = False  # asked from the summary, so that is where it goes on
    flags: Mapping[str, str] = field(default_factory=dict)
    reopened: bool = False  # it changes an entry sent before, which stays as it is until this is sent
    todo: tuple[str, ...] = ()

    @property
    def partial(self) -> Json:
        return self.partials.get(self.at)

    def with_answer(self, key: str, value: Json) -> Conversation:
        of_text = key in self.partials and isinstance(value, str)
        parts = {**self.parts, key: self.partials[key]} if of_text else self.parts
        return replace(
            self,
            answers={**self.answers, key: value},
            skipped=tuple(one for one in self.skipped if one != key),
            partials={k: v for k, v in self.partials.items() if k != key},
            parts=parts,
            pending=None,
            todo=tuple(one for one in self.todo if one != key),
        )

    def without_answer(self, key: str) -> Conversation:
        return replace(
            self,
            answers={k: v for k, v in self.answers.items() if k != key},
            partials={k: v for k, v in self.partials.items() if k != key},
            skipped=(*(one for one in self.skipped if one != key), key),
            pending=None,
            todo=tuple(one for one in self.todo if one != key),
        )

    def with_partial(self, value: Json) -> Conversation:
        return replace(self, partials={**self.partials, self.at: value}, pending=None)

    def hearing(self, ref: str, key: str) -> Conversation:
        """Remembers that the message `ref` answered the question `key`; the oldest are forgotten."""
        if not ref:
            return self
        heard = {k: v for k, v in self.heard.items() if k != ref} | {ref: key}
        return replace(self, heard=dict(list(heard.items())[-MOST_HEARD:]))

    def to_json(self) -> dict[str, Json]:
        return {
            "form": self.form, "version": self.version, "answers": dict(self.answers), "at": self.at,
            "serial": self.serial, "skipped": list(self.skipped), "partials": dict(self.partials),
            "parts": dict(self.parts), "pending": self.pending, "heard": [[k, v] for k, v in self.heard.items()],
            "detour": self.detour, "flags": dict(self.flags), "reopened": self.reopened, "todo": list(self.todo),
        }  # fmt: skip

    @staticmethod
    def from_json(stored: Json) -> Conversation:
        if not isinstance(stored, Mapping):
            raise ValueError("a conversation is stored as an object")
        heard = stored.get("heard")
        pairs = heard if isinstance(heard, Sequence) and not isinstance(heard, str) else ()
        return Conversation(
            form=str(stored["form"]),
            version=int(str(stored["version"])),
            answers=_mapping(stored.get("answers")),
            at=str(stored.get("at", "")),
            serial=int(str(stored.get("serial", 1))),
            skipped=_words(stored.get("skipped")),
            partials=_mapping(stored.get("partials")),
            parts=_mapping(stored.get("parts")),
            pending=stored.get("pending"),
            heard={str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, Sequence)},
            detour=bool(stored.get("detour")),
            flags={k: str(v) for k, v in _mapping(stored.get("flags")).items()},
            reopened=bool(stored.get("reopened")),
            todo=_words(stored.get("todo")),
        )


def _mapping(value: Json) -> dict[str, Json]:
    return dict(value) if isinstance(value, Mapping) else {}


def _words(value: Json) -> tuple[str, ...]:
    return (
        tuple(str(one) for one in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
    )
