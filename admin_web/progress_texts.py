"""The words of the progress table, alike on the page, in the charts, in the spreadsheet and in the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from flows import CATALOGUE
from flows.core.campaign import Counts
from flows.core.text import T

Level = Literal["province", "district", "lao"]
LEVEL_LABELS: Final[Mapping[Level, T]] = {
    "province": T("จังหวัด", "Province"),
    "district": T("อำเภอ", "District"),
    "lao": T("อปท.", "LAO"),
}
LAO_SHEET = T("ราย อปท.", "By LAO")
DISTRICT_SHEET = T("รายอำเภอ", "By district")
LACKING_SHEET = T("ที่ยังขาด", "Still lacking")
ABOUT_SHEET = T("เรื่องที่ต้องส่ง", "What is asked")

PROVINCE, DISTRICT, NAME = LEVEL_LABELS["province"], LEVEL_LABELS["district"], LEVEL_LABELS["lao"]
TYPE, CODE = T("ประเภท", "Type"), T("รหัส", "Code")
STAGE, JOINED = T("สถานะ", "Status"), T("เจ้าหน้าที่ที่เข้าร่วม", "Officers joined")
PHONE = T("เบอร์โทรศัพท์", "Telephone")
WITH_PHONE = T("{name} โทร. {phone}", "{name}, tel. {phone}")
REACHED, OFFICERS = T("การแจ้งเตือน", "Reached by reminders"), T("เจ้าหน้าที่", "Officers")
REACHABLE, YES, NO = T("ติดต่อได้", "Can be reached"), T("ได้", "yes"), T("ไม่ได้", "no")
LAOS_LACKING = T("อปท. ที่ยังขาด (แห่ง)", "LAOs still lacking something")
LAOS, COMPLETE = T("จำนวน อปท.", "LAOs"), T("ครบแล้ว (แห่ง)", "Complete")
UNREACHABLE = T("ติดต่อไม่ได้ (แห่ง)", "Cannot be reached")
OWED, DONE, LACKING = T("ต้องส่ง", "Owed"), T("ทำแล้ว", "Done"), T("ยังขาด", "Lacking")
SUBMITTED, WAITING = T("ส่งแล้ว", "Sent"), T("รอตรวจ", "Waiting")
RETURNED, APPROVED = T("ให้แก้ไข", "Returned"), T("ผ่าน", "Approved")
SHARE, TOTAL = T("ทำแล้ว (%)", "Done (%)"), T("รวม", "Total")
OF_A_FORM = T("{form}: {what}", "{form}: {what}")
NUMBER = T("ที่", "No.")

TITLE, LETTER, LETTER_DATE = T("เรื่อง", "Title"), T("หนังสือที่", "Letter"), T("ลงวันที่", "Letter of")
REFERRING, LETTER_OF = (
    T("อ้างถึง", "Referring to"),
    T("หนังสือที่ {number} ลงวันที่ {date}", "letter {number} of {date}"),
)
LETTER_ONLY = T("หนังสือที่ {number}", "letter {number}")
DEADLINE, AS_OF = T("ครบกำหนด", "Deadline"), T("ข้อมูล ณ", "As of")
EACH_OWES = T("ต้องส่งต่อแห่ง: {form}", "Each owes: {form}")
COUNTED = T("นับเมื่อ", "Counted when")
COUNTED_WHEN: Final[Mapping[Counts, T]] = {
    "submitted": T("ส่งเข้ามาแล้ว", "submitted"),
    "approved": T("ผ่านการตรวจแล้ว", "approved"),
}


def form_title(form: str) -> T:
    """A form that is no longer there keeps its key as its name."""
    return CATALOGUE[form].title if form in CATALOGUE else T(form, form)
