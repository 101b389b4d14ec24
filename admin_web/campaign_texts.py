"""The words of the pages where a campaign is made, looked over and steered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.core.campaign import Counts, State
from flows.core.text import T

CAMPAIGNS = T("เรื่องที่ต้องส่ง", "What is asked")
CAMPAIGNS_WHY = T(
    "แต่ละเรื่องคือหนังสือหนึ่งฉบับที่ให้ อปท. ส่งข้อมูลภายในกำหนด",
    "Each is one letter that asks LAOs to send entries by a deadline",
)
NEW = T("ตั้งเรื่องใหม่", "New")
EDIT = T("แก้ไข", "Change")
EDITING = T("แก้ไข: {title}", "Change: {title}")
NONE_YET = T("ยังไม่มีเรื่องที่ต้องส่ง", "Nothing is asked yet")
NONE_YET_WHY = T(
    "เมื่อได้รับหนังสือที่ให้ อปท. ส่งข้อมูล ตั้งเรื่องที่นี่ ระบบจะเตือนและนับให้",
    "When a letter asks LAOs for entries, set it up here: reminding and counting are done for you",
)
BACK = T("กลับไปเรื่องทั้งหมด", "Back to all")
STATES: Final[Mapping[State, T]] = {
    "draft": T("ร่าง", "Draft"),
    "running": T("กำลังดำเนินการ", "Running"),
    "paused": T("พักไว้", "Paused"),
    "ended": T("ปิดแล้ว", "Ended"),
}
DUE = T("กำหนดส่ง {at}", "Due {at}")
LETTER = T("หนังสือที่ {number}", "Letter {number}")
LETTER_OF = T("หนังสือที่ {number} ลงวันที่ {date}", "Letter {number} of {date}")
EVERYWHERE = T("ทุกจังหวัด", "Everywhere")

# --- the form

ABOUT = T("หนังสือ", "The letter")
TITLE = T("เรื่อง", "Title")
LETTER_NUMBER = T("เลขที่หนังสือ", "Letter number")
LETTER_NUMBER_HINT = T("เช่น มท 0810.6/ว 1234", "Such as MT 0810.6/W 1234")
LETTER_DATE = T("หนังสือลงวันที่", "Date of the letter")
LETTER_FILE = T("ไฟล์หนังสือ PDF ไม่เกิน 10 MB (ถ้ามี)", "The letter as PDF, up to 10 MB (optional)")
LETTER_KEPT = T("แนบหนังสือไว้แล้ว เลือกไฟล์ใหม่เฉพาะเมื่อจะเปลี่ยน", "Attached; choose a file only to replace it")
LETTER_REMOVE = T("เอาหนังสือที่แนบออก", "Take the attached letter out")
OPEN_LETTER = T("เปิดหนังสือ PDF", "Open the letter (PDF)")
WHAT = T("สิ่งที่ต้องส่งและกำหนด", "What is owed, and when")
DEADLINE = T("กำหนดส่งวันที่", "Deadline: day")
HOUR = T("เวลา", "Deadline: hour")
DATE_HINT = T("เช่น 31 ม.ค. 2560 หรือ 31/1/60", "Such as 31 Jan 2017")
HOUR_HINT = T("เช่น 16.30", "Such as 16:30")
OWED = T("แต่ละ อปท. ต้องมี (รายการ)", "Each LAO must have (entries)")
COUNTS = T("นับว่าทำแล้วเมื่อ", "Counted as done when")
COUNTS_LABELS: Final[Mapping[Counts, T]] = {
    "submitted": T("ส่งเข้ามาแล้ว", "it has been sent"),
    "approved": T("ผ่านการตรวจแล้ว", "it has been approved"),
}
SINCE = T("นับเฉพาะรายการที่ส่งตั้งแต่วันที่ (ถ้ามี)", "Count only entries sent since (optional)")
SINCE_HINT = T("เว้นว่างเพื่อนับทุกรายการที่เคยส่ง", "Leave empty to count every entry ever sent")
WHERE = T("ใครต้องส่ง", "Who owes it")
WHERE_HINT = T(
    "ไม่เลือกเลย หมายถึงทุกแห่ง เลือกทั้งจังหวัด หรือเปิดจังหวัดเพื่อเลือกบางอำเภอ",
    "Nothing chosen means everywhere. Choose whole provinces, or open one for some of its districts",
)
WHERE_MINE = T("ไม่เลือกเลย หมายถึงทุกแห่งในพื้นที่ของท่าน", "Nothing chosen means everywhere in your own area")
FIND_PROVINCE = T("ค้นหาจังหวัด", "Find a province")
SOME_DISTRICTS = T("บางอำเภอ", "Some districts")
TYPES = T("ประเภทของ อปท.", "Types of LAO")
TYPES_HINT = T("ไม่เลือกเลย หมายถึงทุกประเภท", "Nothing chosen means every type")
WHEN = T("การเตือน", "Reminders")
BEFORE = T("เตือนก่อนกำหนด (วัน)", "Days before the deadline")
BEFORE_HINT = T("คั่นด้วยจุลภาค 0 คือวันกำหนดส่ง", "Parted by commas; 0 is the day itself")
AFTER = T("เตือนหลังเลยกำหนด (วัน)", "Days after the deadline")
AFTER_HINT = T("เว้นว่างถ้าไม่ต้องเตือนหลังเลยกำหนด", "Leave empty for none")
OPENS, CLOSES = T("ส่งข้อความตั้งแต่เวลา", "Messages go out from"), T("จนถึงเวลา", "until")
HOURS_HINT = T("เฉพาะวันทำการ จันทร์ถึงศุกร์", "On working days only, Monday to Friday")
DAYS_OFF = T("วันหยุดเพิ่มเติม", "More days off")
DAYS_OFF_HINT = T("บรรทัดละหนึ่งวัน เช่น 12 ม.ค. 2560", "One day a line, such as 12 Jan 2017")
HOLIDAYS = T("วันหยุดในช่วงนี้ ซึ่งจะไม่ส่งข้อความ", "Days off in this time, on which nothing goes out")
NO_HOLIDAYS = T("ไม่มีวันหยุดที่ตรงกับวันทำการในช่วงนี้", "No working day is a day off in this time")
OWN_DAY_OFF = T("วันหยุดที่เพิ่มเอง", "Added by you")
INSTEAD_OF = T("แทน {day} ซึ่งเป็นวันหยุด", "instead of {day}, a day off")
WORDING = T("ข้อความนำ (ถ้ามี)", "Your own words, at the head (optional)")
WORDING_HINT = T(
    "ขึ้นต้นข้อความเตือนทุกครั้ง เรื่อง เลขที่หนังสือ สิ่งที่ขาด และกำหนดส่ง ระบบเติมให้เอง",
    "They head every reminder; title, letter, what is lacking and the deadline are added for you",
)
PREVIEW = T("ตัวอย่างข้อความในแชต", "The message as the chat shows it")
LOOK = T("ดูตัวอย่าง", "Preview")
NO_PREVIEW = T("กรอกเรื่อง กำหนดส่ง และจำนวนรายการให้ถูกต้องก่อน", "Fill in title, deadline and entries first")
SAMPLE_LAO = T("ตัวอย่าง อปท. ที่ยังไม่ส่งเลย", "To an LAO that has sent nothing yet")
SAMPLE_THANKS = T("เมื่อส่งครบแล้ว (ครั้งเดียว)", "Once everything is there (one time)")
REMIND_DAYS = T("วันที่จะเตือน", "Days of reminding")
REMIND_NEVER = T("จะไม่มีการเตือน", "There are no reminders")
SAVE_DRAFT = T("บันทึกร่าง", "Save the draft")
SAVE = T("บันทึก", "Save")
CANCEL = T("ยกเลิก", "Cancel")
MOVE_TOLD = T(
    "เรื่องนี้เริ่มแล้ว ถ้าเปลี่ยนกำหนดส่ง เจ้าหน้าที่จะได้รับแจ้งกำหนดใหม่หนึ่งครั้ง",
    "This is running: if the deadline changes, officers are told once",
)
SOMETHING_WRONG = T(
    "ยังไม่ได้บันทึก กรุณาแก้ {count} ช่องที่มีข้อความสีแดง",
    "Not saved yet: please put right what is marked red ({count})",
)
AS_NOW = T("ดูข้อมูลล่าสุดในแท็บใหม่", "See it as it is now, in a new tab")

# --- steering

DONE: Final[Mapping[str, T]] = {
    "draft": T("บันทึกร่างแล้ว ยังไม่มีการเตือน", "The draft is saved; nobody is reminded yet"),
    "saved": T("บันทึกแล้ว", "Saved"),
    "moved": T("เปลี่ยนกำหนดส่งแล้ว เจ้าหน้าที่จะได้รับแจ้งหนึ่งครั้ง", "The deadline is changed; officers are told once"),
    "running": T("เริ่มแล้ว ระบบจะเตือนตามวันที่ตั้งไว้", "It is running; reminders go out as set"),
    "paused": T("พักไว้แล้ว จะไม่มีการเตือนจนกว่าจะดำเนินการต่อ", "It is paused; nobody is reminded until it goes on"),
    "ended": T("ปิดเรื่องแล้ว จะไม่มีการเตือนอีก", "It is ended; nobody is reminded any more"),
}
START, START_SURE = (
    T("เริ่ม", "Start"),
    T(
        "เมื่อเริ่ม อปท. {count} แห่งจะอยู่ในเรื่องนี้ และระบบจะเตือนเจ้าหน้าที่ตามวันที่ตั้งไว้",
        "{count} LAOs will owe this, and their officers are reminded as set",
    ),
)
START_NOW = T("เริ่มเดี๋ยวนี้", "Start now")
START_PASSED = T("เลยกำหนดส่งแล้ว กรุณาแก้กำหนดก่อนเริ่ม", "The deadline has passed: change it before starting")
PAUSE, PAUSE_SURE = (
    T("พักไว้", "Pause"),
    T(
        "ระหว่างพัก จะไม่มีใครได้รับการเตือน แต่ยังนับรายการที่ส่งเข้ามา",
        "Nobody is reminded meanwhile; entries still count",
    ),
)
RESUME = T("ดำเนินการต่อ", "Go on")
RESUME_SURE = T(
    "ระบบจะเตือนต่อ ข้อความที่ค้างระหว่างพักจะรวมเป็นครั้งเดียว",
    "Reminders go on; what was missed meanwhile becomes one message",
)
END, END_SURE = (
    T("ปิดเรื่อง", "End"),
    T(
        "เมื่อปิดแล้วจะไม่มีการเตือนอีก และเปิดใหม่ไม่ได้ แต่ยังดูความคืบหน้าได้",
        "Nobody is reminded any more, and it cannot be started again; progress stays",
    ),
)
MOVE_DEADLINE = T("เลื่อนกำหนดส่ง", "Move the deadline")
