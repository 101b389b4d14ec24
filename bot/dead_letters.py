"""The commands for updates that were set aside: list, show, run again, drop."""

from __future__ import annotations

import json

import typer

from bot import console
from bot.console import fail, tell
from flows.core.dates import shown_at
from flows.core.text import Facts, T
from storage import dead_letters
from storage.dead_letters import DeadLetter


def list_all() -> None:
    with console.opened(console.settings_or_fail()) as store:
        found = store.read_now(dead_letters.newest)
    for letter in found:
        typer.echo(console.both(MARKED if letter.retry_at else LINE, facts_of(letter)))
    if not found:
        tell(NONE)


def facts_of(letter: DeadLetter) -> Facts:
    """Nothing of what a person wrote."""
    at = T(shown_at(letter.at, "th"), shown_at(letter.at, "en"))
    return {"id": str(letter.update_id), "at": at, "error": letter.kind, "tries": letter.attempts}


def show(update_id: int) -> None:
    """Everything of one, what a person wrote too."""
    with console.opened(console.settings_or_fail()) as store:
        letter = store.read_now(dead_letters.letter_of, update_id)
    if letter is None:
        fail(NO_SUCH, id=str(update_id))
    typer.echo(console.both(MARKED if letter.retry_at else LINE, facts_of(letter)))
    if letter.saved:
        tell(SAVED)
    typer.echo(letter.error)
    typer.echo(json.dumps(letter.raw, ensure_ascii=False, indent=2))


def retry(update_id: int | None, *, every: bool) -> None:
    if (update_id is None) != every:
        fail(ONE_OR_ALL, 2)
    with console.opened(console.settings_or_fail()) as store:
        marked = store.run_now(dead_letters.run_again, console.now(), update_id)
    if update_id is not None and not marked:
        fail(NO_SUCH, id=str(update_id))
    tell(WILL_RUN if marked else NONE, n=marked)


def drop(update_id: int) -> None:
    with console.opened(console.settings_or_fail()) as store:
        if not store.run_now(dead_letters.drop, update_id):
            fail(NO_SUCH, id=str(update_id))
    tell(DROPPED, id=str(update_id))


LINE = T("{id}  {at}  {error}  ลองแล้ว {tries} ครั้ง", "{id}  {at}  {error}  {tries} tries")
MARKED = T(
    "{id}  {at}  {error}  ลองแล้ว {tries} ครั้ง รอประมวลผลใหม่",
    "{id}  {at}  {error}  {tries} tries, to be run again",
)
NONE = T("ไม่มีข้อความที่ประมวลผลไม่ได้", "No message is set aside")
NO_SUCH = T(
    "ไม่มีข้อความหมายเลข {id} ดูหมายเลขได้ด้วย thongthin dead-letter list",
    "There is no message {id}; thongthin dead-letter list shows the numbers",
)
SAVED = T("คำตอบในข้อความนี้บันทึกไว้แล้ว ที่ล้มเหลวคือการตอบกลับ", "What it says was saved; only the reply to it failed")
ONE_OR_ALL = T(
    "ใส่หมายเลขข้อความหนึ่งหมายเลข หรือ --all อย่างใดอย่างหนึ่ง", "Give the number of one message, or --all"
)
WILL_RUN = T(
    "ทำเครื่องหมายแล้ว {n} ข้อความ thongthin serve จะประมวลผลใหม่ภายในไม่กี่วินาที หรือเมื่อเปิดครั้งต่อไป",
    "{n} marked; thongthin serve runs them again within seconds, or when it is next started",
)
DROPPED = T("ลบข้อความ {id} แล้ว", "Message {id} is dropped")
