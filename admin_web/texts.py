"""Every sentence of the reviewers' site that belongs to no rule."""

from typing import Final

from flows.core.roles import Act
from flows.core.text import T

SITE = T("ท้องถิ่น", "Thongthin")
SKIP = T("ข้ามไปที่เนื้อหา", "Skip to the content")
OTHER_LANGUAGE = T("English", "ไทย")
WORKING = T("กำลังบันทึก…", "Saving…")

# --- the way around: where, what it is called, and what one must be allowed to do to see it

NAVIGATION: Final[tuple[tuple[str, T, Act], ...]] = (
    ("/", T("รายการรอตรวจ", "Waiting for review"), "entries"),
    ("/progress", T("ความคืบหน้า", "Progress"), "progress"),
    ("/campaigns", T("เรื่องที่ต้องส่ง", "What is asked"), "progress"),
    ("/laos", T("อปท.", "LAOs"), "laos"),
    ("/people", T("บัญชีผู้ใช้", "Accounts"), "people"),
)

# Pages that belong to a section without standing under its address.
SECTION_OF: Final = {
    "/entries": "/",
    "/broadcasts": "/campaigns",
    "/officers": "/laos",
    "/invitations": "/laos",
}

# --- signing in

SIGN_IN = T("เข้าสู่ระบบ", "Sign in")
SIGN_IN_WHY = T("สำหรับผู้ตรวจและผู้ประสานงาน", "For reviewers and coordinators")
NAME = T("ชื่อผู้ใช้", "User name")
PASSWORD = T("รหัสผ่าน", "Password")
EMPTY = T("กรอกทั้งชื่อและรหัสผ่าน", "Fill in both the name and the password")
WRONG_PASSWORD = T(
    "ชื่อหรือรหัสผ่านไม่ถูกต้อง กรุณาตรวจแล้วลองใหม่", "The name or the password is wrong: please check and try again"
)
THROTTLED = T(
    "ลองเข้าสู่ระบบผิดหลายครั้งเกินไป ลองใหม่ได้ตั้งแต่ {at}", "There were too many attempts: try again from {at}"
)
BACK = T("กลับ", "Back")
SECTIONS = T("ส่วนต่าง ๆ", "Sections")
MINE = T("บัญชีของฉัน", "My account")
SIGN_OUT = T("ออกจากระบบ", "Sign out")
SIGN_OUT_EVERYWHERE = T("ออกจากระบบทุกเครื่อง", "Sign out everywhere")

# --- the queue

QUEUE = T("รายการรอตรวจ", "Waiting for review")
ENTRIES = T("รายการทั้งหมด", "Entries")
COUNT = T("{count} รายการ", "{count} entries")
COUNT_MORE = T("{count}+ รายการ", "{count}+ entries")
OLDEST_FIRST = T("เก่าสุดก่อน", "oldest first")
FILTERS = T("ตัวกรอง", "Filters")
FILTERED = T("ใช้ตัวกรองอยู่", "in use")
FORM = T("แบบฟอร์ม", "Form")
TYPE = T("ประเภท", "Type")
PROVINCE = T("จังหวัด", "Province")
DISTRICT = T("อำเภอ", "District")
LAO = T("อปท.", "LAO")
STATUS = T("สถานะการตรวจสอบ", "Review")
DISPLAY = T("สถานะการแสดง", "Display")
WORDS = T("คำในชื่อ หรือเลขรายการ", "Words in the title, or a number")
ALL = T("ทั้งหมด", "All")
PROVINCE_FIRST = T("เลือกจังหวัดก่อน", "Choose a province first")
SEARCH = T("ค้นหา", "Search")
APPLY = T("กรอง", "Apply")
CLEAR = T("ล้างตัวกรอง", "Clear the filters")
PREVIOUS_PAGE = T("หน้าก่อน", "Previous")
NEXT_PAGE = T("หน้าถัดไป", "Next")
PAGES = T("เปลี่ยนหน้า", "Pages")
NOTHING_WAITS = T("ไม่มีรายการรอตรวจ", "Nothing is waiting")
NOTHING_WAITS_WHY = T(
    "ตรวจครบทุกรายการแล้ว เมื่อเจ้าหน้าที่ส่งเข้ามาใหม่จะแสดงที่นี่",
    "Everything has been reviewed. What officers send next will appear here",
)
NOTHING_FOUND = T("ไม่พบรายการตามตัวกรองนี้", "Nothing matches these filters")
NOTHING_FOUND_WHY = T(
    "ลองใช้คำที่สั้นลง หรือล้างตัวกรองเพื่อดูทั้งหมด", "Try shorter words, or clear the filters to see everything"
)
CHANGED_ENTRY = T("แก้ไขแล้ว ฉบับที่ {n}", "Changed, version {n}")
HIDDEN = T("ไม่แสดง", "Hidden")
SENT_AT = T("ส่งเมื่อ {at}", "sent {at}")
UNTITLED = T("(ไม่มีชื่อ)", "(untitled)")

# --- an entry

BACK_TO_QUEUE = T("กลับไปรายการ", "Back to the list")
STILL_WAITING_MORE = T("รอตรวจ {count}+ รายการ", "{count}+ waiting")
STILL_WAITING = T("รอตรวจ {count} รายการ", "{count} waiting")
PREVIOUS_ENTRY = T("รายการก่อน", "Previous entry")
NEXT_ENTRY = T("รายการถัดไป", "Next entry")
ANSWERS = T("ข้อมูล", "Answers")
PHOTO_N = T("รูปที่ {n}", "Photo {n}")
PHOTO_ALT = T("รูปที่ {n} ของ {name}", "Photo {n} of {name}")
COVER = T("รูปปก", "Cover")
INFO_FRAME = T("กรอบ {width}×{height} สำหรับ INFO", "{width}×{height} frame for INFO")
NOT_GIVEN = T("ไม่ได้ระบุ", "Not given")
REQUIRED = T("จำเป็น", "required")
ASK_HERE = T("ให้แก้ไขช่องนี้", "Ask to change this")
FROM_OFFICE = T("ห่างจากที่ทำการ {km} กม.", "{km} km from the office")
FAR_FROM_OFFICE = T(
    "ห่างจากที่ทำการ {km} กม. ซึ่งไกลกว่าปกติ กรุณาตรวจหมุด",
    "{km} km from the office, farther than usual: check the pin",
)
OFFICE_UNKNOWN = T(
    "ไม่ทราบพิกัดที่ทำการ จึงไม่ทราบระยะทาง", "The office's coordinates are not known, so neither is the distance"
)
AROUND = T("แถว{district} {province}", "Around {district}, {province}")
COARSE = T(
    "โทรศัพท์บอกว่าอาจคลาดเคลื่อนราว {metres} เมตร", "The phone says it may be off by about {metres} metres"
)
OPEN_GOOGLE = T("เปิดใน Google Maps", "Open in Google Maps")
OPEN_OSM = T("เปิดใน OpenStreetMap", "Open in OpenStreetMap")
MAP_OF = T("แผนที่แสดงหมุดของรายการและที่ทำการ", "Map with the entry's pin and the office")
MAP_PIN = T("ตำแหน่งของรายการ", "The entry")
MAP_OFFICE = T("ที่ทำการ อปท.", "The LAO's office")
MAP_PLAIN = T(
    "ไม่ได้ตั้งแหล่งแผนที่พื้นหลัง หมุดและมาตราส่วนใช้ได้ตามปกติ",
    "No map background is set up; pins and scale are right all the same",
)
ZOOM_IN = T("ขยายแผนที่", "Zoom in")
ZOOM_OUT = T("ย่อแผนที่", "Zoom out")
SENT_BY = T("ผู้ส่ง", "Sent by")
REMOVED_OFFICER = T("พ้นหน้าที่แล้ว", "no longer an officer")
VERSION = T("ฉบับที่ {n}", "Version {n}")
PUBLISHED_VERSION = T("ฉบับที่เผยแพร่อยู่: ฉบับที่ {n}", "Published now: version {n}")
DELETED_ENTRY = T("รายการนี้ถูกลบแล้ว", "This entry has been deleted")
UNKNOWN_FORM = T(
    "แบบฟอร์มนี้ไม่มีในระบบแล้ว แสดงข้อมูลตามที่เก็บไว้",
    "This form is no longer in use; its answers are shown as they were kept",
)

# --- before and now

COMPARE = T("เทียบกับฉบับที่ {n}", "Compared with version {n}")
BEFORE = T("ฉบับที่ {n} (เดิม)", "Version {n} (before)")
NOW = T("ฉบับที่ {n} (ล่าสุด)", "Version {n} (now)")
CHANGED = T("เปลี่ยน", "changed")
NOT_CHANGED = T("ยังไม่เปลี่ยน", "not changed")
ASKED = T("ขอให้แก้: {reason}", "Asked: {reason}")
SAME_FIELDS = T("ช่องที่ไม่เปลี่ยน: {titles}", "Unchanged: {titles}")
NO_CHANGES = T("ทั้งสองฉบับเหมือนกันทุกช่อง", "Both versions are the same in every field")
OTHER_VERSIONS = T("เทียบกับฉบับอื่น", "Compare with another version")

# --- history

HISTORY = T("ประวัติ", "History")
EVENTS = {
    "sent": T("{who} ส่งฉบับที่ {n}", "{who} sent version {n}"),
    "approved": T("{who} อนุมัติฉบับที่ {n}", "{who} approved version {n}"),
    "changes_requested": T("{who} ให้แก้ไขฉบับที่ {n}", "{who} asked for changes to version {n}"),
    "rejected": T("{who} ไม่ให้ฉบับที่ {n} ผ่าน", "{who} rejected version {n}"),
    "shown": T("{who} ให้แสดงรายการ", "{who} showed the entry"),
    "hidden": T("{who} ไม่ให้แสดงรายการ", "{who} hid the entry"),
    "deleted": T("{who} ลบรายการ", "{who} deleted the entry"),
    "restored": T("{who} กู้คืนรายการ", "{who} restored the entry"),
}
SOMEBODY = T("ระบบ", "The system")
NOTICE_WAITING = T("กำลังส่งผลให้เจ้าหน้าที่", "The officer is being told")
NOTICE_SENT = T("แจ้งเจ้าหน้าที่แล้วเมื่อ {at}", "The officer was told {at}")
NOTICE_GIVEN_UP = T("ติดต่อเจ้าหน้าที่ทางแชตไม่ได้ ({at})", "The officer could not be reached by chat ({at})")

# --- verdicts

VERDICT = T("ผลการตรวจ", "Verdict")
APPROVE = T("อนุมัติ", "Approve")
ASK_CHANGES = T("ให้แก้ไข", "Ask for changes")
REJECT = T("ไม่ผ่าน", "Reject")
APPROVE_SURE = T("อนุมัติ {number} ใช่หรือไม่", "Approve {number}?")
APPROVE_SURE_WHY = T("ผลจะส่งถึงเจ้าหน้าที่ทันที", "The officer is told at once")
APPROVE_ENTER = T("กด Enter เพื่ออนุมัติ", "Press Enter to approve")
APPROVE_MARKED = T(
    "มีช่องที่เลือกให้แก้ไขอยู่ ถ้าอนุมัติ เหตุผลที่พิมพ์ไว้จะไม่ถูกส่ง",
    "Some fields are marked for change: if you approve, those reasons are not sent",
)
NOT_YET = T("ยังไม่อนุมัติ", "Not yet")
CHANGES_WHY = T(
    "เลือกช่องที่ต้องแก้ และบอกเหตุผลให้เจ้าหน้าที่รู้ว่าต้องแก้อะไร",
    "Mark what must be changed, each with a reason for the officer",
)
REASON = T("เหตุผล", "Reason")
REASON_FOR = T("เหตุผลของช่อง {title}", "Reason for {title}")
CHOOSE_REASON = T("เลือกเหตุผล", "Choose a reason")
OWN_WORDS = T("พิมพ์เหตุผลเอง หรือเพิ่มเติม", "Your own words, or more")
NOTE = T("ข้อความถึงเจ้าหน้าที่ (ถ้ามี)", "A word to the officer (optional)")
SEND_CHANGES = T("ส่งให้แก้ไข", "Ask for these changes")
REJECT_WHY = T(
    "รายการจะไม่ได้เผยแพร่ และเจ้าหน้าที่จะได้รับเหตุผลนี้",
    "The entry is not published, and the officer gets this reason",
)
SEND_REJECT = T("ไม่ให้ผ่าน", "Reject the entry")
YOU_HAD_TYPED = T("ข้อความที่ท่านพิมพ์ไว้ ยังไม่ได้ส่ง", "What you had typed has not been sent")
DONE_APPROVED = T("อนุมัติ {number} แล้ว", "{number} is approved")
DONE_CHANGES = T("ส่ง {number} ให้แก้ไขแล้ว", "Changes to {number} have been asked for")
DONE_REJECTED = T("ไม่ให้ {number} ผ่านแล้ว", "{number} is rejected")
LOOK_BACK = T("ดูรายการนั้น", "See it")

# --- showing, deleting, restoring

OTHER_ACTS = T("อื่น ๆ", "More")
IS_SHOWN = T("รายการนี้ตั้งไว้ให้แสดงต่อสาธารณะเมื่อผ่านการตรวจ", "Set to be shown to the public once approved")
IS_HIDDEN = T("รายการนี้ตั้งไว้ไม่ให้แสดงต่อสาธารณะ", "Set not to be shown to the public")
SHOW_ENTRY = T("ให้แสดง", "Show it")
HIDE_ENTRY = T("ไม่ให้แสดง", "Hide it")
DELETE_ENTRY = T("ลบรายการ", "Delete the entry")
DELETE_NOT = T("ไม่ลบ", "Keep it")
DELETE_SURE = T("ลบ {number} ใช่หรือไม่", "Delete {number}?")
DELETE_SURE_WHY = T(
    "รายการจะหายไปจากทุกหน้า กู้คืนได้ภายใน 30 วัน ทั้งที่นี่และในแชตของเจ้าหน้าที่",
    "The entry leaves every list. Within 30 days it can be restored, here and in the officer's chat",
)
RESTORE_ENTRY = T("กู้คืนรายการ", "Restore the entry")
RESTORE_WHY = T("ลบเมื่อ {at} กู้คืนได้ภายใน 30 วันหลังลบ", "Deleted {at}; it can be restored within 30 days of that")
TOO_LATE_TO_RESTORE = T(
    "ลบไปเกิน 30 วันแล้ว จึงกู้คืนไม่ได้ กรุณาให้เจ้าหน้าที่ส่งใหม่",
    "It was deleted more than 30 days ago and cannot be restored: please have the officer send it anew",
)

# --- the viewer, the keys, the card

VIEWER = T("ดูรูปขนาดใหญ่", "Large photos")
CLOSE = T("ปิด", "Close")
EARLIER_PHOTO = T("รูปก่อน", "Previous photo")
LATER_PHOTO = T("รูปถัดไป", "Next photo")
KEYS = T("ปุ่มลัด", "Keys")
KEY_LIST = (
    ("j →", T("รายการถัดไป", "Next entry")),
    ("k ←", T("รายการก่อน", "Previous entry")),
    ("Enter", T("เปิดรายการที่เลือก", "Open the chosen entry")),
    ("a", T("อนุมัติ (กด Enter อีกครั้ง)", "Approve (Enter once more)")),
    ("c", T("ให้แก้ไข", "Ask for changes")),
    ("r", T("ไม่ผ่าน", "Reject")),
    ("/", T("ค้นหา", "Search")),
    ("?", T("แสดงปุ่มลัด", "Show these keys")),
    ("Esc", T("ปิดหน้าต่าง", "Close")),
)
CARD = T("การ์ดสำหรับคัดลอก", "Copy card")
CARD_WHY = T("คัดลอกทีละช่องไปวางใน INFO ตามลำดับเดียวกัน", "Copy each answer into INFO, in the same order")
CARD_NOT_APPROVED = T("รายการนี้ยังไม่ได้รับอนุมัติ", "This entry has not been approved")
COPY = T("คัดลอก", "Copy")
COPIED = T("คัดลอกแล้ว", "Copied")
COPY_BY_HAND = T("กด Ctrl+C เพื่อคัดลอก", "Press Ctrl+C to copy")
LATITUDE = T("ละติจูด", "Latitude")
LONGITUDE = T("ลองจิจูด", "Longitude")
SAVE_PHOTO = T("บันทึกรูป", "Save the photo")
BACK_TO_ENTRY = T("กลับไปรายการ {number}", "Back to {number}")

# --- what goes wrong

NOT_ALLOWED = T("ทำรายการนี้ไม่ได้", "This cannot be done")
NOT_ALLOWED_WHY = T("ไม่มีสิทธิ์เปิดหน้านี้ กรุณาเข้าสู่ระบบใหม่", "You may not open this page: please sign in again")
NOT_FOUND = T("ไม่พบหน้านี้", "There is no such page")
NOT_FOUND_WHY = T("ที่อยู่อาจพิมพ์ผิด หรือรายการถูกเอาออกแล้ว", "The address may be mistyped, or the entry is gone")
CONFLICT = T("มีการเปลี่ยนแปลงระหว่างนี้", "Something changed meanwhile")
CONFLICT_WHY = T("กรุณาเปิดรายการอีกครั้งเพื่อดูข้อมูลล่าสุด", "Please open the entry again to see it as it is now")
TOO_LARGE = T("ข้อความยาวเกินกว่าจะรับได้", "That is too long to be taken")
TOO_LARGE_WHY = T("กดย้อนกลับ แล้วย่อข้อความก่อนส่งใหม่", "Go back and shorten the text, then send it again")
TOO_MANY = T("ขอดูบ่อยเกินไป", "Too many requests")
TOO_MANY_WHY = T("รอสักครู่แล้วลองใหม่", "Wait a moment and try again")
BROKEN = T("ระบบขัดข้อง", "Something is broken here")
BROKEN_WHY = T(
    "ไม่ใช่ความผิดของท่าน ลองใหม่อีกครั้ง หากยังไม่ได้ แจ้งเลขอ้างอิงนี้แก่ผู้ดูแลระบบ",
    "It is not your doing. Try again; if it stays, give this reference to whoever runs the system",
)
UNAVAILABLE = T("ยังบันทึกหรืออ่านข้อมูลไม่ได้", "Nothing can be read or saved just now")
UNAVAILABLE_WHY = T("ยังไม่มีอะไรถูกบันทึก รอสักครู่แล้วลองใหม่", "Nothing was saved. Wait a moment and try again")
TOO_BUSY = T("ยังสร้างไฟล์นี้ไม่ได้", "This file cannot be made just now")
TOO_BUSY_WHY = T("กำลังสร้างไฟล์อื่นอยู่ ลองใหม่อีกครั้งในอีกสักครู่", "Other files are being made. Try again in a moment")
NOT_UNDERSTOOD = T("ไม่เข้าใจคำขอนี้", "This request makes no sense here")
NOT_UNDERSTOOD_WHY = T("กรุณาเปิดหน้านี้อีกครั้งแล้วลองใหม่", "Please open the page again and try once more")
REFERENCE = T("เลขอ้างอิง {reference}", "Reference {reference}")
TO_QUEUE = T("ไปที่รายการรอตรวจ", "To the queue")
TO_SIGN_IN = T("ไปหน้าเข้าสู่ระบบ", "To the sign-in page")
