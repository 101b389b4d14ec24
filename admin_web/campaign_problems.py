"""What can be wrong in a campaign's form, each in one plain sentence that says what would be right."""

from flows.core.text import T

NO_TITLE = T("ใส่ชื่อเรื่องตามหนังสือ", "Give the title, as the letter has it")
TOO_LONG = T("ยาวเกินไป กรุณาย่อให้ไม่เกิน {most} ตัวอักษร", "This is too long: keep it to {most} characters")
NO_DEADLINE = T("ใส่วันกำหนดส่ง เช่น 31 ม.ค. 2560", "Give the day of the deadline, such as 31 Jan 2017")
DEADLINE_PASSED = T(
    "{date} เวลานี้ผ่านไปแล้ว กำหนดส่งต้องอยู่ข้างหน้า", "{date} at this hour has passed: the deadline must lie ahead"
)
NO_CLOCK = T(
    "อ่านเวลาไม่ออก พิมพ์ชั่วโมงและนาที เช่น 16.30", "This hour cannot be read; type hours and minutes, such as 16:30"
)
HOURS_REVERSED = T("เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม", "The hours must end after they begin")
NOTHING_OWED = T("ใส่จำนวนอย่างน้อยหนึ่งแบบ เช่น สินค้า 1 รายการ", "Ask for at least one entry of some form")
NOT_A_COUNT = T("{form}: ใส่จำนวนเป็นตัวเลข 0 ถึง {most}", "{form}: give a number from 0 to {most}")
NOT_DAYS = T(
    "ใส่จำนวนวันเป็นตัวเลข {least} ถึง {most} คั่นด้วยจุลภาค เช่น 30, 14, 7",
    "Give days as numbers from {least} to {most}, parted by commas, such as 30, 14, 7",
)
TOO_MANY_STAGES = T("เตือนได้ไม่เกิน {most} ครั้ง กรุณาเอาบางวันออก", "At most {most} reminders: take some days out")
DAY_OFF_WRONG = T("บรรทัดที่ {line} ({words}): {why}", "Line {line} ({words}): {why}")
TOO_MANY_DAYS_OFF = T("เพิ่มวันหยุดได้ไม่เกิน {most} วัน", "At most {most} days off can be added")
PLACE_UNKNOWN = T(
    "ไม่พบ {place} ในพื้นที่ของท่าน กรุณาเลือกใหม่", "{place} is not within your area: please choose again"
)
TYPE_UNKNOWN = T("ไม่พบประเภท {type} กรุณาเลือกใหม่", "There is no type {type}: please choose again")
