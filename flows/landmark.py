"""สถานที่สำคัญของท้องถิ่น: a landmark."""

from flows.core.fields import Choice, Email, Facebook, Google, Paragraph, Phones, Text, Twitter, Url
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.text import T

CATEGORIES = (
    ("arts", T("ศิลปะ วัฒนธรรม และแหล่งมรดก", "Arts, culture and heritage")),
    ("sacred", T("สถานที่ศักดิ์สิทธิ์", "Sacred place")),
    ("nature", T("ธรรมชาติและสัตว์ป่า", "Nature and wildlife")),
    ("living", T("วิถีชีวิต", "Way of life")),
    ("recreation", T("สันทนาการและบันเทิง", "Recreation and entertainment")),
    ("spa", T("สปาเพื่อสุขภาพ", "Health spa")),
    ("royal", T("โครงการหลวงและโครงการในพระราชดำริ", "Royal projects")),
    ("shopping", T("ช้อปปิ้ง", "Shopping")),
    ("vineyard", T("ไร่องุ่นและโรงงานเบียร์", "Vineyards and breweries")),
    ("academic", T("สถานที่ท่องเที่ยวเชิงวิชาการ", "Educational tourism")),
)

FLOW = Flow(
    key="landmark",
    title=T("สถานที่สำคัญ", "Landmark"),
    letter="L",
    icon="🏞",
    headline="{name}",
    fields=(
        Text(
            "name",
            T("ชื่อสถานที่สำคัญ", "Name of the landmark"),
            example=T("วัดพระธาตุลำปางหลวง", "Wat Phra That Lampang Luang"),
        ),
        Choice("category", T("ประเภทสถานที่สำคัญ", "Type of landmark"), CATEGORIES),
        Paragraph(
            "description",
            T("คำอธิบาย", "Description"),
            optional=True,
            example=T(
                "วัดเก่าแก่คู่เมือง มีพระธาตุและวิหารไม้ เปิดให้เข้าชมทุกวัน 07.00–17.00 น.",
                "An old temple with a wooden hall, open daily 7:00–17:00",
            ),
        ),
        Photos("photos", T("รูปสถานที่สำคัญ", "Photos of the landmark")),
        Phones("phone", T("เบอร์โทร", "Phone"), example=T("054-123-456 ต่อ 1, 081-234-5678", "054-123-456 ext. 1, 081-234-5678")),
        Place(
            "coordinates",
            T("พิกัด", "Coordinates"),
            optional=True,
            example=T("18.2170, 99.3896", "18.2170, 99.3896"),
        ),
        Paragraph("address", T("สถานที่ตั้ง", "Address"), later=True, most=500, example=T("หมู่ 2 ตำบลลำปางหลวง", "Moo 2, Lampang Luang")),
        Email("email", T("อีเมล", "Email"), later=True, example=T("info@example.go.th", "info@example.go.th")),
        Url("url", T("เว็บไซต์", "Website"), later=True, example=T("www.example.go.th", "www.example.go.th")),
        Facebook("facebook", T("Facebook", "Facebook"), later=True, example=T("facebook.com/thongthin", "facebook.com/thongthin")),
        Twitter("twitter", T("Twitter", "Twitter"), later=True, example=T("@thongthin", "@thongthin")),
        Google("google", T("Google", "Google"), later=True, example=T("https://maps.app.goo.gl/AbCdEf123", "https://maps.app.goo.gl/AbCdEf123")),
    ),
)  # fmt: skip
