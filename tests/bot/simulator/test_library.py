"""python-telegram-bot talks to the simulator as it would to Telegram, in every method the service uses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import ExtBot

from bot.simulator import Person, Simulator
from tests.bot.simulator.conftest import picture

Library = ExtBot[None]


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Library]:
    url = simulator.url
    async with ExtBot(simulator.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as made:
        yield made
    assert simulator.refusals == []


async def test_texts_buttons_and_edits(bot: Library, person: Person) -> None:
    said = await person.say("/start")
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("ใช่", callback_data="yes"), InlineKeyboardButton("เว็บ", url="https://example.com")]])  # fmt: skip
    sent = await bot.send_message(
        person.id,
        "<b>สวัสดี</b> 😀 &amp; <i>ยินดี</i>",
        parse_mode=ParseMode.HTML,
        reply_markup=buttons,
        reply_parameters=ReplyParameters(said["message_id"], allow_sending_without_reply=True),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
    )
    assert [sent.parse_entity(entity) for entity in sent.entities] == ["สวัสดี", "ยินดี"]
    query = await person.press("ใช่")
    assert await bot.answer_callback_query(query, "รับแล้ว", show_alert=True)
    assert (await person.toast())["alert"] is True
    edited = await bot.edit_message_text("ใหม่", person.id, sent.message_id, reply_markup=buttons)
    assert edited.edit_date  # type: ignore[union-attr]
    await bot.edit_message_reply_markup(person.id, sent.message_id)
    assert await bot.send_chat_action(person.id, "upload_photo")
    assert await bot.delete_message(person.id, sent.message_id)
    assert await bot.delete_messages(person.id, [said["message_id"]])
    assert person.messages == []


async def test_keyboards_below_come_and_go(bot: Library, person: Person) -> None:
    keys = ReplyKeyboardMarkup([[KeyboardButton("ส่งตำแหน่ง", request_location=True)], ["ข้าม"]], resize_keyboard=True, input_field_placeholder="พิกัด")  # fmt: skip
    await bot.send_message(person.id, "พิกัด", reply_markup=keys)
    assert person.keyboard == [["ส่งตำแหน่ง"], ["ข้าม"]]
    await bot.send_message(person.id, "แล้ว", reply_markup=ReplyKeyboardRemove())
    assert person.keyboard == []


async def test_photos_albums_and_files_both_ways(bot: Library, person: Person) -> None:
    [received] = await person.send_photos([picture(1600, 1200)])
    [document] = await person.send_photos([b"PK"], as_file=True, names=["รายงาน.xlsx"])
    updates = await bot.get_updates(timeout=1)
    photo = updates[0].message.photo[-1]  # type: ignore[union-attr]
    file = await bot.get_file(photo)
    assert await file.download_as_bytearray() == await person.download(received["photo"][-1]["file_id"])
    sent = await bot.send_photo(person.id, picture(), caption="<b>ปก</b>", parse_mode="HTML")
    assert [size.width for size in sent.photo] == [90, 320, 640]
    await bot.edit_message_caption(person.id, sent.message_id, caption="ปกใหม่")
    await bot.edit_message_media(InputMediaPhoto(picture(800, 600), "อีกภาพ"), person.id, sent.message_id)
    album = await bot.send_media_group(
        person.id, [InputMediaPhoto(photo.file_id, "หนึ่ง"), InputMediaPhoto(picture())]
    )
    assert len({message.media_group_id for message in album}) == 1
    filed = await bot.send_document(person.id, b"x,y", filename="ตาราง.csv")
    assert filed.document is not None
    assert filed.document.file_name == "ตาราง.csv"
    media = [InputMediaDocument(filed.document.file_id), InputMediaDocument(document["document"]["file_id"])]
    assert len(await bot.send_media_group(person.id, media)) == 2


async def test_places_profile_and_webhook(bot: Library, person: Person, simulator: Simulator) -> None:
    await bot.send_location(person.id, 18.7, 99.0, horizontal_accuracy=20)
    await bot.send_venue(person.id, 18.7, 99.0, "วัด", "ลำพูน")
    assert (await bot.get_chat(person.id)).first_name == "สมหญิง"
    commands = [BotCommand("start", "เริ่ม")]
    scope = BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands(commands, scope=scope, language_code="th")
    assert list(await bot.get_my_commands(scope=scope, language_code="th")) == commands
    assert await bot.delete_my_commands(scope=scope, language_code="th")
    await bot.set_my_name("ท้องถิ่นไทย", language_code="th")
    await bot.set_my_description("ส่งข่าวทางแชต")
    await bot.set_my_short_description("ส่งข่าว")
    assert (await bot.get_my_description()).description == "ส่งข่าวทางแชต"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    assert await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s", allowed_updates=["message"])
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)
    assert await bot.delete_webhook(drop_pending_updates=True)


async def test_every_kind_of_update_is_read(bot: Library, person: Person) -> None:
    said = await person.say("ดู https://example.com/ก และ /help")
    await person.edit(said, "แก้แล้ว")
    await person.send_sticker()
    await person.send_voice()
    await person.send_video()
    await person.send_contact("0812345678", "สมชาย")
    await person.send_location(18.7, 99.0, live_period=60)
    await person.send_venue(18.7, 99.0, "วัด", "ลำพูน")
    await person.block()
    await person.block(False)
    updates = await bot.get_updates(allowed_updates=[])
    first = updates[0].message
    assert first is not None
    assert [entity.type for entity in first.entities] == ["url", "bot_command"]
    assert first.from_user is not None
    assert (first.from_user.language_code, first.from_user.is_bot) == ("th", False)
    assert first.from_user.id > 2**32
    assert updates[1].edited_message is not None
    kinds = [next(kind for kind in ("venue", "location", "sticker", "voice", "video", "contact") if getattr(one.message, kind)) for one in updates[2:8]]  # fmt: skip
    assert kinds == ["sticker", "voice", "video", "contact", "location", "venue"]
    assert updates[8].my_chat_member is not None
    assert updates[8].my_chat_member.new_chat_member.status == "kicked"


async def test_refusals_become_the_librarys_errors(
    simulator: Simulator, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # or RetryAfter warns, and a warning is an error here
    async with ExtBot(simulator.token, base_url=f"{simulator.url}/bot") as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(1, "ก")
        await person.block()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(person.id, "ก")
        await person.block(False)
        simulator.fail("sendMessage", 429, retry_after=2)
        with pytest.raises(RetryAfter):
            await bot.send_message(person.id, "ก")
        assert (await bot.send_message(person.id, "ก")).text == "ก"
    assert [one["description"] for one in simulator.refusals] == ["Bad Request: chat not found"]
