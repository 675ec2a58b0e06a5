#!/usr/bin/env python3
"""Writes the hostile files into a folder: small inputs that cost much, and archives that lie. They are not committed.

    python3 scripts/hostile.py FOLDER [NAME ...]      about two minutes for all; files that are there already are kept

Nothing here does anything when it is loaded, except that it takes all memory: never load one. scripts/hostile_table.py
measures what each command makes of them, tests/e2e/hostile.mjs what the page does.
Deterministic: no clock, no random numbers. Standard library only.
"""

import bz2
import io
import lzma
import os
import struct
import sys
import zlib

# Name: what it is, and what makes it: bytes, or pieces of them, among which a number is so many zeros that are not written.
FILES = {}
GIB = 1 << 30
HUNDRED = 100 * 10**9


def u32(number):
    return struct.pack("<I", number)


def u64(number):
    return struct.pack("<Q", number)


def text(words):
    words = words if isinstance(words, bytes) else words.encode()
    return b"X" + u32(len(words)) + words


def repeated(unit, count, before=b"", after=b""):
    """Pieces of about a megabyte."""
    each = max(1, (1 << 20) // len(unit))
    yield before
    while count > 0:
        yield unit * min(each, count)
        count -= each
    yield after


def joined(make, count, before=b"", after=b""):
    """What `make` gives for each number up to `count`."""
    return before + b"".join(map(make, range(count))) + after


def deflated(pieces, window, level=9):
    """A stream of the pieces, which are never together in memory: gzip with a window of 31, zlib 15, bare -15."""
    packer = zlib.compressobj(level, zlib.DEFLATED, window)
    out = [packer.compress(piece) for piece in pieces]
    return b"".join(out) + packer.flush()


def gzipped(pieces, level=9):
    return deflated(pieces, 31, level)


# Pickles -------------------------------------------------------------------------------------------------------------

def memo_doubling():
    out = b"\x80\x02]q\0"
    for level in range(1, 9):
        out += b"](" + bytes([ord("h"), level - 1]) * 100 + b"eq" + bytes([level])
    return out + b"."


def memo_gaps():
    out, index = b"\x80\x02]", 1000
    while index < 1 << 32:
        out += b"r" + u32(index)
        index = 2 * index + 1000
    return out + b"."


def names_product():
    out = [b"\x80\x04"]
    for number in range(1500):
        out.append(text("m%04d" % number + "m" * 595) + b"r" + u32(number) + b"0")
        out.append(text("n%04d" % number + "n" * 595) + b"r" + u32(5000 + number) + b"0")
    for module in range(1500):
        out.append(joined(lambda name: b"j%sj%s\x930" % (u32(module), u32(5000 + name)), 1500))
    return b"".join(out) + b"N."


def pickle_in_pickle():
    inner = b"\x80\x04N."
    for _ in range(2000):
        inner = b"\x80\x04B" + u32(len(inner)) + inner + b"."
    return inner


INTS = b"K\x01", 16_000_000, b"\x80\x02(", b"t."

FILES |= {
    "memo-doubling.pkl": (
        "Lists of a hundred times the list before, eight levels: 10^16 items when written out", memo_doubling),
    "memo-doubling-deep.pkl": (
        "Dicts that hold the dict before twice, 10,000 levels",
        lambda: joined(lambda n: b"}(K\x01j%sK\x02j%sur%s" % (u32(n), u32(n), u32(n + 1)), 10_000,
                       b"\x80\x02}r" + u32(0), b".")),
    "memo-gaps.pkl": ("Memo indexes, each more than twice the one before", memo_gaps),
    "memo-million.pkl": (
        "2,000,000 memo entries with indexes far apart",
        lambda: joined(lambda n: b"r" + u32(n * 2000 + 7), 2_000_000, b"\x80\x02]", b".")),
    "dup.pkl.gz": ("300,000,000 DUPs", lambda: gzipped(repeated(b"2", 300_000_000, b"\x80\x02N"), 1)),
    "dup-tuples.pkl": (
        "A tuple of the tuple before, twice, 1,000,000 levels", lambda: b"\x80\x02N" + b"2\x86" * 1_000_000 + b"."),
    "tuples.pkl.gz": (
        "50,000,000 tuples of one item, each in the next", lambda: gzipped(repeated(b"\x85", 50_000_000, b"\x80\x02N", b"."))),
    "empty-tuples.pkl.gz": (
        "100,000,000 empty lists in a list", lambda: gzipped(repeated(b"]", 100_000_000, b"\x80\x02(", b"l."))),
    "memoize.pkl.gz": (
        "300,000,000 memo entries of one value", lambda: gzipped(repeated(b"\x94", 300_000_000, b"\x80\x04N"))),
    "frames.pkl": (
        "1,000,000 frames inside each other",
        lambda: b"\x80\x04" + b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f" * 1_000_000 + b"N."),
    "marks.pkl": ("10,000,000 MARKs", lambda: b"(" * 10_000_000),
    "marks.pkl.gz": ("300,000,000 MARKs", lambda: gzipped(repeated(b"(", 300_000_000))),
    "ints.pkl.gz": ("150,000,000 ints in a tuple", lambda: gzipped(repeated(b"K\x01", 150_000_000, b"\x80\x02(", b"t."))),
    "ints-16m.pkl.gz": ("16,000,000 ints on the stack", lambda: gzipped(repeated(*INTS))),
    "appends.pkl.gz": (
        "40,000,000 times APPEND to two lists in turn",
        lambda: gzipped(repeated(b"h\0Na0h\1Na0", 20_000_000, b"\x80\x02]q\0]q\1", b"."))),
    "nesting.pkl": (
        "2,000,000 lists in each other", lambda: b"\x80\x02" + b"]" * 2_000_000 + b"a" * 1_999_999 + b"."),
    "nesting-marks.pkl": (
        "1,000,000 lists in each other, by MARKs", lambda: b"(" * 1_000_000 + b"l" * 1_000_000 + b"."),
    "digits.pkl": (
        "LONG with 10,000,000 digits, twice", lambda: b"(L" + b"9" * 10_000_000 + b"L\nI" + b"9" * 10_000_000 + b"\nl."),
    "digits-rows.pkl": ("300 ints of 100,000 digits", lambda: b"(" + (b"L" + b"7" * 100_000 + b"L\n") * 300 + b"l."),
    "long4.pkl": ("LONG4 of 50 MB", lambda: b"\x80\x02\x8b" + u32(50_000_000) + b"\x5a" * 50_000_000 + b"."),
    "text.pkl": (
        "A str of 200 MB of escapes", lambda: b"\x80\x02X" + u32(200_000_000) + b"\x1b" * 200_000_000 + b"."),
    "text-line.pkl.gz": ("A line of 500 MB without an end", lambda: gzipped(repeated(b"a", 500_000_000, b"V"))),
    "texts.pkl": ("2,000,000 str of the same text", lambda: b"\x80\x04(" + b"\x8c\x08hostile!" * 2_000_000 + b"t."),
    "equal-keys.pkl": (
        "A dict of 2,000,000 equal keys, a set of 2,000,000 equal members",
        lambda: b"\x80\x04}(" + b"K\x01N" * 2_000_000 + b"u\x8f(" + b"K\x01" * 2_000_000 + b"\x90\x86."),
    "cycles.pkl": (
        "A list that holds itself 3,000,000 times", lambda: b"\x80\x02]q\0(" + b"h\0" * 3_000_000 + b"e."),
    "cycle-chain.pkl": (
        "300,000 lists in each other, each holding the first and itself",
        lambda: joined(lambda n: b"]r%s(j%sj%s" % (u32(n + 1), u32(0), u32(n + 1)), 299_999, b"\x80\x02]r" + u32(0),
                       b"e" * 299_999 + b".")),
    "names-product.pkl": ("Each of 1,500 modules with each of 1,500 names of 600 bytes: 2.7 GB of names", names_product),
    "globals.pkl": (
        "300,000 distinct globals, each called",
        lambda: joined(lambda n: b"cmodule%d\nName%d\n)R" % (n // 10, n), 300_000, b"\x80\x02(", b"l.")),
    "dotted-name.pkl": ("A dotted name of 32,000 parts", lambda: b"cbuiltins\nint" + b".__new__" * 32_000 + b"\n."),
    "getattr-chain.pkl": (
        "200,000 times getattr of what getattr gave",
        lambda: b"\x80\x02cbuiltins\ngetattr\nq\0" + text("real") + b"q\1K\1" + b"q\2h\0h\2h\1\x86R" * 200_000 + b"."),
    "partials.pkl": (
        "functools.partial of the partial before, 100,000 levels",
        lambda: b"\x80\x02cfunctools\npartial\nq\0cbuiltins\nprint\n" + b"q\2h\0h\2\x85R" * 100_000 + b"."),
    "calls.pkl": ("Calls of what a call gave, 2,000,000 levels", lambda: b"\x80\x02cm\nf\n" + b")R" * 2_000_000 + b"."),
    "builds.pkl": (
        "2,000,000 states given to one object and to a global",
        lambda: b"\x80\x02cm\nC\nq\0)\x81q\1" + b"Nbh\0Nb0" * 1_000_000 + b"."),
    "streams.pkl": ("1,000,000 pickles in one file", lambda: b"N." * 1_000_000),
    "streams-lists.pkl": ("500,000 pickles of a list of two lists", lambda: b"\x80\x02](]]e." * 500_000),
    "streams-memo.pkl": (
        "100,000 pickles that need the memo of the one before", lambda: b"\x80\x02]q\0." + b"h\0q\1." * 100_000),
    "streams-memo-large.pkl": (
        "A pickle of 200,000 memo entries and 100,000 pickles that need them",
        lambda: joined(lambda n: b"]r" + u32(n) + b"0", 200_000, b"\x80\x02", b"N.") + b"h\0." * 100_000),
    "problems.pkl": (
        "3,000,000 problems: unhashable keys",
        lambda: b"\x80\x02}q\0" + b"h\0]Ns0" * 1_000_000 + b"N" + b"N\x85R" * 1_000_000 + b"."),
    "pops.pkl": (
        "5,000,000 values thrown away", lambda: b"\x80\x02" + b"N0" * 2_500_000 + b"(NNNN1" * 600_000 + b"N."),
    "pickle-in-pickle.pkl": ("Pickles as bytes in pickles, 2,000 levels", pickle_in_pickle),
    "behind-noise.bin": (
        "300 MB that are nothing known, and a pickle that calls print behind them",
        lambda: b"\xfe\xed" * 150_000_000 + b"\x80\x04cbuiltins\nprint\n)R."),
    "protos.bin": (
        "20 MB of beginnings of pickles in bytes that are nothing known",
        lambda: b"\xfe" + b"\x80\x04cos\n" * 3_300_000),
}


# Compressed ----------------------------------------------------------------------------------------------------------

def zeros_lzma():
    packed = lzma.compress(bytes(512 << 20), format=lzma.FORMAT_ALONE, preset=0)
    return packed[:1] + b"\xff\xff\xff\xff" + packed[5:]


def zeros_zst():
    block = u32(1 << 1 | (128 << 10) << 3)[:3] + b"\0"
    last = u32(1 | 1 << 1 | 1 << 3)[:3] + b"\0"
    return b"\x28\xb5\x2f\xfd\x00\x38" + block * 32768 + last


def zeros_lz4():
    length = 4 << 20
    match = length - 1 - 5 - 4 - 15
    block = b"\x1f\0\1\0" + b"\xff" * (match // 255) + bytes([match % 255]) + b"\x50" + b"\0" * 5
    block = u32(len(block)) + block
    return b"\x04\x22\x4d\x18\x60\x70\x73" + block * 512 + u32(0)


def nested(content, levels, level=9):
    for _ in range(levels):
        content = gzipped([content], level)
    return content


FILES |= {
    "zeros.gz": ("gzip: 16 GiB of zeros", lambda: gzipped(repeated(b"\0", GIB)) * 16),
    "zeros.zlib": ("zlib: 2 GiB of zeros", lambda: deflated(repeated(b"\0", 2 * GIB), 15)),
    "zeros.bz2": ("bzip2: 100 streams of 45 MB of zeros", lambda: bz2.compress(bytes(45_000_000)) * 100),
    "streams.bz2": ("bzip2: 100,000 streams of one byte", lambda: bz2.compress(b"N") * 100_000),
    "streams.gz": ("gzip: 1,000,000 streams of nothing", lambda: gzipped([b""]) * 1_000_000),
    "zeros.xz": ("xz: 32 streams of 128 MiB of zeros", lambda: lzma.compress(bytes(128 << 20), preset=0) * 32),
    "zeros.lzma": ("LZMA: 512 MiB of zeros, with a dictionary that claims 4 GiB", zeros_lzma),
    "zeros.zst": ("zstd: 4 GiB in runs, window of 128 KiB", zeros_zst),
    "window.zst": (
        "zstd: a frame that claims a window of 3 TiB",
        lambda: b"\x28\xb5\x2f\xfd\x00\xff" + u32(1 | 1 << 1 | 1 << 3)[:3] + b"\0"),
    "zeros.lz4": ("lz4: 2 GiB of zeros", zeros_lz4),
    "nested.gz": ("gzip in gzip, 20 levels around 4 GiB of zeros", lambda: nested(gzipped(repeated(b"\0", GIB)) * 4, 19)),
    "wide.gz": (
        "gzip in gzip in gzip: 300 MB that holds 300 MB that holds a pickle of 300 MB",
        lambda: gzipped([nested(b"\x80\x04B" + u32(300 << 20) + bytes(300 << 20) + b".", 2, 0)])),
}


# Archives ------------------------------------------------------------------------------------------------------------

def local(name, method, crc, packed, size):
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, method, 0, 0x21, crc, packed, size, len(name), 0)
    return head + name


def central(name, method, crc, packed, size, offset):
    head = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, method, 0, 0x21, crc, packed, size, len(name), 0, 0, 0, 0, 0,
                       offset)
    return head + name


def end(count, size, offset):
    """The end of a zip archive, of the large format where the numbers need it."""
    out = b""
    if count > 0xfffe or offset > 0xfffffffe or size > 0xfffffffe:
        out = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
        out += struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    short, long = min(count, 0xffff), 0xffffffff
    return out + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, short, short, min(size, long), min(offset, long), 0)


def zipped(entries):
    """A zip archive of (name, method, crc, packed bytes, size)."""
    out, directory = io.BytesIO(), io.BytesIO()
    for name, method, crc, packed, size in entries:
        directory.write(central(name, method, crc, len(packed), size, out.tell()))
        out.write(local(name, method, crc, len(packed), size) + packed)
    offset = out.tell()
    return out.getvalue() + directory.getvalue() + end(len(entries), len(directory.getvalue()), offset)


def stored(name, content):
    return name, 0, zlib.crc32(content), content, len(content)


def overlapping(names, method, crc, packed, size):
    """A zip archive of entries that are all the same bytes."""
    body = local(names[0], method, crc, len(packed), size) + packed
    directory = b"".join(central(name, method, crc, len(packed), size, 0) for name in names)
    return body + directory + end(len(names), len(directory), len(body))


def overlapping_deflated(unit, count, before=b"", after=b""):
    """1,000 entries over one stream."""
    crc = size = 0
    for piece in repeated(unit, count, before, after):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    packed = deflated(repeated(unit, count, before, after), -15)
    return overlapping([b"%04d.pkl" % number for number in range(1000)], 8, crc, packed, size)


def quoting():
    """Each entry holds the header of the next as a stored block, and goes on as that does (David Fifield's quoted overlap)."""
    kernel = bytes(8 << 20)
    headers, body, directory, behind = b"", deflated([kernel], -15), [], []
    for number in reversed(range(1000)):
        if headers:
            body = b"\0" + struct.pack("<HH", len(header), 0xffff ^ len(header)) + body
        facts = b"%04d.pkl" % number, 8, zlib.crc32(kernel, zlib.crc32(headers)), len(body), len(headers) + len(kernel)
        header = local(*facts)
        headers, body = header + headers, header + body
        directory.append(facts)
        behind.append(len(body))
    entries = b"".join(central(*facts, len(body) - left) for facts, left in zip(directory, behind))
    return body + entries + end(1000, len(entries), len(body))


def lying_zip():
    names = [b"a.pkl", b"b.pkl", b"c.pkl", b"../../d.pkl", b"e.pkl"]
    body = local(names[0], 0, 0, 2, 2) + b"N."
    claims = [(0, 0xfffffff0, 0xfffffff0, 0), (8, 0xfffffff0, 5, 0), (0, 2, 2, 0xfffffff0), (99, 2, 2, 0), (0, 2, 9, 0)]
    directory = b"".join(central(n, m, 0, p, s, o) for n, (m, p, s, o) in zip(names, claims))
    return body + directory + end(60_000, len(directory), len(body))


def nested_zip():
    inner = b"\x80\x04N."
    for _ in range(5):
        inner = overlapping([b"%d.zip" % number for number in range(10)], 0, zlib.crc32(inner), inner, len(inner))
    return inner


def tar_header(name, size, kind=b"0"):
    octal = b"%011o\0" % size if size < 8 << 30 else b"\x80" + size.to_bytes(11, "big")
    head = bytearray(512)
    head[:len(name)] = name
    head[100:108], head[108:116], head[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    head[124:136], head[136:148], head[148:156], head[156:157] = octal, b"%011o\0" % 0, b" " * 8, kind
    head[257:265] = b"ustar\x0000"
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def side_by_side():
    packed = gzipped(repeated(b"\0", GIB))
    padded = packed + bytes(-len(packed) % 512)
    return joined(lambda n: tar_header(b"%d.pkl.gz" % n, len(packed)) + padded, 300, after=bytes(1024))


def lying_7z():
    header = b"\1\5\xfc\0\0\0\0\0\0\1\0\0" + b"\0"
    start = u64(0) + u64(len(header)) + u32(zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + u32(zlib.crc32(start)) + start + header


FILES |= {
    "million.zip": (
        "zip: 1,000,000 empty entries", lambda: zipped([stored(b"%d.pkl" % number, b"") for number in range(1_000_000)])),
    "million-names.zip": ("zip: 300,000 entries of one name", lambda: zipped([stored(b"data.pkl", b"N.")] * 300_000)),
    "overlapping.zip": (
        "zip: 1,000 entries over one stream of 100 MiB of zeros", lambda: overlapping_deflated(b"\0", 100 << 20)),
    "overlapping-pickles.zip": (
        "zip: 1,000 entries over one pickle of 16,000,000 ints", lambda: overlapping_deflated(*INTS)),
    "quoting.zip": ("zip: 1,000 entries of 8 MB of zeros, each in the one before", quoting),
    "lying.zip": ("zip: sizes, offsets and counts that are not so", lying_zip),
    "nested.zip": ("zip in zip in zip, five levels of ten entries over one: 100,000 pickles", nested_zip),
    "many.tar": (
        "tar: 200,000 entries", lambda: joined(lambda n: tar_header(b"%d.pkl" % n, 0), 200_000, after=bytes(1024))),
    "lying.tar": (
        "tar: an entry that claims 2^62 bytes",
        lambda: tar_header(b"a.pkl", 2) + b"N.".ljust(512, b"\0") + tar_header(b"b.pkl", 1 << 62) + b"N."),
    "side-by-side.tar": ("tar: 300 streams of gzip of 1 GiB each", side_by_side),
    "lying.7z": ("7z: a header that claims 2^40 files", lying_7z),
}


# Arrays --------------------------------------------------------------------------------------------------------------

def npy(shape, content):
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': %s, }" % shape
    head = head.ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + content


def shapes():
    out = b"\x80\x02("
    for shape, code in [("(K\x01J\xff\xff\xff\x7ft", b"f8"), ("(K\0J\xff\xff\xff\x7fJ\xff\xff\xff\x7ft", b"f8"),
                        ("(J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7ft", b"V2147483647")]:
        shape = shape.encode("latin-1")
        out += b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\1b\x87R"
        out += b"(K\1" + shape + b"cnumpy\ndtype\n" + text(code) + b"\x89\x88\x87R"
        out += b"(K\3" + text("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb" + b"\x89C\x08abcdefghtb"
    return out + b"l."


def tensor(number, sizes, strides, numel):
    integers = lambda values: b"(" + b"".join(b"\x8a\x08" + struct.pack("<q", value) for value in values) + b"t"
    out = b"ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + b"ctorch\nFloatStorage\n" + text("%d" % number)
    out += text("cpu") + b"\x8a\x08" + struct.pack("<q", numel) + b"tQK\0" + integers(sizes) + integers(strides)
    return out + b"\x89ccollections\nOrderedDict\n)RtR"


def torch_file(tensors, storages):
    pickled = b"\x80\x02}(" + b"".join(text(name) + value for name, value in tensors) + b"u."
    entries = [stored(b"archive/data.pkl", pickled)]
    entries += [stored(b"archive/data/%d" % number, content) for number, content in storages]
    return zipped(entries + [stored(b"archive/version", b"3\n")])


def strides():
    tensors = [("zero", tensor(0, [1_000_000, 1_000_000], [0, 0], 1)), ("negative", tensor(0, [5], [-1], 1)),
               ("enormous", tensor(0, [3, 3], [1 << 61, 1 << 61], 1 << 62)), ("many", tensor(0, [1] * 5000, [1] * 5000, 1))]
    return torch_file(tensors, [(0, struct.pack("<f", 1.5))])


def many_storages():
    count = 100_000
    tensors = [("layer.%d.weight" % n, tensor(n, [1], [1], 1)) for n in range(count)]
    return torch_file(tensors, [(n, struct.pack("<f", n)) for n in range(count)])


FILES |= {
    "shape.npy": (".npy: a header that claims 10^18 numbers", lambda: npy(b"(1000000000000000000,)", bytes(800))),
    "arrays.npy": (".npy: 50,000 arrays, one behind the other", lambda: npy(b"(1,)", b"\0" * 8) * 50_000),
    "shapes.pkl": ("numpy: arrays that claim 10^15 and 0 x 10^18 numbers, of items of 2^31 bytes", shapes),
    "strides.pt": ("torch: tensors of 10^12 numbers over one, with strides of 0, negative and enormous", strides),
    "storages.pt": ("torch: 100,000 tensors in 100,000 storages", many_storages),
    "sparse-zeros.pkl": ("100 GB of zeros", lambda: [HUNDRED]),
    "sparse-bytes.pkl": (
        "A bytes object of 100 GB of zeros", lambda: [b"\x80\x04\x8e" + u64(HUNDRED - 12), HUNDRED - 12, b"."]),
    "sparse-text.pkl": (
        "A str of 100 GB of zeros", lambda: [b"\x80\x04\x8d" + u64(HUNDRED - 12), HUNDRED - 12, b"."]),
    "sparse-behind.pkl": ("A pickle, then 100 GB of zeros", lambda: [b"\x80\x04N.", HUNDRED - 4]),
    "sparse.zip": (
        "A zip archive whose entry has 100 GB", lambda: [b"PK\3\4", HUNDRED - 102, end(0, 0, HUNDRED - 22)]),
}


def write(path, content):
    with open(path + ".part", "wb") as out:
        for piece in [content] if isinstance(content, bytes) else content:
            if isinstance(piece, int):
                out.truncate(out.tell() + piece)
                out.seek(0, os.SEEK_END)
            else:
                out.write(piece)
    os.rename(path + ".part", path)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, wanted = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    for name, (_, make) in FILES.items():
        path = os.path.join(folder, name)
        if (not wanted or name in wanted) and not os.path.exists(path):
            write(path, make())


if __name__ == "__main__":
    main()
