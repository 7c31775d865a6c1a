"""Spreadsheets of OpenDocument, as LibreOffice writes them."""

import io
import zipfile

MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)
ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="客户">{}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods_of(lines):
    """The file of a sheet whose rows are these lines of XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(lines))
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return out.getvalue()
