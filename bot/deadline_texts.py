"""What the bot says about deadlines: to officers who owe something, to coordinators, and when a post changes hands."""

from flows.core.text import T

# --- reminders: the lines themselves are in flows/core/reminder_texts.py
FIX_ENTRY = T("✏️ แก้ {number}", "✏️ Fix: {number}")
RETURNED_ENTRY = T("<b>{number}</b> {headline}", "<b>{number}</b> {headline}")
AGAIN_ON = T("🔔 จะเตือนอีกครั้งวันที่ {date}", "🔔 You will be reminded again on {date}")
NOW_OFF = T("🔕 จะไม่เตือนเรื่องนี้อีก", "🔕 No more reminders of this")
TURN_ON = T("🔔 เตือนเรื่องนี้ตามเดิม", "🔔 Remind me of this after all")
NOW_ON = T("🔔 จะเตือนเรื่องนี้ตามเดิม", "🔔 You will be reminded of this after all")
INSTEAD_GO_ON = T("พักไว้ แล้วทำต่อ: {form}", "Put it aside and go on with: {form}")
CLOSED = T("เรื่องนี้ปิดแล้ว ไม่ต้องส่งเพิ่ม", "This is closed; nothing more to send")

# --- messages of a coordinator to chosen LAOs
FROM_COORDINATOR = T("<b>ข้อความจากผู้ประสานงาน</b>", "<b>From your coordinator</b>")
ABOUT_CAMPAIGN = T("<b>ข้อความจากผู้ประสานงาน</b>: {title}", "<b>From your coordinator</b>: {title}")
WORDS = T("{words}", "{words}")

# --- coordinators
IS_IT_YOU = T(
    "คำเชิญนี้สำหรับ <b>{name}</b> ผู้ประสานงาน{places}\nใช่ท่านหรือไม่",
    "This invitation is for <b>{name}</b>, coordinator of {places}\nIs this you?",
)
YES_ME = T("✅ ใช่ ฉันเอง", "✅ Yes, it is me")
NOT_ME = T("ไม่ใช่", "No")
NOT_YOU = T(
    "ยังไม่ได้ผูกแชตนี้กับใคร กรุณาขอลิงก์เชิญของท่านเองจากผู้ดูแลระบบ",
    "Nothing was joined; please ask the administrator for an invitation of your own",
)
COORDINATOR_JOINED = T(
    "ผูกแชตนี้กับ <b>{name}</b> แล้ว สรุปรายวันช่วงใกล้ครบกำหนดจะส่งมาที่นี่ ดูความคืบหน้าได้ทุกเมื่อที่ /progress",
    "This chat now belongs to <b>{name}</b>. The daily digest comes here when a deadline is near; see the progress any time with /progress",
)
COORDINATOR_MENU = T(
    "<b>{name}</b> ผู้ประสานงาน{places}\nต้องการดูอะไร",
    "<b>{name}</b>, coordinator of {places}\nWhat would you like to see?",
)
COORDINATOR_HELP = T(
    "ดูความคืบหน้าของแต่ละจังหวัดเป็นภาพได้ที่ /progress แล้วส่งต่อภาพไปในกลุ่มได้เลย ช่วงสามวันก่อนครบกำหนดจนถึงหลังครบกำหนด จะมีสรุปรายวันมาที่นี่ งานอื่นทำในหน้าเว็บ",
    "Use /progress for a picture of each province's progress, which you can forward to a group. From three days before a deadline on, a digest comes here every working day. Everything else is done on the web",
)
SEE_PROGRESS = T("📊 ดูความคืบหน้า", "📊 See the progress")
COORDINATOR_LEAVES = T("🚪 เลิกรับข้อความในแชตนี้", "🚪 Stop messages to this chat")
REALLY_LEAVE = T(
    "จะเลิกรับสรุปรายวันในแชตนี้หรือไม่ ถ้าจะกลับมารับ ต้องขอลิงก์เชิญใหม่จากผู้ดูแลระบบ",
    "Stop the daily digest in this chat? To get it again you will need a new invitation from the administrator",
)
YES_LEAVE = T("🚪 เลิกรับ", "🚪 Yes, stop")
NO_LEAVE = T("รับต่อ", "No, go on")
HAS_LEFT = T("เลิกรับข้อความในแชตนี้แล้ว", "No more messages come to this chat")
WHICH_CAMPAIGN = T("จะดูเรื่องไหน", "Which one?")
WHICH_PROVINCE = T("<b>{title}</b>\nจะดูจังหวัดไหน", "<b>{title}</b>\nWhich province?")
NO_CAMPAIGN = T("ตอนนี้ไม่มีเรื่องที่กำหนดส่งในพื้นที่ของท่าน", "At the moment nothing is due in your provinces")
NOT_YOURS = T("จังหวัดนี้ไม่อยู่ในพื้นที่ของท่านแล้ว", "This province is no longer one of yours")
PROGRESS_HEAD = T("<b>{title}</b> {place}", "<b>{title}</b>, {place}")
PROGRESS_COMPLETE = T("ครบแล้ว {complete} จาก {laos} แห่ง", "{complete} of {laos} LAOs are complete")
PROGRESS_STAGE = T("• {stage} {count} แห่ง", "• {stage}: {count}")
PROGRESS_UNREACHABLE = T("• ส่งข้อความไม่ถึง {count} แห่ง", "• Messages do not arrive: {count}")
DIGEST_MANY = T("<b>{title}</b> ณ วันที่ {date}", "<b>{title}</b>, {date}")
DIGEST_PLACE = T(
    "• {place} ยังไม่ครบ {count} จาก {laos} แห่ง", "• {place}: {count} of {laos} LAOs lack something"
)
DIGEST_LINK = T("รายชื่อทั้งหมดและเบอร์โทร: {link}", "All of them, with telephone numbers: {link}")
DIGEST_LISTING = T(
    "รายชื่อ อปท. ที่ยังขาดทั้งหมด {count} แห่ง {place} ณ วันที่ {date} พร้อมสิ่งที่ขาดและเบอร์โทร",
    "All {count} LAOs that still lack something, {place}, {date}, with what they lack and telephone numbers",
)
ALL_PROVINCES = T("ทุกจังหวัดในพื้นที่ของท่าน", "all your provinces")
DIGEST_ALL_DONE = T("ทุกแห่งส่งครบแล้ว", "Every LAO has sent everything")

# --- handing over the post
HAND_OVER = T("🤝 ส่งมอบงาน", "🤝 Hand over")
REALLY_HAND_OVER = T(
    "<b>ส่งมอบงานของ{lao}</b>\nเมื่อผู้รับงานใช้ลิงก์และยืนยัน ร่างที่ค้าง รายการที่ส่งแล้ว และการเตือนทั้งหมดจะเป็นของผู้รับงาน และท่านจะใช้งานในนามหน่วยงานนี้ไม่ได้อีก จะสร้างลิงก์ส่งมอบหรือไม่",
    "<b>Hand over the work of {lao}</b>\nOnce your successor uses the link and confirms, unfinished drafts, entries and reminders are theirs, and you can no longer act for this office. Make the link?",
)
YES_HAND_OVER = T("🤝 สร้างลิงก์ส่งมอบ", "🤝 Make the link")
NO_HAND_OVER = T("ยังไม่ส่งมอบ", "Not now")
HAND_OVER_LINK = T(
    "ส่งลิงก์นี้ให้ผู้รับงาน ใช้ได้คนเดียว ครั้งเดียว ถึง {until}\n{link}\nหรือให้ผู้รับงานพิมพ์รหัส <b>{code}</b> ในแชตของบอตนี้ จนกว่าผู้รับงานจะยืนยัน ท่านยังทำงานได้ตามเดิม",
    "Send this link to your successor: it works once, for one person, until {until}\n{link}\nOr have them type the code <b>{code}</b> in this bot's chat. Until they confirm, you can work as before",
)
TAKE_OVER = T(
    "<b>{lao}</b>\n{name} ส่งมอบงานของหน่วยงานนี้ให้ท่าน ใช่หน่วยงานของท่านหรือไม่",
    "<b>{lao}</b>\n{name} hands the work of this office over to you. Is this your office?",
)
YES_TAKE_OVER = T("✅ ใช่ รับงานต่อ", "✅ Yes, take over")
OWN_LINK = T(
    "ลิงก์นี้สำหรับผู้รับงานต่อจากท่าน กรุณาส่งต่อให้ผู้รับงาน",
    "This link is for your successor: please pass it on to them",
)
TAKEN_OVER = T("รับงานของ <b>{lao}</b> ต่อจาก {name} แล้ว", "You have taken over <b>{lao}</b> from {name}")
TAKEN_OVER_DRAFTS = T("มีร่างที่ค้าง {count} รายการ", "Unfinished drafts: {count}")
HANDED_OVER = T(
    "{name} รับงานของ <b>{lao}</b> ต่อจากท่านแล้ว ขอบคุณที่ดูแลมาตลอด",
    "{name} has taken over <b>{lao}</b> from you. Thank you for your work",
)
