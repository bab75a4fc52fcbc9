"""Builds workbooks (XLSX), sound and broken, byte by byte: what the tests of this folder hand in."""
import io
import struct
import zipfile
import zlib
from xml.etree import ElementTree
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

# Cell styles of every workbook made here, by the index that goes into s="".
STYLES = HEAD + (
    '<styleSheet xmlns="%s"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d'
    '&quot;日&quot;"/><numFmt numFmtId="165" formatCode="0.00E+00"/></numFmts><fonts><font/></fonts><fills><fill/></fills>'
    '<borders><border/></borders><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="11"/>'
    '<xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/><xf numFmtId="4"/></cellXfs></styleSheet>' % MAIN)
DATE, PERCENT, SCIENTIFIC, CHINESE_DATE, DATE_TIME, OWN_SCIENTIFIC, THOUSANDS = range(1, 8)


def letters(column):
    """"A" of 0, "AA" of 26."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def text(value):
    return 't="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % escape(value)


def number(value, style=0):
    return 's="%d"><v>%s</v></c>' % (style, value)


def shared(index):
    return 't="s"><v>%s</v></c>' % index


def boolean(value):
    return 't="b"><v>%d</v></c>' % value


def error(value="#N/A"):
    return 't="e"><v>%s</v></c>' % value


def formula(expression, value=None, kind="str"):
    return 't="%s"><f>%s</f>%s</c>' % (kind, escape(expression), "" if value is None else "<v>%s</v>" % escape(value))


def row(number_, cells, attributes=""):
    """cells: texts, None, or what the functions above give."""
    out = ['<row r="%d"%s>' % (number_, attributes)]
    for column, cell in enumerate(cells):
        if cell is not None:
            out.append('<c r="%s%d" %s' % (letters(column), number_, cell if cell.endswith("</c>") else text(cell)))
    return "".join(out) + "</row>"


def rows(lists, first=1):
    return "".join(row(first + i, cells) for i, cells in enumerate(lists))


def sheet(body, before="", after=""):
    return '%s<worksheet xmlns="%s">%s<sheetData>%s</sheetData>%s</worksheet>' % (HEAD, MAIN, before, body, after)


def parts(*sheets, names=None, states=None, strings=None, date_1904=False):
    """The parts of a workbook by name. sheets: whole XML texts."""
    names = names or ["Sheet%d" % (i + 1) for i in range(len(sheets))]
    states = states or [""] * len(sheets)
    found = {
        "[Content_Types].xml": HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": HEAD + '<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" '
                              'Target="xl/workbook.xml"/></Relationships>' % (RELATIONS, OFFICE),
        "xl/workbook.xml": HEAD + '<workbook xmlns="%s" xmlns:r="%s"><workbookPr%s/><sheets>%s</sheets></workbook>' % (
            MAIN, OFFICE, ' date1904="1"' if date_1904 else "",
            "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"%s/>' % (escape(name), i + 1, i + 1,
                                                                      ' state="%s"' % state if state else "")
                    for i, (name, state) in enumerate(zip(names, states)))),
        "xl/_rels/workbook.xml.rels": HEAD + '<Relationships xmlns="%s">%s<Relationship Id="rId90" Type="%s/styles" '
                                             'Target="styles.xml"/><Relationship Id="rId91" Type="%s/sharedStrings" '
                                             'Target="sharedStrings.xml"/></Relationships>' % (
            RELATIONS, "".join('<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>'
                               % (i + 1, OFFICE, i + 1) for i in range(len(sheets))), OFFICE, OFFICE),
        "xl/styles.xml": STYLES,
    }
    for i, xml in enumerate(sheets):
        found["xl/worksheets/sheet%d.xml" % (i + 1)] = xml
    if strings is not None:
        found["xl/sharedStrings.xml"] = HEAD + '<sst xmlns="%s">%s</sst>' % (
            MAIN, "".join("<si><t>%s</t></si>" % escape(value) for value in strings))
    return found


def pack(found):
    """The bytes of the archive. found: dict, or list of (name, content) when a name shall stand twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items() if isinstance(found, dict) else found:
            archive.writestr(name, content)
    return out.getvalue()


def book(*sheets, **options):
    return pack(parts(*sheets, **options))


def table(lists, **options):
    """A workbook of one sheet with these rows from row 1 on."""
    return book(sheet(rows(lists)), **options)


def with_bomb(found, part, before, block, times, after):
    """An archive in which `part` is before + block * times + after, packed piece by piece: terabytes cost nothing."""
    found = {name: content for name, content in found.items() if name != part}
    out = io.BytesIO(pack(found))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed, size, crc = [], 0, 0
    for piece in [before] + [block] * times + [after]:
        packed.append(packer.compress(piece))
        size += len(piece)
        crc = zlib.crc32(piece, crc)
    packed.append(packer.flush())
    body = b"".join(packed)
    with zipfile.ZipFile(out) as archive:
        directory_at, count = archive.start_dir, len(archive.infolist())
    bytes_ = out.getvalue()
    directory = bytes_[directory_at:-22]
    name = part.encode()
    fields = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 33, crc, len(body), min(size, 0xFFFFFFFE), len(name), 0)
    local = b"PK\x03\x04" + fields + name + body
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, directory_at) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory) + len(entry),
                                      directory_at + len(local), 0)
    return bytes_[:directory_at] + local + directory + entry + end


def old_container(stream_names):
    """An OLE compound file, as old .xls files and workbooks with a password are: header, one sector with the names."""
    header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16) + struct.pack("<HHH", 0x3E, 3, 0xFFFE) + bytes(482)
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
                         for name in stream_names)
    return (header + directory).ljust(8192, b"\0")


# --- reading what the platform wrote


def read_cells(path, sheet=1):
    """{"A1": (text, style index)} of a workbook whose cells are inline texts or numbers."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet%d.xml" % sheet))
    return {cell.get("r"): ("".join(cell.itertext()), cell.get("s", "0")) for cell in root.iter("{%s}c" % MAIN)}


def read_comments(path, sheet=1):
    """{"A1": text}"""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("xl/comments%d.xml" % sheet))
    return {comment.get("ref"): "".join(comment.itertext()) for comment in root.iter("{%s}comment" % MAIN)}
