"""The meanings a column can have, and the Chinese and English heads that stand for each."""

import re
from dataclasses import dataclass

from models.adapters.tables import plain
from models.imports.currencies import measure, named_beside

CUSTOMERS = """
name: name, customer name, company name, company, customer, client, account name, organisation,
  客户名称, 客户, 公司名称, 公司, 单位名称, 名称, 购方名称
code: customer number, customer no, customer id, customer code, account number, code, 客户编号,
  客户编码, 客户代码, 客户id, 编号, 编码
short_name: short name, abbreviation, 简称, 客户简称
tax_id: tax id, vat id, vat number, vat no, vat reg no, vat registration number, uscc, tax number,
  统一编号, 税号, 纳税人识别号, 统一社会信用代码,
  信用代码
phone: phone, telephone, tel, company phone, 电话, 联系电话, 公司电话
email: email, mail, e mail, email address, mail address, company email, 邮箱, 电子邮箱, 公司邮箱
bank_name: bank, bank name, 开户行, 开户银行, 银行
bank_account: bank account, account, account no, iban, 银行账号, 账号, 银行帐号
terms_days: terms, payment terms, terms days, terms in days, net days, 账期, 付款期限, 账期天数,
  账期（天）
credit_limit: credit limit, 信用额度, 授信额度, 信用限额
currency: currency, 币种, 货币
language: language, 语言
owner: salesperson, sales rep, sales rep employee number, owner, account manager, 业务员, 销售员,
  销售, 负责人
tags: tags, tag, segment, 标签, 细分, 客户类型, 客户分类
street: address, address 1, address line1, address line 1, street, billing address, 地址,
  详细地址, 街道
street2: address 2, address line2, address line 2, 地址2
city: city, town, 城市, 市
region: state, region, province, 省, 省份, 省/自治区, 州
postal_code: postal code, zip, postcode, zip code, 邮编, 邮政编码
country: country, 国家, 国家/地区
delivery: delivery address, shipping address, ship address, 收货地址, 送货地址
contact_name: contact name, contact, contact person, 联系人, 联络人, 联系人姓名
contact_first: contact first name, first name, 名
contact_last: contact last name, last name, 姓
contact_position: contact title, position, job title, 职务, 职位
contact_email: contact email, 联系人邮箱
contact_phone: contact phone, mobile, 手机, 联系人电话, 联系人手机
contact_birthday: birthday, birth date, birthdate, date of birth, 生日, 出生日期
"""
PRODUCTS = """
code: product id, product code, item code, sku, stock code, code, product number, 产品编号,
  产品编码, 产品id, 商品编码, 商品编号, 货号, 物料编码, 编号, 编码
name: product name, name, item, item name, description, product, 产品名称, 商品名称, 品名, 货品名称,
  名称, 产品
spec: specification, spec, model, variant, 规格型号, 规格, 型号, 商品规格, 产品规格
name_en: english name, name in english, name english, 英文名称, 英文品名, 产品英文名称, 名称（英文）
unit: unit, uom, quantity per unit, 单位, 计量单位
unit_en: english unit, unit in english, unit english, 英文单位, 单位（英文）
price: price, unit price, sales price, list price, msrp, 单价, 售价, 价格, 销售价, 销售单价, 零售价,
  标准售价, 参考售价
price_with_tax: unit price with tax, price with tax, price including tax, gross price, 含税单价,
  含税价, 单价（含税）, 含税售价, 含税销售价
cost: cost, unit cost, cost price, standard cost, purchase price, buy price, 成本, 成本价, 单位成本,
  进价, 采购价
currency: currency, 币种, 货币
category: category, product line, category name, category id, group, 类别, 分类, 产品类别, 产品分类,
  商品分类
tax: tax, tax rate, vat, vat rate, 税率
active: active, 启用, 是否启用, 状态
"""
DOCUMENTS = """
number: number, invoice number, invoice no, invoice id, order number, order no, order id,
  document number, doc no, 单号, 订单号, 订单编号, 订单id, 发票号, 发票号码, 发票编号, 单据编号,
  编号
date: date, invoice date, order date, document date, order time, txn date, 日期, 订单日期, 开票日期,
  单据日期, 下单时间, 订单创建时间, 下单日期, 销售日期
due_on: due date, due, due on, 到期日, 到期日期, 付款到期日
delivery_on: delivery date, ship date, shipped date, required date, 发货日期, 交货日期, 送货日期
reference: reference, customer reference, po number, your reference, 客户订单号, 参考号
customer_code: customer id, customer number, customer code, account number, 客户id, 客户编号,
  客户编码, 客户代码, 往来单位编码
customer_name: customer name, company name, customer, client, client name, contact name, company,
  客户名称, 客户, 公司名称, 购方名称, 购货单位, 往来单位名称, 单位全名
owner: salesperson, sales rep, sales person, employee id, 业务员, 销售员, 销售人员, 经手人
currency: currency, 币种, 货币
code: product id, product code, stock code, sku, item code, 产品id, 产品编号, 产品编码, 商品编码,
  货号, 商品编号, 商品代码, 产品代码, 货品编号, 存货编码, 物料编码, 物料代码
name: product name, description, item, item name, product, line description, 产品名称, 商品名称,
  品名, 货品名称, 名称, 存货名称, 物料名称, 货物名称, 货物或应税劳务服务名称, 项目名称, 商品, 产品,
  货品, 摘要
spec: specification, spec, model, variant, 规格型号, 规格, 型号, 商品规格, 产品规格
category: category, 类别, 产品类别
unit: unit, uom, 单位, 计量单位
quantity: quantity, qty, quantity ordered, item quantity, 数量
price: unit price, price, price each, rate, unit amount, item price, item rate, 单价, 价格,
  不含税单价, 未税单价, 无税单价, 单价（不含税）
price_with_tax: unit price with tax, price with tax, price including tax, gross price, 含税单价,
  含税价, 单价（含税）
amount: amount, line total, line amount, sales, invoice amount, item amount, item total, 金额,
  销售额, 小计, 不含税金额, 未税金额, 无税金额, 金额（不含税）, 折后金额, 优惠后金额, 销售金额,
  总价
amount_with_tax: amount with tax, amount including tax, gross amount, 含税金额, 金额（含税）,
  价税小计
discount: discount, discount percent, discount rate, discount %, 折扣, 折扣率, 折扣率（%）
discount_amount: discount amount, line discount, item discount amount, 折扣额, 折扣金额,
  优惠金额, 优惠额
tax: tax rate, vat rate, tax, item tax, 税率
tax_amount: tax amount, vat amount, item tax amount, 税额
total: total, invoice total, document total, grand total, 合计, 总额, 总金额, 价税合计
note: note, comment, comments, remark, memo, 备注, 说明
payments: payments, 收款记录
paid: paid, paid amount, amount paid, amount received, 已付, 已付金额, 已付款, 已收, 已收金额,
  已收款, 已收款金额, 实收金额, 收款金额
open: amount due, balance due, open amount, open balance, outstanding amount, unpaid amount,
  未收金额, 未收, 未收款, 未付金额, 欠款, 欠款金额, 未结金额, 未核销金额
corrects: corrects, corrects invoice, original invoice, credited invoice, return against, 冲红发票,
  对应发票, 原发票号, 原发票编号, 原单号
type: document type, invoice type, transaction type, type, is return, 单据类型, 业务类型, 类型,
  发票类型, 订单类型, 销售类型
status: status, order status, invoice status, state, 状态, 订单状态, 单据状态, 发票状态, 审核状态,
  付款状态, 收款状态, 支付状态, 是否付款, 是否已付款, 是否收款, 是否结清, payment status,
  作废标志, 作废, 是否作废, 作废状态, void, voided, is void, cancelled, canceled
paid_on: settled date, paid on, payment date, paid date, 付款日期, 收款日期, 结清日期
"""


# What a number below a head is counted in.
UNIT = re.compile(
    r"[万千百亿]*元|[万千]?[个件箱台吨只支套盒瓶]|公斤|千克|米|kg|pcs?|%|％|天|days?", re.I
)


@dataclass(frozen=True)
class Field:
    """One meaning a column can have for a target."""

    name: str
    titles: tuple
    heads: frozenset


def _table(text):
    rows = [line.partition(": ") for line in text.strip().replace(",\n  ", ", ").splitlines()]
    return {
        name: Field(
            name,
            tuple(h.strip() for h in heads.split(",")),
            frozenset(plain(h) for h in heads.split(",")),
        )
        for name, _, heads in rows
    }


FIELDS = {
    "customers": _table(CUSTOMERS),
    "products": _table(PRODUCTS),
    "documents": _table(DOCUMENTS),
}
# All heads that we know for a target: where they stand, the table begins.
WORDS = {
    target: frozenset().union(*(field.heads for field in known.values()))
    for target, known in FIELDS.items()
}
KEYS = {
    "customers": ("code", "name", "tax_id"),
    "products": ("code", "name"),
    "documents": ("number",),
}
PRICES = ("price", "amount", "price_with_tax", "amount_with_tax")
NEEDED = {
    "customers": (("name", "contact_name", "contact_last"),),
    "products": (("code",), ("name",)),
    "documents": (("number",), ("date",), ("customer_code", "customer_name"), PRICES),
}


def key_of(target, mapping):
    """The first of the keys by which rows are found again that a column gives."""
    return next((key for key in KEYS[target] if key in mapping.values()), KEYS[target][0])


def guess(target, heads, in_two_rows=False):
    """{column as text: field} by the heads. Where several columns could mean a field, it is the one
    whose head comes first in the field's own list, then the first column. A head that is not known
    is taken without its measure, as 金额 of 金额(元), or without the group above it."""
    columns, mapping = {}, {}
    for column, head in enumerate(heads):
        if plain(head):
            columns.setdefault(plain(head), column)
    for column, head in enumerate(heads):
        if plain(head) not in WORDS[target]:
            for part in _parts(head, in_two_rows):
                columns.setdefault(plain(part), column)
    for field in FIELDS[target].values():
        for title in field.titles:
            column = columns.get(plain(title))
            if column is not None and str(column) not in mapping:
                mapping[str(column)] = field.name
                break
    if target == "documents" and not set(PRICES) & set(mapping.values()):
        mapping = {c: "amount" if name == "total" else name for c, name in mapping.items()}
    return dict(sorted(mapping.items(), key=lambda item: int(item[0])))


def likelier(target, heads):
    """The kind of import whose fields far more of the heads name than those of `target`, or None:
    a list of sales that was brought in as customers."""
    known = {name: len(guess(name, heads)) for name in FIELDS}
    best = max(known, key=known.get)
    return best if known[best] >= known[target] + 4 else None


def _parts(head, in_two_rows):
    found = measure(head)
    if UNIT.fullmatch(found) or named_beside(f" {found}"):
        yield head[: head.rindex(found)].rstrip(" ([（【/／")
    if in_two_rows and " " in head:
        yield head.rpartition(" ")[2]
