"""Every sentence of the pages about web accounts and one's own account."""

from flows.core.text import T

PEOPLE = T("บัญชีผู้ใช้เว็บ", "Web accounts")
PEOPLE_WHY = T(
    "ผู้ที่เข้าหน้าเว็บนี้ได้ แต่ละคนทำอะไรได้ และในพื้นที่ใด", "Who may open this site, what each may do, and where"
)
ADD = T("เพิ่มบัญชี", "Add an account")
NAME = T("ชื่อที่ใช้เข้าสู่ระบบ", "Name to sign in with")
ROLE = T("บทบาท", "Role")
WHERE = T("พื้นที่", "Area")
EVERYWHERE = T("ทั่วประเทศ", "The whole country")
NOWHERE = T("ยังไม่มีพื้นที่", "Nowhere yet")
SOME = T("เฉพาะจังหวัดหรืออำเภอที่เลือก", "Only the provinces and districts chosen")
ADMIN_EVERYWHERE = T("ผู้ดูแลระบบทำได้ทั่วประเทศเสมอ", "An administrator's area is always the whole country")
PROVINCES = T("จังหวัด", "Provinces")
DISTRICTS = T("บางอำเภอ", "Single districts")
NO_PLACES = T(
    "ยังไม่มีรายชื่อ อปท. จึงเลือกพื้นที่ไม่ได้ นำเข้าด้วย thongthin lao import",
    "There are no LAOs yet, so no area can be chosen: import them with thongthin lao import",
)
DISTRICT_OF = T("{district} ({province})", "{district} ({province})")
DISABLED = T("ปิดใช้อยู่", "disabled")
YOU = T("บัญชีนี้", "you")
SAVE = T("บันทึก", "Save")
BACK = T("กลับไปบัญชีทั้งหมด", "Back to the accounts")
CHOOSE_AREA = T(
    "เลือกอย่างน้อยหนึ่งจังหวัดหรืออำเภอ หรือเลือกทั่วประเทศ",
    "Choose at least one province or district, or the whole country",
)
CHOOSE_ROLE = T("เลือกบทบาทของบัญชีนี้", "Choose the role of this account")

# --- passwords

FIRST_PASSWORD = T("รหัสผ่านแรก", "First password")
FIRST_PASSWORD_WHY = T(
    "เว้นว่างไว้ให้ระบบสร้าง แล้วจะแสดงครั้งเดียว", "Leave it empty and one is made up, and shown once"
)
NEW_PASSWORD = T("รหัสผ่านใหม่", "New password")
PASSWORD_OF = T("รหัสผ่านของ {name}", "The password of {name}")
SHOWN_ONCE = T(
    "รหัสผ่านนี้แสดงครั้งเดียว ส่งให้เจ้าของบัญชีก่อนออกจากหน้านี้ แล้วให้เปลี่ยนเองในหน้า “บัญชีของฉัน”",
    "This is shown once only: pass it on before you leave this page, and have its owner change it under “My account”",
)
SIGN_IN_AT = T("เข้าสู่ระบบที่ {address}", "Sign in at {address}")
RESET = T("ตั้งรหัสผ่านใหม่", "Reset the password")
RESET_WHY = T("เครื่องที่เข้าสู่ระบบไว้จะต้องเข้าใหม่ทั้งหมด", "Every browser that is signed in must sign in again")

# --- doing things to an account

CHANGE_ROLE = T("เปลี่ยนบทบาทและพื้นที่", "Change role and area")
SIGN_OUT = T("ออกจากระบบทุกเครื่อง", "Sign out everywhere")
SIGN_OUT_WHY = T("ใช้เมื่อลืมออกจากระบบในเครื่องของผู้อื่น", "For somebody who left a browser signed in")
DISABLE = T("ปิดใช้บัญชี", "Disable the account")
DISABLE_WHY = T(
    "เข้าสู่ระบบไม่ได้อีกจนกว่าจะเปิดใช้ใหม่ สิ่งที่เคยทำไว้ยังอยู่",
    "It cannot sign in until it is enabled again; what it did stays",
)
DISABLE_YES = T("ยืนยันปิดใช้", "Yes, disable")
ENABLE = T("เปิดใช้บัญชีอีกครั้ง", "Enable the account again")
LAST_ADMIN = T(
    "{name} เป็นผู้ดูแลระบบคนสุดท้าย กรุณาตั้งผู้ดูแลระบบอีกคนก่อน",
    "{name} is the last administrator: please make somebody else one first",
)
DONE = {
    "role": T("เปลี่ยนบทบาทและพื้นที่แล้ว", "Role and area are changed"),
    "signed-out": T("ออกจากระบบทุกเครื่องแล้ว", "Signed out everywhere"),
    "disabled": T("ปิดใช้บัญชีแล้ว", "The account is disabled"),
    "enabled": T("เปิดใช้บัญชีแล้ว", "The account is enabled"),
    "password": T(
        "เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นต้องเข้าสู่ระบบใหม่", "The password is changed; other browsers must sign in again"
    ),
}

# --- one's own account

MINE = T("บัญชีของฉัน", "My account")
CHANGE_PASSWORD = T("เปลี่ยนรหัสผ่าน", "Change the password")
CURRENT_PASSWORD = T("รหัสผ่านปัจจุบัน", "Current password")
AGAIN = T("รหัสผ่านใหม่อีกครั้ง", "New password again")
NOT_THE_SAME = T("รหัสผ่านใหม่สองช่องไม่ตรงกัน กรุณาพิมพ์อีกครั้ง", "The new passwords differ: please type them again")
WRONG_CURRENT = T("รหัสผ่านปัจจุบันไม่ถูกต้อง กรุณาพิมพ์อีกครั้ง", "That is not the current password: please type it again")
CHAT = T("รับสรุปและเรียกดูความคืบหน้าในแชต", "Digests and progress by chat")
CHAT_WHY = T(
    "สร้างรหัสใช้ครั้งเดียว เปิดในแชตของผู้ประสานงานเพื่อรับสรุปรายวันและใช้ /progress",
    "Makes a one-time code; opened in the coordinator's chat, it brings the daily digest and /progress",
)
CHAT_MAKE = T("สร้างรหัสเชื่อมแชต", "Make the code")
CHAT_STEPS = T("เปิดรหัสนี้ในแชตของ {name} เท่านั้น", "Open this code only in the chat of {name}")
