"""Documents that mean harm: small outside, endless inside, or something else than they say.

Made on the spot, so that no scanner of a mirror stumbles over the repository.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.support.rosters import docx_of, part_of, with_parts, xlsx_of

_DOCX = docx_of(["Попков Сергей"])
_XLSX = xlsx_of({"Лист": [["Попков Сергей"]]})
_MAIN = "word/document.xml"
_SHEET = "xl/worksheets/sheet1.xml"
_STRINGS = "xl/sharedStrings.xml"
_MEGABYTE = 1024 * 1024


def bombs() -> Iterator[tuple[str, bytes]]:
    """Name and bytes; every one is to be refused."""
    yield from _swelling()
    yield from _of_entries()
    yield from _of_xml()
    yield from _of_tables()
    yield from _lying()


def polyglots() -> Iterator[tuple[str, bytes]]:
    """What is one kind at its beginning, and another by a second look or by its name."""
    for name, head in {
        "gif": b"GIF89a\x01\x00\x01\x00",
        "png": b"\x89PNG\r\n\x1a\n",
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        "pdf": b"%PDF-1.7\n",
        "elf": b"\x7fELF\x02\x01\x01",
        "exe": b"MZ\x90\x00",
        "gzip": b"\x1f\x8b\x08\x00",
        "rar": b"Rar!\x1a\x07\x01\x00",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "shell": b"#!/bin/sh\x00\n",
        "bmp": b"BM\x00\x00\x00\x00",
        "webp": b"RIFF\x00\x00\x00\x00WEBP",
    }.items():
        yield f"{name} before docx", head + _DOCX
        yield f"{name} before xlsx", head + _XLSX
        yield f"{name} alone", head + b"\x00" * 64
    for name, text in {
        "html": "<!DOCTYPE html><script>alert(1)</script>",
        "html without doctype": "<html><body onload=alert(1)>",
        "svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "xml": "<?xml version='1.0'?><a/>",
        "rtf": "{\\rtf1\\ansi\\object}",
        "postscript": "%!PS-Adobe-3.0",
        "script": "<script>alert(1)</script>",
        "mhtml": "MIME-Version: 1.0\nContent-Type: multipart/related",
        "svg after a mark": "\ufeff  <svg onload=alert(1)>",
    }.items():
        yield name, text.encode()
    yield "old word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    yield "plain archive", _archive({"list.txt": b"x"})
    yield "jar", _archive({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0", "A.class": b"\xca"})
    yield "epub", _archive({"mimetype": b"application/epub+zip"})
    yield "open document", _archive({"mimetype": b"application/vnd.oasis.opendocument.text"})
    types = part_of(_DOCX, "[Content_Types].xml")
    yield (
        "document with macros",
        with_parts(
            _DOCX,
            {
                "[Content_Types].xml": types.replace(
                    b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    b"vnd.ms-word.document.macroEnabled.main",
                )
            },
        ),
    )
    both = types.replace(
        b"</Types>",
        b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    )
    yield "both kinds at once", with_parts(_DOCX, {"[Content_Types].xml": both})


def _swelling() -> Iterator[tuple[str, bytes]]:
    for name, megabytes in (("one part of 10 MB", 10), ("one part of 100 MB", 100)):
        yield name, with_parts(_DOCX, {_MAIN: _paragraphs(megabytes * _MEGABYTE)})
    yield "shared strings", with_parts(_XLSX, {_STRINGS: _strings(40 * _MEGABYTE)})
    yield "picture of zeros", with_parts(_DOCX, {"word/media/a.png": bytes(30 * _MEGABYTE)})
    yield (
        "picture that swells little by little",
        with_parts(
            _DOCX, {f"word/media/{n}.bin": bytes(_MEGABYTE) + _noise(12_000) for n in range(40)}
        ),
    )
    inner = _archive({"bomb": bytes(20 * _MEGABYTE)})
    yield "nested archive", _archive({"a.zip": inner, "b.zip": inner})
    nested = with_parts(_DOCX, {_MAIN: inner})
    yield "nested archive as the text", nested


def _of_entries() -> Iterator[tuple[str, bytes]]:
    yield "50 000 entries", _archive({f"a/{n}.xml": b"" for n in range(50_000)})
    yield "1001 entries", with_parts(_DOCX, {f"word/{n}.bin": b"x" for n in range(1_001)})
    for name in ("../outside.xml", "/etc/passwd", "word\\..\\x.xml", "C:/x.xml", "a/../../b.xml"):
        yield f"entry {name}", with_parts(_DOCX, {name: b"<a/>"})
    yield "overlapping entries", _overlapping()


def _of_xml() -> Iterator[tuple[str, bytes]]:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    laughs = f'<!DOCTYPE a [<!ENTITY e0 "ха">{levels}]>'
    for name, declaration in {
        "billion laughs": laughs,
        "quadratic": f'<!DOCTYPE a [<!ENTITY b "{"b" * 50_000}">]>',
        "outside entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "outside doctype": '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">',
        "lower case": "<!doctype a [<!entity x 'y'>]>",
    }.items():
        body = part_of(_DOCX, _MAIN).decode().partition("?>")[2]
        content = f'<?xml version="1.0" encoding="UTF-8"?>{declaration}{body}'
        yield f"{name} in text", with_parts(_DOCX, {_MAIN: content.encode()})
        yield f"{name} in a sheet", with_parts(_XLSX, {_SHEET: content.encode()})
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{laughs}<a/>'.encode("utf-16")
    yield "laughs in UTF-16", with_parts(_DOCX, {_MAIN: wide})
    seven = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'
    yield "doctype in UTF-7", with_parts(_DOCX, {_MAIN: seven})
    deep = b"<w:p>" * 200_000 + b"</w:p>" * 200_000
    yield "a depth of 200 000", with_parts(_DOCX, {_MAIN: deep}, packed=False)
    attributes = b"<a " + b" ".join(b'a%d="%d"' % (n, n) for n in range(300_000)) + b"/>"
    yield "300 000 attributes", with_parts(_DOCX, {_MAIN: attributes}, packed=False)


def _of_tables() -> Iterator[tuple[str, bytes]]:
    rows = [
        [f"Попков{n} Сергей", f"министр {n * 7919 % 1000} связи", str(n)] for n in range(10_000)
    ]
    yield "10 000 rows of a sheet", xlsx_of({"Лист": rows})
    yield "10 000 paragraphs", docx_of([" ".join(row) for row in rows[:200]]) and _long_docx(rows)
    yield "10 000 lines of text", "\n".join("\t".join(row) for row in rows).encode()
    yield "a cell of a megabyte", xlsx_of({"Лист": [["я" * 32_000]]})


def _lying() -> Iterator[tuple[str, bytes]]:
    yield "cut in the middle", _DOCX[: len(_DOCX) // 2]
    yield "a head alone", _DOCX[:30]
    yield "no text in it", with_parts(_DOCX, {_MAIN: None})
    yield "text that is no XML", with_parts(_DOCX, {_MAIN: b"\x00\x01\x02"})
    damaged = bytearray(_DOCX)
    for place in range(200, len(damaged) - 2_000, 37):
        damaged[place] ^= 0x55
    yield "damaged all over", bytes(damaged)
    encrypted = bytearray(_archive({"[Content_Types].xml": b"x"}))
    central = encrypted.index(b"PK\x01\x02")
    encrypted[central + 8] |= 1
    yield "encrypted", bytes(encrypted)
    yield "larger than any roster", _DOCX + _noise(8 * _MEGABYTE)
    longer = bytearray(_DOCX)
    central = longer.index(b"PK\x01\x02")
    longer[central + 24 : central + 28] = struct.pack("<I", 0xFFFF_FFF0)
    yield "a size that is a lie", bytes(longer)


def _long_docx(rows: list[list[str]]) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{' '.join(row)}</w:t></w:r></w:p>" for row in rows)
    body = part_of(_DOCX, _MAIN).decode()
    before, mark, after = body.partition("<w:body>")
    return with_parts(_DOCX, {_MAIN: (before + mark + paragraphs + after).encode()})


def _paragraphs(size: int) -> bytes:
    before, mark, after = part_of(_DOCX, _MAIN).partition(b"<w:body>")
    one = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    return before + mark + one * (size // len(one)) + after


def _strings(size: int) -> bytes:
    one = b"<si><t>aaaaaaaaaaaaaaaa</t></si>"
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return head + one * (size // len(one)) + b"</sst>"


def _archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _overlapping() -> bytes:
    """Many names for one stretch of packed bytes: the sum of the parts is more than the file."""
    packed = zlib.compress(b"a" * 3_000 + _noise(3_000), 9)[2:-4]
    content = b"a" * 3_000 + _noise(3_000)
    name = b"word/0000.bin"
    head = struct.pack(
        "<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 33, zlib.crc32(content), len(packed),
        len(content), len(name), 0,
    )  # fmt: skip
    directory = b""
    for number in range(900):
        entry = b"word/%04d.bin" % number
        directory += struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 33, zlib.crc32(content),
            len(packed), len(content), len(entry), 0, 0, 0, 0, 0, 0,
        ) + entry  # fmt: skip
    local = head + name + packed
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 900, 900, len(directory), len(local), 0)
    return local + directory + end


def _noise(size: int) -> bytes:
    """Bytes that do not pack, the same every time."""
    state, made = 1, bytearray()
    while len(made) < size:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        made += struct.pack("<Q", state)
    return bytes(made[:size])
