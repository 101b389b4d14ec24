"""One officer's chat without any chat service: each message is one call of the use case, and its answer is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.chat_service import Arrived, Command, FileSent, Reachability
from bot.conversation import handle
from flows import CATALOGUE
from flows.core.chat import Button, Edit, Inbound, Json, Out, Pressed, Reply, Said, SentPhoto, Toast
from flows.core.coordinates import LatLon
from flows.core.text import Language
from storage import conversations, officers, submissions
from storage.db import Store, Tx
from storage.lao import Lao, import_laos
from storage.officers import Officer
from storage.submissions import Entry

TONTHONGCHAI = Lao(
    "5520107", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง", "ต้นธงชัย", LatLon(18.3171, 99.5106)
)
KOKHA = Lao(
    "5520401", "เทศบาลตำบลเกาะคา", "เทศบาลตำบล", "ลำปาง", "เกาะคา", "เกาะคา", LatLon(18.1925, 99.3942)
)
NOON = datetime.fromisoformat("2017-01-16T05:00:00+00:00")
What = Inbound | Command | FileSent | Reachability
fresh_ids = count(1)


@dataclass
class Talk:
    """`out` is what the last message was answered with; `now` moves on by ten seconds with each message."""

    store: Store
    chat_id: int = 7_000_000_001
    language: Language = "th"
    now: datetime = NOON
    private: bool = True
    out: Sequence[Out] = ()
    shown: list[Reply] = field(default_factory=list)
    pressed: Pressed | None = None

    # --- what the person does

    def hand_over(self, *whats: What, update_ids: Sequence[int] = ()) -> Talk:
        """Updates that belong together; the update ids are new ones unless they are given."""
        self.now += timedelta(seconds=10)
        ids = update_ids or [next(fresh_ids) for _ in whats]
        batch = [
            Arrived(update_id, self.chat_id, self.private, "สมศรี ตัวอย่าง", self.language, what)
            for update_id, what in zip(ids, whats, strict=True)
        ]
        answer = self.store.run_now(handle, batch, self.now, "thongthin_bot")
        self.language, self.out = answer.language, answer.out
        self.shown += [one for one in answer.out if isinstance(one, Reply)]
        return self

    def say(self, text: str, ref: str = "") -> Talk:
        name, _, argument = text.partition(" ")
        if name.startswith("/"):
            return self.hand_over(Command(name[1:], argument))
        return self.hand_over(Said(text, ref))

    def edit(self, ref: str, text: str) -> Talk:
        return self.hand_over(Edit(ref, text))

    def photo(self, letter: str = "a", ref: str = "") -> Talk:
        return self.hand_over(SentPhoto(letter * 64, 1280, 960, ref=ref))

    def press(self, label: str, *, again: bool = False) -> Talk:
        """The newest button whose label contains this; `again`: a second tap, straight after the first."""
        if again:
            assert self.pressed is not None
            self.now -= timedelta(seconds=9.5)
        else:
            self.pressed = self.button(label)
        return self.hand_over(self.pressed)

    def button(self, label: str) -> Pressed:
        for reply in reversed(self.shown):
            for button in buttons_of(reply):
                if label in button.label.to(self.language):
                    return Pressed(button.move, button.arg, reply.serial, reply.draft)
        raise AssertionError(
            f"there is no button {label!r}; there are {[self._labels(r) for r in self.shown]}"
        )

    # --- what the person sees

    @property
    def text(self) -> str:
        return "\n\n".join(text_of(one, self.language) for one in self.out)

    @property
    def labels(self) -> list[str]:
        """Of the last message with buttons."""
        replies = [one for one in self.out if isinstance(one, Reply) and one.buttons]
        return self._labels(replies[-1]) if replies else []

    @property
    def toast(self) -> str:
        return "".join(text_of(one, self.language) for one in self.out if isinstance(one, Toast))

    def _labels(self, reply: Reply) -> list[str]:
        return [button.label.to(self.language) for button in buttons_of(reply)]

    # --- shortcuts

    def joined(self, lao: Lao = TONTHONGCHAI) -> Talk:
        def join(tx: Tx) -> Officer:
            import_laos(tx, [TONTHONGCHAI, KOKHA], self.now)
            conversations.lock_chat(tx, self.chat_id, self.language, self.now)
            return officers.join(tx, self.chat_id, "สมศรี ตัวอย่าง", lao.code, self.now)

        self.store.run_now(join)
        return self

    @property
    def officer(self) -> Officer:
        found = self.store.read_now(officers.officer_in, self.chat_id)
        assert found is not None
        return found

    def sent(self, form: str = "landmark", **answers: Json) -> Entry:
        """An entry sent by this officer, with answers that will do."""
        flow, officer = CATALOGUE[form], self.officer
        given = {**ANSWERS[form], **answers}
        return self.store.run_now(submissions.submit, flow, given, officer.id, officer.lao.code, self.now)


def text_of(out: Out, language: Language = "th") -> str:
    if isinstance(out, Toast):
        return out.line.to(language)
    return "\n".join(line.to(language) for line in out.lines)


def buttons_of(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


PHOTO: Json = [{"photo": "a" * 64, "width": 1280, "height": 960}]
PHONE: Json = [{"number": "054123456", "extension": ""}]
ANSWERS: dict[str, dict[str, Json]] = {
    "landmark": {"name": "วัดพระธาตุลำปางหลวง", "category": "sacred", "photos": PHOTO, "phone": PHONE},
    "product": {
        "name": "ข้าวแต๋นน้ำแตงโม", "category": "food", "description": "กรอบ หวานน้อย", "photos": PHOTO,
        "producer": "กลุ่มแม่บ้านทุ่งม่าน", "phone": PHONE,
    },
    "news": {
        "category": "activity", "title": "รณรงค์ป้องกันไข้เลือดออก", "body": "เทศบาลร่วมกับชุมชน",
        "date": "2017-01-16", "photos": PHOTO,
    },
}  # fmt: skip
