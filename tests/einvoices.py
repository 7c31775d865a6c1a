"""Tax invoices (数电票) as files, made by the structure that public readers of real ones rely on.

The XML is that of the tax bureau since 2023: EInvoice/Header/EIid, EInvoiceData with
SellerInformation, BuyerInformation and BasicInformation (TotalAmWithoutTax, TotalTaxAm,
TotalTax-includedAmount), TaxSupervisionInfo with InvoiceNumber and IssueTime; a real toll invoice
is quoted so in a public test, and a public Java reader walks the same paths. The OFD's CustomDatas
are as in a file of a public Rust reader (发票号码 with 20 digits, 合计金额, 合计税额, both
纳税人识别号, 开票日期 2025年01月06日), original_invoice.xml (eInvoice, InvoiceNo,
Seller/SellerTaxID, TaxInclusiveTotalAmount) as read by public Java readers."""

import io
import zipfile
from pathlib import Path

OURS, THEIRS, NUMBER = "91310000MA1FL0DY0U", "91110000MA0000000X", "26537912570200055449"


def xml(
    number=NUMBER,
    seller=OURS,
    buyer=THEIRS,
    net="100.00",
    tax="13.00",
    total="113.00",
    day="2026-02-28",
    remark="",
    extra="",
):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>{number}</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.2</Version>
<InherentLabel>
<InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
</InherentLabel></Header>
<EInvoiceData><SellerInformation>
<SellerIdNum>{seller}</SellerIdNum><SellerName>单据示范贸易有限公司</SellerName>
</SellerInformation><BuyerInformation>
<BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>北京甲公司</BuyerName>
</BuyerInformation>
<BasicInformation><TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
<TotalTax-includedAmount>{total}</TotalTax-includedAmount>
<TotalTax-includedAmountInChinese>壹佰壹拾叁圆整</TotalTax-includedAmountInChinese>
<Drawer>方琳</Drawer><RequestTime>{day} 10:11:12</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*文具*钢笔</ItemName><MeaUnits>支</MeaUnits>
<Quantity>1</Quantity><UnPrice>{net}</UnPrice><Amount>{net}</Amount>
<TaxRate>0.13</TaxRate><ComTaxAm>{tax}</ComTaxAm>
<TotaltaxIncludedAmount>{total}</TotaltaxIncludedAmount></IssuItemInformation>
<AdditionalInformation><Remark>{remark}</Remark></AdditionalInformation></EInvoiceData>{extra}
<TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime>
<TaxBureauCode>13100000000</TaxBureauCode>
<TaxBureauName>国家税务总局上海市税务局</TaxBureauName></TaxSupervisionInfo></EInvoice>""".encode()


def ofd(head=True, attached=None, number=NUMBER, buyer=THEIRS):
    datas = (
        f"""<ofd:CustomData Name="发票号码">{number}</ofd:CustomData>
<ofd:CustomData Name="合计税额">13.00</ofd:CustomData>
<ofd:CustomData Name="合计金额">100.00</ofd:CustomData>
<ofd:CustomData Name="开票日期">2026年02月28日</ofd:CustomData>
<ofd:CustomData Name="购买方纳税人识别号">{buyer}</ofd:CustomData>
<ofd:CustomData Name="销售方纳税人识别号">{OURS}</ofd:CustomData>"""
        if head
        else ""
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(
            "OFD.xml",
            '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD '
            'xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD" Version="1.0">'
            "<ofd:DocBody><ofd:DocInfo><ofd:DocID>2195d5df</ofd:DocID>"
            f"<ofd:CustomDatas>{datas}</ofd:CustomDatas></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        box.writestr(
            "Doc_0/Document.xml", '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"/>'
        )
        if attached:
            box.writestr("Doc_0/Attachs/original_invoice.xml", attached)
    return out.getvalue()


def older(number=NUMBER):
    return f"""<fp:eInvoice xmlns:fp="http://www.edrm.cn/fp">
<fp:InvoiceNo>{number}</fp:InvoiceNo><fp:IssueDate>2026年02月28日</fp:IssueDate>
<fp:Buyer><fp:BuyerName>北京甲公司</fp:BuyerName><fp:BuyerTaxID>{THEIRS}</fp:BuyerTaxID></fp:Buyer>
<fp:Seller><fp:SellerName>单据</fp:SellerName><fp:SellerTaxID>{OURS}</fp:SellerTaxID></fp:Seller>
<fp:TaxInclusiveTotalAmount>113.00</fp:TaxInclusiveTotalAmount></fp:eInvoice>""".encode()


FONT = Path(__file__).resolve().parent.parent / "static" / "fonts" / "NotoSansSC-Regular.ttf"


def pdf(
    number=NUMBER,
    seller=OURS,
    buyer=THEIRS,
    net="100.00",
    tax="13.00",
    total="113.00",
    day="2026年02月28日",
    remark="",
    values_last=True,
    title="电子发票（增值税专用发票）",
):
    """The printed form as the tax bureau lays it out: buyer's block left, seller's right, labels
    and values apart, the total behind （小写）. `values_last` writes all labels first, as the real
    writers do, so that the order of the words says nothing."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(TTFont("Song", str(FONT)))
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(610, 396))
    labels = [
        (220, 360, title),
        (430, 372, "发票号码："),
        (430, 352, "开票日期："),
        (14, 300, "购"),
        (14, 286, "买"),
        (14, 272, "方"),
        (30, 305, "名称："),
        (30, 275, "统一社会信用代码/纳税人识别号："),
        (314, 300, "销"),
        (314, 286, "售"),
        (314, 272, "方"),
        (330, 305, "名称："),
        (330, 275, "统一社会信用代码/纳税人识别号："),
        (14, 250, "项目名称"),
        (120, 250, "规格型号"),
        (190, 250, "单位"),
        (250, 250, "数量"),
        (320, 250, "单价"),
        (400, 250, "金额"),
        (460, 250, "税率/征收率"),
        (540, 250, "税额"),
        (40, 150, "合"),
        (90, 150, "计"),
        (30, 130, "价税合计（大写）"),
        (400, 130, "（小写）"),
        (14, 100, "备"),
        (14, 80, "注"),
        (30, 30, "开票人："),
    ]
    values = [
        (482, 372, number),
        (482, 352, day),
        (62, 305, "北京甲公司"),
        (178, 275, buyer),
        (362, 305, "单据示范贸易有限公司"),
        (478, 275, seller),
        (14, 235, "*文具*钢笔"),
        (190, 235, "支"),
        (255, 235, "1"),
        (320, 235, net),
        (400, 235, net),
        (470, 235, "13%"),
        (545, 235, tax),
        (395, 150, f"¥{net}"),
        (540, 150, f"¥{tax}"),
        (140, 130, "壹佰壹拾叁圆整"),
        (442, 130, f"¥{total}"),
        (40, 90, remark),
        (75, 30, "方琳"),
    ]
    sheet.setFont("Song", 8)
    rows = (
        labels + values
        if values_last
        else [row for pair in zip(labels, values, strict=False) for row in pair]
        + labels[len(values) :]
    )
    for x, y, word in rows:
        word and sheet.drawString(x, y, word)
    sheet.save()
    return out.getvalue()


def scanned():
    """A PDF that is a picture: no word can be read."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(out, "PDF")
    return out.getvalue()
