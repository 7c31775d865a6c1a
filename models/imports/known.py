"""Exports of other programs, known by their heads: what each column means is then known too.
docs/imports.md says which heads were seen and which are guessed."""

from dataclasses import dataclass

from models.adapters.tables import plain

SHARE = 0.6  # of a program's marks that a file must have
LEAST = 4
# Fields that change what a document is worth: where the program's own head is not known, they are
# found by the words of the head.
COMPLETED = "status type currency amount discount tax tax_amount paid open paid_on".split()

# A program, what is in the file, and its heads: "field=head", or "=head" of what has no meaning
# here. Those after the last bar are no marks: not every file has them.
EXPORTS = """
Xero | documents | customer_name=ContactName, number=InvoiceNumber, date=InvoiceDate,
  due_on=DueDate, code=InventoryItemCode, name=Description, quantity=Quantity, price=UnitAmount,
  =AccountCode,
  =TaxType, =EmailAddress | reference=Reference, total=Total, discount=Discount, currency=Currency,
  tax_amount=TaxAmount, type=Type, status=Status, paid=InvoiceAmountPaid, open=InvoiceAmountDue
Xero | customers | name=ContactName, code=AccountNumber, contact_email=EmailAddress,
  contact_first=FirstName, contact_last=LastName, street=POAddressLine1, city=POCity,
  postal_code=POPostalCode | street2=POAddressLine2, region=PORegion, country=POCountry,
  phone=PhoneNumber, contact_phone=MobileNumber, tax_id=TaxNumber, delivery=SAAddressLine1
QuickBooks | documents | number=InvoiceNo, customer_name=Customer, date=InvoiceDate, due_on=DueDate,
  =Terms, note=Memo, quantity=ItemQuantity, price=ItemRate, amount=ItemAmount, name=ItemDescription
  | code=Item(Product/Service), =Location, tax_amount=Item Tax Amount, =Item Tax Code,
  currency=Currency, delivery_on=Service Date
QuickBooks | documents | number=RefNumber, customer_name=Customer, date=TxnDate, due_on=DueDate,
  code=LineItem, name=LineDesc, quantity=LineQty, price=LineUnitPrice, amount=LineAmount,
  =SalesTerm | delivery_on=ShipDate, =Class, =LineTaxable, =BillAddrLine1
QuickBooks | customers | name=Display Name, =Company Name, email=Email, code=Customer Number
  | phone=Phone, street=Street, city=City, region=State, postal_code=ZIP, country=Country
Zoho Books | documents | date=Invoice Date, =Invoice ID, number=Invoice Number,
  status=Invoice Status, customer_name=Customer Name, due_on=Due Date, =PurchaseOrder,
  currency=Currency Code, =Exchange Rate, name=Item Name, quantity=Quantity, price=Item Price,
  amount=Item Total, =SubTotal, total=Total, open=Balance | customer_code=Customer Number, code=SKU,
  unit=Usage unit, =Discount, discount_amount=Discount Amount, tax=Item Tax %,
  tax_amount=Item Tax Amount, owner=Sales Person, note=Notes
Zoho Books | customers | code=Contact ID, name=Display Name, =Company Name, =Contact Type,
  =Payment Terms Label, terms_days=Payment Terms, credit_limit=Credit Limit,
  street=Billing Address, city=Billing City, postal_code=Billing Code | region=Billing State,
  country=Billing Country, delivery=Shipping Address, phone=Phone, contact_first=First Name,
  contact_last=Last Name, email=EmailID, contact_phone=MobilePhone, currency=Currency Code
Zoho Books | products | =Item ID, name=Item Name, code=SKU, unit=Usage unit, price=Rate,
  cost=Purchase Rate, tax=Tax Percentage, =Product Type | =Opening Stock, active=Status
Zoho CRM | customers | code=Record Id, name=Account Name, owner=Account Owner, phone=Phone,
  =Website, street=Billing Street, =Created Time, =Modified Time | city=Billing City,
  region=Billing State, postal_code=Billing Code, country=Billing Country, tags=Tag,
  delivery=Shipping Street
Odoo | documents | number=Number, customer_name=Invoice Partner Display Name,
  date=Invoice/Bill Date, due_on=Due Date, reference=Reference, currency=Currency,
  name=Invoice lines/Product, quantity=Invoice lines/Quantity, price=Invoice lines/Unit Price,
  amount=Invoice lines/Subtotal | status=Status, owner=Salesperson, =Payment Status,
  code=Invoice lines/Product/Internal Reference, =Invoice lines/Label, tax=Invoice lines/Taxes,
  =Untaxed Amount Signed, total=Total Signed, open=Amount Due Signed
Odoo | customers | code=External ID, name=Name, =Is a Company, street=Street, street2=Street2,
  city=City, region=State, postal_code=Zip, country=Country, tax_id=Tax ID, phone=Phone,
  email=Email | contact_phone=Mobile, =Reference, tags=Tags, language=Language,
  terms_days=Customer Payment Terms, =Company Type, =Related Company, =Website
Odoo | products | code=Internal Reference, name=Name, =Barcode, price=Sales Price, cost=Cost,
  category=Product Category, unit=Unit of Measure | tax=Customer Taxes
ERPNext | documents | number=ID, =Customer, customer_name=Customer Name, date=Date,
  due_on=Payment Due Date, currency=Currency, type=Is Return, corrects=Return Against,
  total=Grand Total, code=Item (Items), name=Item Name (Items), quantity=Quantity (Items),
  price=Rate (Items), amount=Amount (Items) | unit=UOM (Items), status=Status, =Net Total,
  open=Outstanding Amount, reference=PO No
ERPNext | customers | code=ID, name=Customer Name, =Customer Type, tags=Customer Group, =Territory,
  tax_id=Tax ID, =Default Price List | terms_days=Payment Terms Template
Invoice Ninja | documents | customer_name=Client Name, number=Invoice Number,
  =Invoice Amount, open=Invoice Balance, date=Invoice Date, due_on=Invoice Due Date,
  status=Invoice Status, quantity=Item Quantity, price=Item Cost, code=Item Product,
  name=Item Notes, amount=Item Line Total | reference=Invoice PO Number,
  currency=Client Currency, discount=Item Discount, paid=Invoice Paid to Date
Invoice Ninja | customers | name=Client Name, code=Client Number, =Client Balance,
  =Client Paid to Date, phone=Client Phone, street=Client Street, city=Client City,
  postal_code=Client Postal Code, tax_id=Client VAT Number, contact_email=Contact Email
  | street2=Client Apt/Suite, region=Client State/Province, country=Client Country,
  contact_first=Contact First Name, contact_last=Contact Last Name, contact_phone=Contact Phone
Akaunting | customers | name=name, email=email, tax_id=tax_number, phone=phone, street=address,
  country=country, region=state, postal_code=zip_code, city=city, currency=currency_code,
  =can_login, =enabled, code=reference | =website, =category_name
Akaunting | documents | number=invoice_number, =order_number, status=status, date=invoiced_at,
  due_on=due_at, amount=amount, currency=currency_code, customer_name=contact_name
  | =contact_email, note=notes, =discount_type, =category_name
Akaunting | products | name=name, =type, =description, price=sale_price, cost=purchase_price,
  category=category_name, active=enabled |
Akaunting | documents | number=invoice_number, =item_type, date=invoiced_at, due_on=due_at,
  customer_name=contact_name, name=item_name, quantity=quantity, price=price, amount=Line total,
  currency=currency_code, =discount_rate, =contact_email | status=status, note=notes,
  reference=order_number, total=Document total, payments=Payments, =tax
Dolibarr | documents | number=Ref., customer_name=Third-party name, date=Date, due_on=Due date,
  amount=Total excl. tax, =Total tax, =Line, quantity=Qty | total=Total
Cordys CRM | customers | name=客户名称, =客户行业, =客户等级, tags=客户类型, =客户来源,
  =线上来源详情,
  owner=负责人 | =客户标签, region=地区
Cordys CRM | customers | =唯一ID, name=公司名称, tax_id=纳税人识别号, bank_name=开户银行,
  bank_account=银行账户, street=注册地址, phone=注册电话, =注册资本 | =国标行业, =公司规模,
  region=省,
  city=市
管家婆 | customers | code=客户编号, name=客户名称, owner=业务员, street=单位地址, =经手人,
  phone=客户电话, =适用价格 | =行号, =状态
管家婆 | customers | code=单位编号, name=单位全名, short_name=单位简名, street=单位地址,
  phone=单位电话, email=电子邮件, contact_name=联系人一, contact_phone=手机一 | =行号, =单位拼音码
管家婆 | products | code=商品编号, name=商品全名, spec=规格, =型号, =产地, unit=计量单位
  | =行号, =商品简称, =商品拼音, =辅助单位, =单位编号, =单位全名, =最近销售时间
管家婆 | documents | number=单据编号, date=单据日期, customer_name=单位全名, owner=经手人,
  =仓库全名,
  code=商品编号, name=商品全名, quantity=数量, price=单价, amount=折后金额, discount=折扣
  | =金额, note=摘要, unit=单位, type=单据类型
用友 T+/好会计 | customers | code=往来单位编码, name=往来单位名称, =往来单位性质, phone=电话,
  tax_id=税号 | short_name=往来单位简称, contact_name=联系人, street=地址, owner=专管业务员,
  bank_name=开户银行, bank_account=银行账号, credit_limit=信用额度
用友 T+/好会计 | products | code=存货编码, name=存货名称, spec=规格型号, unit=计量单位,
  category=存货分类
  | price=零售价, tax=税率, cost=参考成本
用友 T+/好会计 | documents | date=单据日期, number=单据编号, customer_name=客户, code=存货编码,
  name=存货名称, spec=规格型号, quantity=数量, price_with_tax=含税单价, amount_with_tax=含税金额,
  owner=业务员 | unit=计量单位, price=单价, amount=金额, tax=税率, tax_amount=税额, =部门, =仓库,
  customer_code=往来单位编码, note=备注
金蝶 精斗云 | customers | code=客户编码, name=客户名称, tags=客户类别, contact_name=首要联系人,
  contact_phone=手机, owner=销售人员 | =客户等级, tax_id=纳税人识别号, street=送货地址
金蝶 精斗云 | products | code=商品编号, name=商品名称, category=商品类别, spec=商品规格,
  unit=计量单位, cost=预计采购价, price=零售价 | =条形码, =备注
金蝶 精斗云 | documents | date=单据日期, number=单据编号, customer_name=客户名称, owner=销售人员,
  code=商品编号, name=商品名称, spec=商品规格, unit=单位, quantity=数量, price=单价,
  discount_amount=折扣额,
  amount=销售金额 | discount=折扣率(%), customer_code=客户编号, =优惠率, =优惠金额,
  total=优惠后金额, paid=已收款金额
金蝶 KIS | documents | customer_name=购货单位, date=日期, number=单据编号, code=产品代码,
  name=产品名称, spec=规格型号, unit=单位, quantity=数量, price=单价, amount=金额, owner=业务员
  | amount_with_tax=价税合计, =部门, note=摘要
纷享销客 | customers | =唯一性ID, name=客户名称, code=客户编号, owner=负责人, =生命状态
  | phone=电话, tags=客户级别, street=详细地址, region=省, city=市, country=国家, =归属部门
有赞 | documents | number=订单号, date=订单创建时间, customer_name=收货人姓名, =买家手机号,
  =收货人省份, amount=订单实付金额, name=全部商品名称 | status=订单状态, note=买家备注
"""


@dataclass(frozen=True)
class Export:
    """What one program's file looks like."""

    program: str
    target: str
    marks: frozenset  # heads as plain() gives them
    meanings: dict  # {head: field}

    def share(self, heads):
        found = self.marks & heads
        return len(found) / len(self.marks) if len(found) >= LEAST else 0


def _exports():
    text = EXPORTS.strip().replace("\n  ", " ")
    for line in text.splitlines():
        program, target, marks, also = (part.strip() for part in line.split("|"))
        pairs = [pair.split("=") for pair in f"{marks}, {also}".split(", ") if "=" in pair]
        yield Export(
            program,
            target,
            frozenset(plain(pair.partition("=")[2]) for pair in marks.split(", ")),
            {plain(head): field.strip() for field, head in pairs},
        )


KNOWN = list(_exports())


def recognised(target, heads, guessed=()):
    """(program, {column as text: field}) of a known export; None where it is none. Of columns that
    it does not know, what is guessed counts."""
    plain_heads = [plain(head) for head in heads]
    of_target = [export for export in KNOWN if export.target == target]
    best = max(of_target, key=lambda e: (e.share(set(plain_heads)), len(e.marks)), default=None)
    if best is None or best.share(set(plain_heads)) < SHARE:
        return None
    mapping = {}
    for column, head in enumerate(plain_heads):
        field = best.meanings.get(head, "")
        if field and field not in mapping.values():
            mapping[str(column)] = field
    for column, field in dict(guessed).items():
        known = plain_heads[int(column)] in best.meanings or field in mapping.values()
        if field in COMPLETED and not known:
            mapping[column] = field
    return best.program, dict(sorted(mapping.items(), key=lambda item: int(item[0])))
