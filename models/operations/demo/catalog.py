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
PRODUCTS = [
    ("T-01", "龙井茶 特级 250g", "盒", "168", "茶"),
    ("T-02", "铁观音 500g", "盒", "128", "茶"),
    ("T-03", "Chai, 10 boxes × 20 bags", "case", "18", "茶"),
    ("F-01", "Ikura 200 ml", "jar", "31", "食品"),
    ("F-02", "桂花糕礼盒", "盒", "88", "食品"),
    ("F-03", "Aniseed Syrup 550 ml", "bottle", "10", "食品"),
    ("S-01", "签字笔 0.5mm 黑", "支", "2.5", "文具"),
    ("S-02", "A4 复印纸 80g 5包装", "箱", "129.9", "文具"),
    ("S-03", "精装笔记本 A5", "本", "36", "文具"),
    ("V-01", "送货服务", "次", "50", "服务"),
]
