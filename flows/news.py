"""ข่าวประชาสัมพันธ์ อปท.: a piece of local news."""

from flows.core.fields import Choice, Date, Email, Facebook, Paragraph, Phones, Text, Url
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.text import T

CATEGORIES = (
    ("activity", T("ข่าวกิจกรรม", "Activities")),
    ("notice", T("ข่าวประชาสัมพันธ์", "Public relations")),
    ("announcement", T("ประกาศ", "Announcement")),
    ("tourism", T("ท่องเที่ยวและประเพณี", "Tourism and traditions")),
    ("procurement", T("จัดซื้อจัดจ้าง", "Procurement")),
    ("jobs", T("รับสมัครงาน", "Jobs")),
    ("other", T("อื่น ๆ", "Other")),
)

FLOW = Flow(
    key="news",
    title=T("ข่าวประชาสัมพันธ์", "News"),
    letter="N",
    icon="📰",
    headline="{title}",
    fields=(
        Choice("category", T("ประเภทข่าว", "Type of news"), CATEGORIES),
        Text(
            "title",
            T("หัวข้อข่าว", "Headline"),
            least=5,
            most=250,
            example=T("โครงการรณรงค์ป้องกันไข้เลือดออก ประจำปี 2560", "Dengue prevention campaign 2017"),
        ),
        Paragraph(
            "body",
            T("รายละเอียดข่าว", "The news"),
            most=8000,
            example=T(
                "เมื่อวันที่ 16 มกราคม 2560 เทศบาลร่วมกับชุมชนจัดกิจกรรม … ณ …",
                "On 16 January 2017 the municipality and the community held …",
            ),
        ),
        Date("date", T("วันที่ของข่าว/กิจกรรม", "Date of the news or event"), example=T("31 ม.ค. 2560", "31 Jan 2017")),
        Photos("photos", T("ภาพข่าว", "Photos")),
        Place("coordinates", T("พิกัดสถานที่จัดกิจกรรม", "Where it took place"), later=True, example=T("18.2888, 99.4928", "18.2888, 99.4928")),
        Text("place", T("สถานที่จัดกิจกรรม", "Venue"), later=True, example=T("หอประชุมเทศบาล", "The municipal hall")),
        Phones("phone", T("เบอร์โทร", "Phone"), later=True, example=T("054-123-456 ต่อ 1", "054-123-456 ext. 1")),
        Email("email", T("อีเมล", "Email"), later=True, example=T("info@example.go.th", "info@example.go.th")),
        Url("url", T("เว็บไซต์", "Website"), later=True, example=T("www.example.go.th", "www.example.go.th")),
        Facebook("facebook", T("Facebook", "Facebook"), later=True, example=T("facebook.com/thongthin", "facebook.com/thongthin")),
    ),
)  # fmt: skip
