"""Who works in the demo firm, who buys, and what is sold."""

PASSWORD = "danju demo 2026"
STAFF = [
    ("王敏", "wang", ["manager"], "华东"),
    ("李明", "li", ["sales"], "华东"),
    ("陈静", "chen", ["sales"], "海外"),
    ("Sophie Martin", "sophie", ["manager"], "海外"),
    ("方琳", "fang", ["finance"], ""),
    ("赵强", "zhao", ["archivist"], ""),
]
# Foreign customers and products are cut from the Northwind sample (MIT).
CUSTOMERS = [
    ("上海华信文具有限公司", "zh", "CNY", "张伟"),
    ("杭州西湖茶业有限公司", "zh", "CNY", "刘洋"),
    ("苏州工业园区精密仪器厂", "zh", "CNY", "孙丽"),
    ("宁波海曙贸易有限公司", "zh", "CNY", "周杰"),
    ("南京金陵食品股份有限公司", "zh", "CNY", "吴芳"),
    ("无锡太湖酒店管理有限公司", "zh", "CNY", "郑浩"),
    ("Alfreds Futterkiste", "en", "EUR", "Maria Anders"),
    ("Around the Horn", "en", "GBP", "Thomas Hardy"),
    ("Bottom-Dollar Markets", "en", "USD", "Elizabeth Lincoln"),
    ("Ernst Handel", "en", "EUR", "Roland Mendel"),
]
# code, name, name in English, unit, unit in English, price, category
PRODUCTS = [
    ("T-01", "龙井茶 特级 250g", "Longjing tea, superior, 250 g", "盒", "box", "168", "茶"),
    ("T-02", "铁观音 500g", "Tieguanyin tea, 500 g", "盒", "box", "128", "茶"),
    ("T-03", "红茶包 20 袋", "Black tea, 20 bags", "盒", "box", "18", "茶"),
    ("F-01", "蜂蜜 500g", "Honey, 500 g", "瓶", "jar", "31", "食品"),
    ("F-02", "桂花糕礼盒", "Osmanthus cake, gift box", "盒", "box", "88", "食品"),
    ("F-03", "桂花糖浆 550ml", "Osmanthus syrup, 550 ml", "瓶", "bottle", "10", "食品"),
    ("S-01", "签字笔 0.5mm 黑", "Gel pen, 0.5 mm, black", "支", "pc", "2.5", "文具"),
    ("S-02", "A4 复印纸 80g 5包装", "A4 paper, 80 g, 5 reams", "箱", "carton", "129.9", "文具"),
    ("S-03", "精装笔记本 A5", "Hardcover notebook, A5", "本", "pc", "36", "文具"),
    ("V-01", "送货服务", "Delivery", "次", "trip", "50", "服务"),
]
