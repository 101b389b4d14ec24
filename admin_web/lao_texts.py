"""Every sentence of the pages about LAOs, their officers and their invitations."""

from flows.core.text import T

LAOS = T("อปท. และเจ้าหน้าที่", "LAOs and officers")
COUNT = T("{count} แห่ง มีเจ้าหน้าที่เข้าร่วมแล้ว {joined} แห่ง", "{count} LAOs, {joined} of them with an officer")
WORDS = T("ชื่อ อปท. ตำบล หรือรหัส", "Name, subdistrict or code")
PROVINCE = T("จังหวัด", "Province")
DISTRICT = T("อำเภอ", "District")
TYPE = T("ประเภท อปท.", "Type")
ALL = T("ทั้งหมด", "All")
PROVINCE_FIRST = T("เลือกจังหวัดก่อน", "Choose a province first")
JOINED = T("การเข้าร่วม", "Joined")
JOINED_CHOICES = {
    "": ALL,
    "yes": T("มีเจ้าหน้าที่แล้ว", "Somebody has joined"),
    "no": T("ยังไม่มีเจ้าหน้าที่", "Nobody has joined"),
    "unreachable": T("มีเจ้าหน้าที่ที่ติดต่อไม่ได้", "Somebody cannot be reached"),
}
NOBODY = T("ยังไม่มีเจ้าหน้าที่", "Nobody has joined yet")
SINCE = T("เข้าร่วม {at}", "joined {at}")
SEEN = T("ใช้งานล่าสุด {at}", "last seen {at}")
UNREACHABLE = T("ติดต่อไม่ได้ตั้งแต่ {at}", "not reachable since {at}")
UNTIL = T("พ้นหน้าที่ {at}", "left {at}")
NOTHING_FOUND = T("ไม่พบ อปท. ตามตัวกรองนี้", "No LAO matches these filters")
NOTHING_FOUND_WHY = T(
    "ลองใช้คำที่สั้นลง หรือล้างตัวกรองเพื่อดูทั้งหมด", "Try shorter words, or clear the filters to see everything"
)
NO_LAOS = T("ยังไม่มี อปท. ในพื้นที่ของบัญชีนี้", "There are no LAOs within this account's area")
NO_LAOS_WHY = T(
    "ผู้ดูแลระบบเป็นผู้นำเข้ารายชื่อ อปท. และกำหนดพื้นที่ของบัญชี",
    "An administrator imports the list of LAOs and sets the area of an account",
)
PAGE_OF = T("หน้า {number} จาก {pages}", "Page {number} of {pages}")

# --- one LAO

BACK_TO_LAOS = T("กลับไปรายชื่อ อปท.", "Back to the LAOs")
CODE = T("รหัส {code}", "Code {code}")
PHONE = T("โทร.", "Tel.")
NO_PHONE = T("ไม่มีเบอร์โทรศัพท์ในรายชื่อ อปท.", "The list of LAOs has no telephone number")
OFFICERS = T("เจ้าหน้าที่", "Officers")
EARLIER_OFFICERS = T("เจ้าหน้าที่เดิม", "Earlier officers")
ENTRIES = T("รายการที่ส่ง", "Entries")
NO_ENTRIES = T("ยังไม่มีรายการ", "There are no entries yet")
SEE_ENTRIES = T("ดูรายการของ อปท. นี้", "See this LAO's entries")
FORM = T("แบบฟอร์ม", "Form")
TOTAL = T("รวม", "All")
INVITATIONS = T("รหัสเชิญที่ยังใช้ได้", "Open invitations")
NO_INVITATIONS = T("ไม่มีรหัสเชิญที่ยังใช้ได้", "There are no open invitations")
MADE_AT = T("สร้างเมื่อ {at}", "made {at}")
GOOD_FOR = T("ใช้ได้อีก {uses} คน ถึง {at}", "for {uses} more, until {at}")
FOR_SUCCESSOR = T("ส่งมอบหน้าที่ต่อจาก {name}", "hands over the post of {name}")
REVOKE = T("ยกเลิกรหัส", "Withdraw")
REVOKED = T("ยกเลิกรหัสเชิญแล้ว", "The invitation is withdrawn")
INVITE = T("สร้างรหัสเชิญ", "Make an invitation")
USES = T("สำหรับกี่คน", "For how many people")
DAYS = T("ใช้ได้กี่วัน", "For how many days")
BAD_NUMBER = T("ใส่จำนวนตั้งแต่ {least} ถึง {most}", "Give a number from {least} to {most}")

# --- a code, shown once

INVITATION = T("รหัสเชิญ", "Invitation")
HANDOVER_CODE = T("รหัสส่งมอบหน้าที่", "Code for the successor")
COORDINATOR_CODE = T("รหัสเชื่อมแชตของผู้ประสานงาน", "Code for the coordinator's chat")
ONLY_ONCE = T(
    "รหัสนี้แสดงครั้งเดียว พิมพ์หรือส่งให้ผู้รับก่อนออกจากหน้านี้",
    "This is shown once only: print it or pass it on before you leave this page",
)
ONLY_ONCE_MANY = T(
    "รหัสเหล่านี้แสดงครั้งเดียว พิมพ์ก่อนออกจากหน้านี้",
    "These codes are shown once only: print them before you leave this page",
)
PRINT = T("พิมพ์", "Print")
COPY_LINK = T("คัดลอกลิงก์", "Copy the link")
LINK = T("ลิงก์", "Link")
NO_BOT_NAME = T(
    "ยังไม่ทราบชื่อบอต จึงยังไม่มีลิงก์และ QR ใช้รหัสนี้พิมพ์ในแชตของบอตแทน",
    "The bot's name is not known yet, so there is no link and no QR code: the code can be typed in the bot's chat",
)
VALID = T("ใช้ได้ {uses} คน ถึง {at}", "For {uses} people, until {at}")
VALID_ONE = T("ใช้ได้ครั้งเดียว ถึง {at}", "Once only, until {at}")

# --- the printed sheet

SHEET_TITLE = T("ขอเชิญเข้าร่วมระบบส่งข้อมูลท้องถิ่น", "Invitation to send local news, products and landmarks")
SHEET_WHY = T(
    "ส่งข่าวประชาสัมพันธ์ สินค้า และสถานที่สำคัญของท้องถิ่น ทีละขั้นตอน ทางแชตในโทรศัพท์",
    "Send news, products and landmarks of your locality step by step, by chat, from your phone",
)
STEPS_WITH_QR = (
    T("ติดตั้งแอป Telegram ในโทรศัพท์ หากยังไม่มี", "Install the Telegram app on your phone, if it is not there yet"),
    T(
        "เปิดกล้องของโทรศัพท์ สแกน QR นี้ แล้วแตะลิงก์ที่ขึ้นมา",
        "Open the phone's camera, scan this code and tap the link",
    ),
    T("แตะ “เริ่ม” (START) ในแชต แล้วตอบทีละข้อ", "Tap START in the chat and answer one question at a time"),
)
STEPS_WITHOUT_QR = (
    T("ติดตั้งแอป Telegram ในโทรศัพท์ หากยังไม่มี", "Install the Telegram app on your phone, if it is not there yet"),
    T("เปิดแชตของบอตตามที่ผู้ประสานงานแจ้ง", "Open the bot's chat, as your coordinator has told you"),
    T("แตะ “เริ่ม” (START) แล้วพิมพ์รหัสนี้ส่งในแชต", "Tap START and send this code in the chat"),
)
CODE_BY_HAND = T("สแกนไม่ได้ เปิดแชตของ @{bot} แล้วพิมพ์รหัสนี้", "If it cannot be scanned, send this code to @{bot}")
KEEP_PRIVATE = T(
    "ใครมีรหัสนี้ก็ส่งข้อมูลในนาม อปท. ได้ โปรดให้เฉพาะผู้รับผิดชอบ",
    "Whoever has this code can send in the LAO's name: please give it only to those in charge",
)

# --- printing for a district

PRINT_MANY = T("พิมพ์รหัสเชิญทั้งอำเภอ", "Print invitations for a district")
PRINT_MANY_WHY = T(
    "สร้างรหัสใหม่ให้ทุก อปท. ในอำเภอ พร้อมหน้า A4 แห่งละหนึ่งหน้าสำหรับพิมพ์",
    "Makes a new code for every LAO of a district, with one A4 page to print for each",
)
CHOOSE_DISTRICT = T("เลือกอำเภอ", "Choose a district")
WHICH = T("อปท. ใดบ้าง", "Which LAOs")
ONLY_EMPTY = T("เฉพาะแห่งที่ยังไม่มีเจ้าหน้าที่", "Only those where nobody has joined")
EVERY_LAO = T("ทุกแห่งในอำเภอ", "Every LAO of the district")
CLOSE_EARLIER = T("ยกเลิกรหัสเชิญเดิมที่ยังไม่ได้ใช้ของ อปท. เหล่านี้", "Withdraw these LAOs' earlier invitations")
MAKE_SHEETS = T("สร้างรหัสและหน้าสำหรับพิมพ์", "Make the codes and the pages")
SHEETS = T(
    "รหัสเชิญ {district} · {province} {count} แห่ง",
    "Invitations for {count} LAOs of {district}, {province}",
)
NO_DISTRICT = T("เลือกอำเภอที่จะพิมพ์รหัสเชิญ", "Choose the district to print invitations for")
NONE_LEFT = T(
    "ทุกแห่งใน {district} มีเจ้าหน้าที่แล้ว หากต้องการเชิญเพิ่ม เลือก “ทุกแห่งในอำเภอ”",
    "Somebody has joined for every LAO of {district}; to invite more, choose “Every LAO of the district”",
)
BACK_TO_CHOICE = T("เลือกอำเภออื่น", "Another district")

# --- an officer

BACK_TO_LAO = T("กลับไปหน้า อปท.", "Back to the LAO")
REMOVE = T("นำออกจากหน้าที่", "Remove the officer")
REMOVE_SURE = T("นำ {name} ออกจากหน้าที่ ใช่หรือไม่", "Remove {name}?")
REMOVE_WHY = T(
    "ผู้นี้จะส่งหรือแก้ไขอะไรไม่ได้อีก รายการที่ส่งไว้ยังอยู่กับ อปท.",
    "This person can no longer send or change anything; what was sent stays with the LAO",
)
REMOVE_YES = T("ยืนยันนำออก", "Yes, remove")
REMOVED_ONE = T("นำเจ้าหน้าที่ออกจากหน้าที่แล้ว", "The officer is removed")
ALREADY_REMOVED = T("{name} พ้นหน้าที่ไปก่อนแล้ว", "{name} was removed earlier")
HAND_OVER = T("ส่งมอบหน้าที่", "Hand over the post")
HAND_OVER_WHY = T(
    "สร้างรหัสใช้ครั้งเดียวให้ผู้รับหน้าที่ต่อ เมื่อผู้รับเปิดรหัส ร่าง รายการ และการเตือนจะเป็นของผู้รับ ส่วนผู้ส่งมอบพ้นหน้าที่",
    "Makes a one-time code for the successor. When it is opened, drafts, entries and reminders pass to them, and this officer leaves the post",
)
MAKE_HANDOVER = T("สร้างรหัสส่งมอบหน้าที่", "Make the code")
HANDOVER_STEPS = T("ส่งรหัสนี้ให้ผู้รับหน้าที่ต่อจาก {name} เท่านั้น", "Give this code only to the successor of {name}")
