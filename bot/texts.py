"""What the bot says outside the forms."""

from flows.core.text import T

MENU = T("<b>{lao}</b>", "<b>{lao}</b>")
WHAT_TO_DO = T("ต้องการทำอะไร กดเลือกได้เลย", "What would you like to do?")
ADD = T("{icon} เพิ่ม{form}", "{icon} Add: {form}")
GO_ON = T("▶️ กรอก{form}ต่อ", "▶️ Go on with: {form}")
DRAFTS = T("📝 ร่างที่ค้าง ({count})", "📝 Unfinished ({count})")
MINE = T("📋 รายการของฉัน", "📋 My entries")
LANGUAGE = T("🌐 ภาษา", "🌐 Language")
HELP = T("❓ วิธีใช้", "❓ Help")
WHAT_TO_ADD = T("จะเพิ่มอะไร", "What would you like to add?")
THAI = T("ไทย", "ไทย")
ENGLISH = T("English", "English")
WHICH_LANGUAGE = T("เลือกภาษา", "Choose a language")
LANGUAGE_SET = T("ใช้ภาษาไทยแล้ว", "English from now on")
HELP_TEXT = T(
    "<b>วิธีใช้</b>\n"
    "1. กด /add แล้วเลือกว่าจะเพิ่มข่าว สินค้า หรือสถานที่สำคัญ\n"
    "2. ตอบทีละข้อ ข้อที่มี * ต้องตอบ ทุกคำตอบบันทึกให้ทันที ปิดไปก่อนแล้วกลับมาทำต่อได้\n"
    "3. ตรวจหน้าสรุปแล้วกด «ส่งให้ตรวจ» ผลการตรวจจะแจ้งในแชตนี้\n"
    "ดูร่างที่ค้าง /drafts · รายการที่ส่งแล้ว /mine · กลับเมนู /menu",
    "<b>How it works</b>\n"
    "1. Press /add and choose news, product or landmark\n"
    "2. Answer one question at a time; those with * are required. Every answer is saved at once: leave and come back\n"
    "3. Look over the summary and press “Send for review”; the result comes in this chat\n"
    "Unfinished: /drafts · sent: /mine · menu: /menu",
)
UNKNOWN_COMMAND = T("ไม่มีคำสั่งนี้ ดูเมนูได้ที่ /menu", "There is no such command: see /menu")
NOTHING_OPEN = T("ไม่มีแบบฟอร์มที่กำลังกรอกอยู่", "No form is open")
CHOOSE_FIRST = T(
    "กดเลือกก่อนว่าจะเพิ่มอะไร แล้วจึงส่งข้อความหรือรูป", "Choose what to add first, then send words or photos"
)

SENT = T(
    "ส่งแล้ว เลขที่ <b>{number}</b>\n{headline}\n\nผู้ตรวจจะดูให้ แล้วจะแจ้งผลในแชตนี้ ไม่ต้องทำอะไรเพิ่ม",
    "Sent: number <b>{number}</b>\n{headline}\n\nA reviewer will look at it and the result comes in this chat; nothing more to do",
)
SENT_AGAIN = T(
    "ส่งฉบับแก้ไขของ <b>{number}</b> แล้ว\n{headline}\n\nผู้ตรวจจะดูอีกครั้ง แล้วจะแจ้งผลในแชตนี้",
    "The new version of <b>{number}</b> is sent\n{headline}\n\nA reviewer will look again and the result comes in this chat",
)
OVERTAKEN = T(
    "มีผู้ส่งฉบับใหม่ของ <b>{number}</b> {headline} ไปก่อนแล้ว จึงยังไม่ได้ส่งฉบับของท่าน คำตอบของท่านยังอยู่ครบ",
    "Somebody has sent a newer version of <b>{number}</b> {headline} meanwhile, so yours is not sent yet; your answers are all kept",
)
LOOK_AT_NEWEST = T("ดูฉบับล่าสุด", "Look at the newest version")
SEND_MINE = T("ส่งฉบับของฉันแทน", "Send mine instead")
TO_NEW_ENTRY = T("➕ เพิ่ม{form}อีก", "➕ Another: {form}")
EDIT_TOO_LATE = T(
    "ข้อความที่แก้ไม่ได้อยู่ในแบบฟอร์มที่กำลังกรอก ถ้าอยู่ในร่างที่พักไว้ เปิดที่ /drafts ถ้าส่งไปแล้ว เปิดที่ /mine",
    "That message is not part of the open form; a draft put aside is in /drafts, something already sent in /mine",
)

# --- drafts
NO_DRAFTS = T("ไม่มีร่างที่ค้างอยู่", "Nothing is unfinished")
YOUR_DRAFTS = T("ร่างที่ค้างอยู่ กดเพื่อทำต่อ", "Unfinished: press one to go on")
DRAFT = T("{icon} {form}: {headline}", "{icon} {form}: {headline}")
DRAFT_OF_ENTRY = T("✏️ แก้ {number}: {headline}", "✏️ Changing {number}: {headline}")
UNNAMED = T("ยังไม่ได้ตั้งชื่อ", "not named yet")
WHICH_ONE = T(
    "กำลังกรอก{open}อยู่ จะทำอันไหนต่อ อีกอันจะพักไว้ให้โดยไม่มีอะไรหาย",
    "You are in the middle of: {open}. Which one now? The other is put aside, and nothing is lost",
)
KEEP_ON = T("กรอก{form}ต่อ", "Go on with: {form}")
INSTEAD = T("พักไว้ แล้วเริ่ม{form}", "Put it aside and start: {form}")
INSTEAD_FIX = T("พักไว้ แล้วแก้ {number}", "Put it aside and change {number}")
DRAFT_THERE = T(
    "มีร่าง{form}ค้างอยู่: {headline} จะทำต่อหรือเริ่มใหม่",
    "There is an unfinished {form}: {headline}. Go on with it, or start anew?",
)
RESUME = T("ทำร่างเดิมต่อ", "Go on with it")
FRESH = T("ทิ้งร่างเดิม แล้วเริ่มใหม่", "Throw it away and start anew")

# --- joining
NEED_INVITATION = T(
    "ที่นี่สำหรับเจ้าหน้าที่ อปท. ที่ได้รับเชิญ ถ้ามีรหัสเชิญ พิมพ์ส่งมาได้เลย ถ้ายังไม่มี ขอได้จากผู้ประสานงานของจังหวัด",
    "This is for invited officers of local administrations. If you have an invitation code, send it here; if not, ask your provincial coordinator",
)
IS_IT_YOURS = T("<b>{lao}</b>\nใช่หน่วยงานของท่านหรือไม่", "<b>{lao}</b>\nIs this your office?")
YES_MINE = T("✅ ใช่ เข้าร่วม", "✅ Yes, join")
NOT_MINE = T("ไม่ใช่", "No")
NOT_JOINED = T(
    "ยังไม่ได้เข้าร่วม กรุณาขอลิงก์เชิญของหน่วยงานที่ถูกต้องจากผู้ประสานงานของจังหวัด",
    "You have not joined. Please ask your provincial coordinator for the right invitation",
)
CLOSED_MEANWHILE = T(
    "รหัสเชิญนี้ใช้ไม่ได้แล้ว กรุณาขอรหัสใหม่จากผู้ประสานงานของจังหวัด",
    "This invitation no longer works; please ask your provincial coordinator for a new one",
)
WELCOME = T("เข้าร่วมแล้วในนาม <b>{lao}</b>", "You have joined for <b>{lao}</b>")
HERE_ALREADY = T("ท่านอยู่หน่วยงานนี้อยู่แล้ว", "You are with this office already")
WOULD_MOVE = T(
    "ตอนนี้ท่านอยู่ {old} ถ้าตอบว่าใช่ จะย้ายมาหน่วยงานนี้แทน", "You are with {old} now; yes would move you here"
)
REMOVED = T(
    "บัญชีนี้ถูกนำออกจากหน่วยงานแล้ว ถ้ายังต้องใช้งาน ขอรหัสเชิญใหม่จากผู้ประสานงานของจังหวัด",
    "This account has been removed from its office. If you still need it, ask your provincial coordinator for a new code",
)
IN_PRIVATE = T(
    "ใช้งานได้ในแชตส่วนตัวเท่านั้น กดปุ่มเพื่อเปิดแชต", "This works in a private chat only: press the button to open it"
)
OPEN_CHAT = T("เปิดแชตส่วนตัว", "Open the private chat")

# --- my entries
NO_ENTRIES = T("ยังไม่มีรายการ", "No entries yet")
NONE_MATCH = T("ไม่พบรายการตามที่เลือก", "No entry matches")
ENTRIES = T("<b>รายการของ{lao}</b> ({total})", "<b>Entries of {lao}</b> ({total})")
ENTRIES_DELETED = T(
    "<b>รายการที่ลบ</b> ({total}) กู้คืนได้ภายใน 30 วัน",
    "<b>Deleted entries</b> ({total}); each can be restored for 30 days",
)
ENTRY_LINE = T("{mark} {number} {headline}", "{mark} {number} {headline}")
PAGE_OF = T("หน้า {n} จาก {of}", "Page {n} of {of}")
NEXT = T("ถัดไป ›", "Next ›")
PREVIOUS = T("‹ ก่อนหน้า", "‹ Previous")
BY_FORM = T("ประเภท: {what}", "Kind: {what}")
BY_STATUS = T("สถานะ: {what}", "Status: {what}")
BY_SHOWN = T("การแสดง: {what}", "Display: {what}")
BY_WORDS = T("🔍 ค้นหา", "🔍 Search")
CLEAR_WORDS = T("✖️ เลิกค้น «{words}»", "✖️ Clear “{words}”")
TRASH = T("🗑 ที่ลบไว้", "🗑 Deleted")
TO_LIST = T("‹ รายการทั้งหมด", "‹ All entries")
TO_MENU = T("‹ เมนู", "‹ Menu")
ALL = T("ทั้งหมด", "all")
SHOWN = T("แสดง", "shown")
HIDDEN = T("ไม่แสดง", "hidden")
TYPE_WORDS = T("พิมพ์คำที่อยู่ในชื่อรายการ", "Type words from the entry's title")
ENTRY_HEAD = T("<b>{number}</b> · {form}\n{headline}", "<b>{number}</b> · {form}\n{headline}")
ENTRY_STATUS = T("สถานะ: <b>{status}</b> · {shown}", "Status: <b>{status}</b> · {shown}")
ENTRY_SENT = T("ส่งเมื่อ {at}", "Sent {at}")
ENTRY_PUBLISHED = T("ฉบับที่ผ่านการตรวจก่อนหน้านี้ยังแสดงอยู่", "The version approved before stays published meanwhile")
ENTRY_DELETED = T("ลบแล้วเมื่อ {at}", "Deleted {at}")
REVIEWER_SAID = T("ผู้ตรวจบอกว่า: <i>{note}</i>", "The reviewer says: <i>{note}</i>")
REVIEWER_FLAGGED = T("• {field}: <i>{reason}</i>", "• {field}: <i>{reason}</i>")
CHANGE_ENTRY = T("✏️ แก้ไข", "✏️ Change")
FIX_FIELD = T("✏️ แก้ {field}", "✏️ Fix: {field}")
HIDE = T("🙈 ไม่แสดงรายการนี้", "🙈 Hide this entry")
SHOW = T("👁 แสดงรายการนี้", "👁 Show this entry")
DELETE = T("🗑 ลบ", "🗑 Delete")
RESTORE = T("↩️ กู้คืน", "↩️ Restore")
REALLY_DELETE = T(
    "จะลบ {number} {headline} หรือไม่ กู้คืนได้ภายใน 30 วัน",
    "Delete {number} {headline}? It can be restored for 30 days",
)
YES_DELETE = T("🗑 ลบเลย", "🗑 Yes, delete")
NO_DELETE = T("ไม่ลบ", "No")
NOW_HIDDEN = T("ไม่แสดงรายการนี้แล้ว", "The entry is hidden now")
NOW_SHOWN = T("แสดงรายการนี้แล้ว", "The entry is shown now")
NOW_DELETED = T(
    "ลบ {number} แล้ว กู้คืนได้ที่ «ที่ลบไว้» ภายใน 30 วัน",
    "{number} is deleted; restore it under “Deleted” within 30 days",
)
NOW_RESTORED = T("กู้คืนแล้ว", "Restored")
TOO_LATE_TO_RESTORE = T("เกิน 30 วันแล้ว จึงกู้คืนไม่ได้", "More than 30 days have passed: it cannot be restored")
GONE = T("ไม่พบรายการนี้แล้ว", "This entry is not here any more")
ALREADY_FIXED = T(
    "{number} ไม่ได้รอแก้ไขแล้ว ถ้าจะแก้อีก กด «แก้ไข»",
    "{number} is not waiting for changes any more; to change it again, press “Change”",
)

# --- what went wrong
NOT_SAVED_YET = T(
    "ตอนนี้ระบบยังบันทึกคำตอบล่าสุดไม่ได้ กำลังลองใหม่ให้เอง ไม่ต้องส่งซ้ำ",
    "Your last answer could not be saved yet; it is being tried again by itself, no need to send it twice",
)
COULD_NOT_SAVE = T(
    "ขออภัย ระบบขัดข้อง คำตอบล่าสุดไม่ได้บันทึก คำตอบก่อนหน้ายังอยู่ครบ ส่งข้อล่าสุดอีกครั้งได้เลย",
    "Sorry, something failed: your last answer was not saved. The earlier ones are all here; please send the last one again",
)

SAVED_NOT_SHOWN = T(
    "บันทึกคำตอบแล้ว แต่แสดงขั้นต่อไปไม่ได้ กด /menu เพื่อทำต่อ",
    "Your answer is saved, but the next step cannot be shown: press /menu to go on",
)
PHOTO_NOT_FETCHED = T(
    "รับรูปนี้จาก Telegram ไม่สำเร็จ กรุณาส่งรูปนี้อีกครั้ง",
    "This photo could not be fetched from Telegram: please send it again",
)
COULD_NOT_ANSWER = T(
    "ขออภัย ระบบขัดข้อง คำตอบบันทึกไว้แล้ว แต่แสดงข้อถัดไปไม่ได้ กด /menu เพื่อทำต่อ",
    "Sorry, something failed: your answer is saved, but what comes next could not be shown. Press /menu to go on",
)

# --- verdicts
VERDICT_APPROVED = T(
    "✅ <b>{number}</b> ผ่านการตรวจแล้ว\n{headline}", "✅ <b>{number}</b> is approved\n{headline}"
)
VERDICT_CHANGES = T(
    "✏️ <b>{number}</b> ผู้ตรวจขอให้แก้ไข {count} ข้อ\n{headline}",
    "✏️ <b>{number}</b>: the reviewer asks for changes ({count})\n{headline}",
)
VERDICT_REJECTED = T(
    "❌ <b>{number}</b> ไม่ผ่านการตรวจ\n{headline}", "❌ <b>{number}</b> is rejected\n{headline}"
)
FIX_HOW = T(
    "กดปุ่มเพื่อแก้ทีละข้อ แก้ครบแล้วจะส่งกลับไปตรวจให้เอง",
    "Press a button to fix it; after the last one it goes back for review by itself",
)
REASON = T("เหตุผล: <i>{note}</i>", "Reason: <i>{note}</i>")

DESCRIPTION = T(
    "ส่งข่าวประชาสัมพันธ์ สินค้าท้องถิ่น และสถานที่สำคัญของ อปท. จากมือถือ ทีละข้อ ทุกคำตอบบันทึกให้ทันที\n\nต้องมีลิงก์หรือรหัสเชิญจากผู้ประสานงานของจังหวัด",
    "Send your local administration's news, products and landmarks from your phone, one question at a time; every answer is saved at once.\n\nYou need an invitation from your provincial coordinator",
)
SHORT_DESCRIPTION = T(
    "ส่งข่าว สินค้า และสถานที่สำคัญของ อปท. จากมือถือ", "Local news, products and landmarks, from the phone"
)

PROGRESS_COMMAND = ("progress", T("ความคืบหน้าของพื้นที่", "Progress of your provinces"))
COMMANDS = (
    ("add", T("เพิ่มข่าว สินค้า สถานที่", "Add news, product, landmark")),
    ("drafts", T("ร่างที่ค้าง", "Unfinished drafts")),
    ("mine", T("รายการของฉัน", "My entries")),
    ("menu", T("เมนู", "Menu")),
    ("cancel", T("ยกเลิกที่กำลังกรอก", "Cancel the open form")),
    ("help", T("วิธีใช้", "Help")),
    ("language", T("ภาษา / Language", "ภาษา / Language")),
    ("start", T("เริ่มต้น", "Start")),
)
# A coordinator who is no officer has these, one who is an officer too has them all.
COORDINATOR_COMMANDS = (
    PROGRESS_COMMAND,
    *(one for one in COMMANDS if one[0] in ("help", "language", "start")),
)
