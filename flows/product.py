"""สินค้าท้องถิ่น (OTOP): a local product."""

from flows.core.fields import (
    Amount,
    Choice,
    Choices,
    Email,
    Facebook,
    Google,
    Paragraph,
    Phones,
    Text,
    Twitter,
    Url,
)
from flows.core.flow import Flow
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.text import T

CATEGORIES = (
    ("food", T("อาหาร", "Food")),
    ("drink", T("เครื่องดื่ม", "Drink")),
    ("textile", T("ผ้า เครื่องแต่งกาย", "Textiles and clothing")),
    ("household", T("ของใช้ ของตกแต่ง ของที่ระลึก", "Household goods, decoration, souvenirs")),
    ("herb", T("สมุนไพรที่ไม่ใช่อาหาร", "Herbs other than food")),
)

PRODUCERS = (
    ("group", T("กลุ่มผู้ผลิตชุมชน", "Community producers' group")),
    ("single", T("ผู้ผลิตชุมชนที่เป็นเจ้าของรายเดียว", "Community producer, single owner")),
    ("sme", T("วิสาหกิจขนาดกลางและขนาดย่อม", "Small or medium enterprise")),
)

STANDARDS = (
    ("tcps", T("มผช.", "TCPS (มผช.)")),
    ("fda", T("อย.", "Thai FDA (อย.)")),
    ("gap", T("GAP", "GAP")),
    ("gmp", T("GMP", "GMP")),
    ("haccp", T("HACCP", "HACCP")),
    ("q", T("Q", "Q")),
    ("tis", T("มอก.", "TIS (มอก.)")),
    ("halal", T("ฮาลาล", "Halal")),
    ("organic", T("อินทรีย์", "Organic")),
)

STARS = tuple((str(n), T(f"{n} ดาว", f"{n} star" + "s" * (n > 1))) for n in range(1, 6))

FLOW = Flow(
    key="product",
    title=T("สินค้าท้องถิ่น", "Local product"),
    letter="P",
    icon="🧺",
    headline="{name}",
    fields=(
        Text("name", T("ชื่อสินค้า", "Name of the product"), example=T("ข้าวแต๋นน้ำแตงโม", "Watermelon rice crackers")),
        Choice("category", T("ประเภทสินค้า", "Type of product"), CATEGORIES),
        Paragraph(
            "description",
            T("รายละเอียดสินค้า", "Description"),
            example=T(
                "ข้าวแต๋นกรอบ ทำจากข้าวเหนียวในชุมชน หวานน้อย เก็บได้ 3 เดือน",
                "Crisp crackers of local sticky rice, lightly sweet, keep three months",
            ),
        ),
        Photos("photos", T("รูปสินค้า", "Photos of the product")),
        Text("producer", T("ชื่อผู้ผลิต / กลุ่มผู้ผลิต", "Producer or producers' group"), example=T("กลุ่มแม่บ้านเกษตรกรบ้านทุ่งม่าน", "Thung Man farm wives' group")),
        Phones("phone", T("เบอร์โทร", "Phone"), example=T("081-234-5678", "081-234-5678")),
        Amount("price", T("ราคา", "Price"), optional=True, example=T("120 บาท/ชุด", "120 baht/set")),
        Place("coordinates", T("พิกัดสถานที่จำหน่าย/ผลิต", "Where it is sold or made"), optional=True, example=T("18.2888, 99.4928", "18.2888, 99.4928")),
        Paragraph("address", T("สถานที่จำหน่าย", "Where to buy it"), later=True, most=500, example=T("ตลาดชุมชนหน้าเทศบาล ทุกวันเสาร์", "Community market, every Saturday")),
        Choice("producer_type", T("ประเภทผู้ผลิต", "Type of producer"), PRODUCERS, later=True),
        Choices("standards", T("มาตรฐานที่ได้รับ", "Standards held"), STANDARDS, later=True),
        Choice("stars", T("ระดับดาว OTOP", "OTOP stars"), STARS, later=True),
        Email("email", T("อีเมล", "Email"), later=True, example=T("info@example.go.th", "info@example.go.th")),
        Url("url", T("เว็บไซต์", "Website"), later=True, example=T("www.example.go.th", "www.example.go.th")),
        Facebook("facebook", T("Facebook", "Facebook"), later=True, example=T("facebook.com/thongthin", "facebook.com/thongthin")),
        Twitter("twitter", T("Twitter", "Twitter"), later=True, example=T("@thongthin", "@thongthin")),
        Google("google", T("Google", "Google"), later=True, example=T("https://maps.app.goo.gl/AbCdEf123", "https://maps.app.goo.gl/AbCdEf123")),
    ),
)  # fmt: skip
