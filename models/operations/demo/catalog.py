"""Who works in the demo firm, who buys, and what is sold. All of it is invented; the tax ids are
valid by their rule and belong to nobody we know."""

from typing import NamedTuple

PASSWORD = "danju demo 2026"
STAFF = [
    ("王敏", "wang", ["manager"], "华东"),
    ("李明", "li", ["sales"], "华东"),
    ("陈静", "chen", ["sales"], "海外"),
    ("Sophie Martin", "sophie", ["manager"], "海外"),
    ("方琳", "fang", ["finance"], ""),
    ("赵强", "zhao", ["archivist"], ""),
]
FIRM = "上海云岫商贸有限公司"
PROFILE = {
    "name_en": "Yunxiu Trading (Shanghai) Co., Ltd.",
    "tax_id": "91310104MA7K2D4F24",
    "address": "上海市徐汇区漕溪北路 88 号 1201 室",
    "address_en": "Room 1201, 88 North Caoxi Road, Xuhui District, Shanghai, China",
    "phone": "021-5555 0188",
    "email": "sales@demo.test",
    "website": "https://www.yunxiu.example",
    "bank_name": "中国工商银行",
    "bank_branch": "上海徐汇支行",
    "bank_name_en": "Industrial and Commercial Bank of China",
    "bank_branch_en": "Shanghai Xuhui Branch",
    "bank_account": "1001 2345 0920 0067 890",
    "footer": "感谢惠顾",
    "footer_en": "Thank you for your business",
}


class Buyer(NamedTuple):
    """`weight`: how much of the trade is theirs; `contacts`: (name, position), the first buys."""

    name: str
    language: str
    currency: str
    tax_id: str
    address: str
    phone: str
    weight: int
    contacts: list


CUSTOMERS = [
    Buyer(
        "苏州澄湖文具有限公司",
        "zh",
        "CNY",
        "91320506MA3H8T2P8P",
        "江苏省苏州市吴中区东吴南路 126 号 5 幢",
        "0512-5550 1260",
        9,
        [("周晓岚", "采购经理"), ("沈国平", "会计")],
    ),
    Buyer(
        "杭州青屿茶业有限公司",
        "zh",
        "CNY",
        "91330106MA2G5W7N2E",
        "浙江省杭州市西湖区灵隐路 41 号",
        "0571-5550 0410",
        7,
        [("顾思远", "总经理"), ("毛丽君", "财务")],
    ),
    Buyer(
        "无锡衡准精密仪器有限公司",
        "zh",
        "CNY",
        "91320214MA5J9C3R5T",
        "江苏省无锡市新吴区锡贤路 9 号",
        "0510-5550 0090",
        3,
        [("陆建明", "行政主管")],
    ),
    Buyer(
        "宁波舟远贸易有限公司",
        "zh",
        "CNY",
        "91330203MA6E4Y8L8Q",
        "浙江省宁波市海曙区药行街 77 号 801 室",
        "0574-5550 0770",
        6,
        [("戴海涛", "采购"), ("虞珊珊", "会计")],
    ),
    Buyer(
        "南京栖禾食品有限公司",
        "zh",
        "CNY",
        "91320104MA4D7Q1K5Q",
        "江苏省南京市秦淮区中山南路 315 号",
        "025-5550 3150",
        4,
        [("蒋若曦", "采购经理")],
    ),
    Buyer(
        "常州云庭酒店管理有限公司",
        "zh",
        "CNY",
        "91320411MA8B3U6T5A",
        "江苏省常州市新北区通江大道 368 号",
        "0519-5550 3680",
        5,
        [("贺文斌", "餐饮总监"), ("严秋月", "应付会计")],
    ),
    Buyer(
        "Lindauer Feinkosthaus GmbH",
        "en",
        "EUR",
        "DE281734004",
        "Seegasse 14\n88131 Lindau\nGermany",
        "+49 8382 555014",
        6,
        [("Hannah Brandt", "Purchasing"), ("Jonas Kiefer", "Accounts payable")],
    ),
    Buyer(
        "Thistle and Oat Ltd",
        "en",
        "GBP",
        "XI284517300",
        "22 Linenhall Row\nBelfast BT2 8XX\nUnited Kingdom",
        "+44 28 5550 0220",
        3,
        [("Niamh Corrigan", "Owner")],
    ),
    Buyer(
        "Kvarnby Handel AB",
        "en",
        "USD",
        "SE556812000901",
        "Kvarngatan 8\n431 31 Mölndal\nSweden",
        "+46 31 555 00 80",
        3,
        [("Elin Sandberg", "Buyer")],
    ),
    Buyer(
        "Bergquell Handels GmbH",
        "en",
        "EUR",
        "ATU68214504",
        "Quellenweg 3\n6900 Bregenz\nAustria",
        "+43 5574 555003",
        2,
        [("Lukas Hofer", "Managing director")],
    ),
    Buyer(
        "上海梧桐里咖啡有限公司",
        "zh",
        "CNY",
        "91310106MA9N5X2H3R",
        "上海市静安区愚园路 532 弄 6 号",
        "021-5550 5326",
        4,
        [("林亦凡", "店长")],
    ),
    Buyer(
        "De Zilte Kade B.V.",
        "en",
        "EUR",
        "NL852614305B01",
        "Havenkade 27\n4381 LK Vlissingen\nNetherlands",
        "+31 118 555 027",
        3,
        [("Femke de Wit", "Buyer")],
    ),
]
WEIGHTS = [buyer.weight for buyer in CUSTOMERS]
# code, name, name in English, unit, unit in English, price, category
PRODUCTS = [
    (
        "T-01",
        "云岫龙井 特级 250g",
        "Yunxiu Longjing tea, superior, 250 g",
        "盒",
        "box",
        "168",
        "茶",
    ),
    ("T-02", "铁观音 500g", "Tieguanyin tea, 500 g", "盒", "box", "128", "茶"),
    ("T-03", "红茶包 20 袋", "Black tea, 20 bags", "盒", "box", "18", "茶"),
    ("F-01", "山野蜂蜜 500g", "Wildflower honey, 500 g", "瓶", "jar", "31", "食品"),
    ("F-02", "桂花糕礼盒", "Osmanthus cake, gift box", "盒", "box", "88", "食品"),
    ("F-03", "桂花糖浆 550ml", "Osmanthus syrup, 550 ml", "瓶", "bottle", "10", "食品"),
    ("S-01", "签字笔 0.5mm 黑", "Gel pen, 0.5 mm, black", "支", "pc", "2.5", "文具"),
    ("S-02", "A4 复印纸 80g 5包装", "A4 paper, 80 g, 5 reams", "箱", "carton", "129.9", "文具"),
    ("S-03", "精装笔记本 A5", "Hardcover notebook, A5", "本", "pc", "36", "文具"),
    ("V-01", "送货服务", "Delivery", "次", "trip", "50", "服务"),
    ("T-04", "茉莉花茶 250g", "Jasmine tea, 250 g", "罐", "tin", "76", "茶"),
    ("T-05", "白毫银针 100g", "Silver needle white tea, 100 g", "罐", "tin", "238", "茶"),
    ("W-01", "青瓷盖碗", "Celadon lidded cup", "只", "pc", "96", "茶具"),
    ("W-02", "竹制茶盘", "Bamboo tea tray", "只", "pc", "145", "茶具"),
    ("W-03", "公道杯 玻璃 350ml", "Glass serving jug, 350 ml", "只", "pc", "42", "茶具"),
    ("F-04", "芝麻薄脆 200g", "Sesame crisps, 200 g", "袋", "bag", "22", "食品"),
]
