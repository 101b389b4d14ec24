"""The words of the pages where one message is written to many LAOs."""

from __future__ import annotations

from flows.core.problem import Problem
from flows.core.text import T

MOST_WORDS = 2000

WRITE = T("ส่งข้อความถึง อปท.", "Write to LAOs")
ABOUT = T("เรื่อง: {title}", "About: {title}")
WHOM = T("ส่งถึงใคร", "To whom")
WHICH = {
    "nothing": T("ทุก อปท. ที่ยังไม่ส่ง", "Every LAO that has sent nothing"),
    "lacking": T("ทุก อปท. ที่ยังไม่ครบ", "Every LAO that lacks anything"),
    "all": T("ทุก อปท. ในเรื่องนี้", "Every LAO that owes this"),
}
MESSAGE = T("ข้อความ", "The message")
MESSAGE_HINT = T(
    "เจ้าหน้าที่ทุกคนของ อปท. ที่เลือกจะได้รับข้อความนี้ในแชต", "Every officer of the chosen LAOs gets this in the chat"
)
LOOK = T("ตรวจก่อนส่ง", "Look before sending")
SURE = T("ตรวจก่อนส่ง", "Before it goes out")
REACHES = T("ถึงเจ้าหน้าที่ {officers} คน ใน อปท. {laos} แห่ง", "It reaches {officers} officers of {laos} LAOs")
REACHES_NONE = T("ไม่มีเจ้าหน้าที่ที่จะได้รับข้อความนี้ กรุณาเลือกใหม่", "No officer would get this: please choose again")
NOT_TO = T(
    "ไปไม่ถึง {count} แห่ง เพราะยังไม่มีเจ้าหน้าที่หรือติดต่อไม่ได้",
    "{count} LAOs are not reached: nobody has joined, or nobody can be reached",
)
AND_MORE = T("และอีก {count} แห่ง", "and {count} more")
AS_SEEN = T("ที่เจ้าหน้าที่เห็นในแชต", "As officers see it in the chat")
FROM = T("ข้อความจากผู้ประสานงาน", "From your coordinator")
SEND = T("ส่งถึง {officers} คน", "Send to {officers}")
CHANGE = T("กลับไปแก้", "Back to change it")
CANNOT_TAKE_BACK = T("เมื่อส่งแล้วเรียกคืนไม่ได้", "Once sent it cannot be taken back")
CHANGED = T(
    "จำนวนผู้รับเปลี่ยนไประหว่างนี้ กรุณาตรวจอีกครั้งก่อนส่ง",
    "Who is reached has changed meanwhile: please look again before sending",
)

BACK = T("กลับไปความคืบหน้า", "Back to the progress")
SENT_TITLE = T("ข้อความที่ส่ง", "The message that was sent")
GOING = T("กำลังส่ง", "Going out")
FINISHED = T("ส่งเสร็จแล้ว", "All done")
PROGRESS = T("ส่งแล้ว {sent} จาก {recipients} คน", "{sent} of {recipients} sent")
WAITING = T("รอส่ง {count} คน", "{count} waiting")
REFRESH = T("ดูความคืบหน้าล่าสุด", "Show it as it is now")
UNREACHED_NONE = T("ทุกคนได้รับข้อความแล้ว", "Everybody has got it")
OFFICERS_UNREACHED = T("เจ้าหน้าที่ที่ส่งไม่ถึง {count} คน", "{count} officers were not reached")
LAOS_WITHOUT = T("อปท. ที่ไม่มีใครให้ส่งถึง {count} แห่ง", "{count} LAOs had nobody to write to")

NO_WORDS = Problem("broadcast.no_words", T("พิมพ์ข้อความที่จะส่ง", "Type the message"))
TOO_LONG = T(
    "ข้อความยาวเกินไป กรุณาย่อให้ไม่เกิน {most} ตัวอักษร", "The message is too long: keep it to {most} characters"
)
PHONE = T("โทร.", "Tel.")
