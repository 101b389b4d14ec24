"""The words of the pages that show how far a campaign has come, and whom to phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.core.progress import Column
from flows.core.text import T

PROGRESS = T("ความคืบหน้า", "Progress")
NOTHING_RUNS = T("ยังไม่มีเรื่องที่กำลังดำเนินการ", "Nothing is running")
NOTHING_RUNS_WHY = T(
    "เมื่อเริ่มเรื่องที่ต้องส่งแล้ว จะเห็นความคืบหน้าของแต่ละพื้นที่ที่นี่",
    "Once something is started, its progress is shown here place by place",
)
COUNTRY = T("ทุกจังหวัด", "All provinces")
WHOLE_COUNTRY = T("ทุกพื้นที่ที่ต้องส่ง", "Everywhere that owes it")
PROVINCE = T("จังหวัด{name}", "{name} Province")
WHERE = T("พื้นที่", "Place")
COMPLETE_OF = T("ครบแล้ว {complete} จาก {laos} แห่ง", "{complete} of {laos} LAOs complete")
DONE_OF = T("ทำแล้ว {done} จาก {owed} รายการ", "{done} of {owed} entries done")
DUE_IN = T("เหลืออีก {days} วัน", "{days} days left")
DUE_TODAY, OVER = T("ครบกำหนดวันนี้", "due today"), T("เลยกำหนดแล้ว", "the deadline has passed")
ASKED = T("แต่ละแห่งต้องมี: {what} (นับเมื่อ{counted})", "Each owes: {what} (counted when {counted})")
A_FORM = T("{form} {count}", "{form}: {count}")
AS_OF = T("ข้อมูล ณ {at}", "As of {at}")
TABLE = T("ความคืบหน้าตามพื้นที่", "Progress by place")
SORT = T("เรียงตาม", "Sort by")
RISING, FALLING = T("น้อยไปมาก", "rising"), T("มากไปน้อย", "falling")
COLUMNS: Final[Mapping[Column, T]] = {
    "laos": T("อปท. ที่ครบ", "Complete"),
    "share": T("สัดส่วน", "Share"),
    "owed": T("ต้องส่ง", "Owed"),
    "submitted": T("ส่งแล้ว", "Sent"),
    "waiting": T("รอตรวจ", "Waiting"),
    "returned": T("ให้แก้ไข", "Returned"),
    "approved": T("ผ่าน", "Approved"),
}
TOTAL = T("รวม", "Total")
UNREACHABLE_COUNT = T("ติดต่อไม่ได้ {count} แห่ง", "{count} cannot be reached")
UNREACHABLE = T("ติดต่อไม่ได้", "Cannot be reached")
NOBODY_HERE = T("ไม่มี อปท. ที่ต้องส่งในพื้นที่นี้", "No LAO here has to send anything")
DAYS = T("จำนวนที่ส่งต่อวัน เทียบกับที่ต้องส่ง", "Entries a day against the pace")
DOWNLOADS = T("ดาวน์โหลด", "Download")
PICTURE = T("รูปภาพสำหรับกลุ่มแชต (PNG)", "Picture for the group chat (PNG)")
SHEET = T("ตาราง Excel (XLSX)", "Spreadsheet (XLSX)")
REPORT = T("รายงาน (PDF)", "Report (PDF)")
PRINT = T("พิมพ์หน้านี้", "Print this page")
DRAFT_WHY = T(
    "ยังเป็นร่าง จะนับความคืบหน้าเมื่อเริ่มแล้ว มี อปท. ที่จะต้องส่ง {count} แห่ง",
    "This is a draft: counting begins once it is started. {count} LAOs will owe it",
)
COUNTING = T(
    "ระบบกำลังนับรายการที่ อปท. ส่งแล้ว อีกสักครู่จึงจะเห็นตัวเลขครบ และเริ่ม พัก หรือปิดเรื่องได้",
    "What LAOs have sent is being counted: in a moment the numbers are complete, and it can be started, paused or ended",
)
TO_PHONE = T("ควรโทรตาม", "Whom to phone")
TO_WRITE = T("ส่งข้อความถึง อปท.", "Write to LAOs")

# --- whom to phone

PHONE_TITLE = T("ควรโทรตาม: {title}", "Whom to phone: {title}")
PHONE_WHY = T(
    "อปท. ที่ยังขาด แยกตามว่าระบบเตือนถึงหรือไม่", "LAOs that lack something, by whether reminders reach them"
)
ALL_COMPLETE = T("ทุกแห่งส่งครบแล้ว", "Everybody has sent everything")
NOBODY = T("ยังไม่มีเจ้าหน้าที่เข้าร่วม", "No officer has joined")
NOBODY_WHY = T(
    "ระบบเตือนไม่ได้ ควรโทรแจ้งและส่งรหัสเชิญ", "Nobody can be reminded: phone them and send an invitation"
)
CUT_OFF = T("ส่งข้อความไม่ถึง", "Messages do not arrive")
CUT_OFF_WHY = T(
    "เจ้าหน้าที่อาจบล็อกบอตหรือเปลี่ยนโทรศัพท์ ควรโทรสอบถาม",
    "The officer may have blocked the bot or changed phones: phone them",
)
REMINDED = T("ระบบเตือนถึงแล้ว แต่ยังไม่ครบ", "Reminded, and still missing")
REMINDED_WHY = T("ยังไม่ต้องโทร ระบบจะเตือนต่อตามวันที่ตั้งไว้", "No need to phone yet: reminders go on as set")
LACKS = T("ขาด: {lacks}", "Lacks: {lacks}")
LIST_FILE = T("ดาวน์โหลดรายชื่อ (XLSX)", "Download the list (XLSX)")
DIGEST = T("สรุปประจำวันที่ {date}", "Digest of {date}")
DIGEST_COUNT = T("{place}: ยังไม่ครบ {count} จาก {laos} แห่ง", "{place}: {count} of {laos} LAOs lack something")
DIGEST_LIST = T("ดูรายชื่อและเบอร์โทร", "See the list and telephone numbers")
DAYS_TABLE = T("ดูเป็นตาราง", "As a table")
DAY = T("วันที่", "Day")
ENTRIES_A_DAY = T("รายการต่อวัน", "Entries a day")
SHOW_LIST = T("แสดงรายชื่อ", "Show the list")
COUNT_LAOS = T("{count} แห่ง", "{count}")
MORE_LAOS = T(
    "แสดง {shown} จาก {count} แห่ง เลือกจังหวัดเพื่อดูให้ครบ",
    "Showing {shown} of {count}: choose a province to see all",
)
PHONE = T("โทร.", "Tel.")
NO_PHONE = T("ไม่มีเบอร์โทรศัพท์", "No telephone number")
OFFICERS = T("เจ้าหน้าที่: {names}", "Officers: {names}")
SHOW = T("แสดง", "Show")
BACK_TO_PROGRESS = T("กลับไปความคืบหน้า", "Back to the progress")
