"""What a hostile request is made of."""

# Written in rows: one word a line would hide what is there.
# fmt: off
WORDS = (
    "", " ", "\0", "a\0b", "\ud800", "a\udfffb", "\x07", "\x1b[31m", "\ufeff", "\u2028", "\u202ea",
    "9" * 20_000, "-" + "9" * 20_000, "1" + "0" * 400, "0." + "0" * 5_000 + "1", "1e308", "1e-9",
    "1e99999", "NaN", "-Infinity", "0x10", "1_000", "１２３", "²", "٣", "Ⅷ", "一万", "-0", "00",
    "1.", ".5", "1,2,3,4", "1.234,56", "1'000", "1٫5", "50%", "2147483648", "9223372036854775808",
    "2026-02-30", "0000-00-00", "9999-12-31", "31.12.9999", "+999999999", "-99999999999", "今天",
    "1月32日", "29.2.", "2026-W53", "0001-01-01", "24:61", "-1", "true", "null", "None", "[]", "{}",
    "[" * 5_000, '{"a":' * 1_000, "(" * 2_000, "{{7*7}}", "{0.__class__}", "%s%n%(x)s", "${7*7}",
    "' OR 1=1 --", '"; DROP TABLE users', "%_%", "\\", "*", '"', "a* OR b", "NEAR(a b)", "^a",
    "../../etc/passwd", "C:\\con", "file:///etc/passwd", "//evil.test", "javascript:alert(1)",
    "http://evil.test/", "\r\nSet-Cookie: evil=1", "x\r\n\r\n<b>", "=cmd|' /C calc'!A0", "+1", "@x",
    "<script>alert(1)</script>", "<!--", "]]>", "&#0;", "a@b@c", "x@" + "a" * 300 + ".test",
    "a" * 64 + "@b.c", '"a b"@c.d', "a@[127.0.0.1]", "é" * 200, "e\u0301" * 200, "🙂" * 1_000,
    "👩\u200d👧\u200d👦" * 50, "长" * 5_000, "x" * 10_000, "ﷺ" * 200, "İıſK",
    "a" + "\u0300" * 2_000, "WyJ4IiwgMV0=", "WzksIDFd", "W1tbW1tb" * 1_000, "W25aTiwgMV0=",
)
HEADERS = {
    "HX-Request": ("true", "", "x"),
    "HX-Current-URL": ("/customers/?q=1", "http://[", "\ud800", "javascript:1", "//x" * 1000, ""),
    "HX-Target": ("x", "'\"><b>"),
    "HX-Boosted": ("true",),
    "Accept-Language": ("zh", "en;q=nan", "*" * 500, "x-" * 3000, ";;;,,,", "zh-Hant-TW;q=1e9"),
    "Accept": ("*/*;q=x", "application/json", "," * 2000),
    "Accept-Encoding": ("gzip", "br;q=0, identity;q=0", ",;" * 500),
    "Range": ("bytes=0-1", "bytes=-1", "bytes=9-1,1-2", "bytes=" + "0-1," * 999, "x=1"),
    "If-Range": ("x", '"x"'),
    "If-None-Match": ("*", '"' * 99, "W/"),
    "If-Modified-Since": ("Thu, 99 Foo 9999 99:99:99 GMT", "0", "Mon, 01 Jan 0001 00:00:00 GMT"),
    "Referer": ("http://evil.test/", "http://[::1", "\ud800", "/x" * 4000),
    "Origin": ("http://evil.test", "null"),
    "Host": ("evil.test", "a:b:c", "[::", "", "localhost:99999999", "x" * 3000, "é", "a..b"),
    "X-Forwarded-For": ("127.0.0.1", "x" * 3000, "::ffff:1.2.3.4, ,"),
    "X-Forwarded-Host": ("evil.test",),
    "User-Agent": ("", "x" * 9000, "\u202e"),
    "Authorization": ("Basic x", "Bearer " + "x" * 5000, 'Digest username="'),
    "Cookie": ("language=zz; theme=\x7f", "danju_form=" + "x" * 3000, "=; ;;", "visit=" + "é" * 99),
    "Content-Length": ("-1", "99999999999999999999", "x", "0"),
    "Transfer-Encoding": ("chunked",),
    "Content-Type": ("", "x", "multipart/form-data", "a/b; charset=utf-7", "application/json"),
}
METHODS = (
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get",
    "X" * 99,
)
QUERIES = (
    "q", "page", "after", "sort", "tab", "kind", "state", "year", "month", "customer", "currency",
    "form", "since", "until", "next", "code", "line-code", "document", "owner", "tag", "active",
    "language", "from", "to", "day", "name", "product", "who", "filter", "open", "size", "width",
)
IDS = ("0", "-1", "²", "%00", "1e3", str(2**31), str(2**63), "9" * 400, "１", "1.0", "%2e%2e")
NUMBERS = (b"0", b"-1", b"99999999", b"9" * 300, b"4294967295", b"1e9")
JSON = (b"{}", b"[" * 9999, b'{"a":1e999}', b"nul", b"\xff")
FILES = (b"", b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n", b"a,b\n1,2\n", b"PK\3\4", b"\0" * 999)
FILENAMES = ("x.csv", "", "a/../b.png", "con.pdf", "\u202egpj.exe", "x" * 300, "é\r\n.zip")
# fmt: on
