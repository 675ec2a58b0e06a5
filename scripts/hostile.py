#!/usr/bin/env python3
"""Writes the hostile files into a folder: small inputs that cost much, and archives that lie. They are not committed.

    python3 scripts/hostile.py FOLDER [NAME ...]      about two minutes for all; files that are there already are kept

Nothing here does anything when it is loaded, except that it takes all memory: never load one. Each function below is a
file; its first line says what it is. scripts/hostile_table.py measures what each command makes of it.
Deterministic: no clock, no random numbers. Standard library only.
"""

import bz2
import io
import lzma
import os
import struct
import sys
import zlib

FILES = {}


def file(name):
    def keep(make):
        FILES[name] = make
        return make
    return keep


def u32(number):
    return struct.pack("<I", number)


def u64(number):
    return struct.pack("<Q", number)


def text(words):
    words = words if isinstance(words, bytes) else words.encode()
    return b"X" + u32(len(words)) + words


def gzipped(pieces, level=9):
    """A gzip stream of the pieces, which are never together in memory."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    out = [packer.compress(piece) for piece in pieces]
    return b"".join(out) + packer.flush()


def repeated(unit, count, before=b"", after=b""):
    """Pieces of about a megabyte."""
    each = max(1, (1 << 20) // len(unit))
    yield before
    while count > 0:
        yield unit * min(each, count)
        count -= each
    yield after


# Pickles -------------------------------------------------------------------------------------------------------------

@file("memo-doubling.pkl")
def memo_doubling():
    """Lists of a hundred times the list before, eight levels: 10^16 items when written out"""
    out = b"\x80\x02]q\0"
    for level in range(1, 9):
        out += b"](" + bytes([ord("h"), level - 1]) * 100 + b"eq" + bytes([level])
    return out + b"."


@file("memo-doubling-deep.pkl")
def memo_doubling_deep():
    """Dicts that hold the dict before twice, 10,000 levels"""
    out = [b"\x80\x02}r" + u32(0)]
    for level in range(1, 10_001):
        out.append(b"}(K\x01j%sK\x02j%sur%s" % (u32(level - 1), u32(level - 1), u32(level)))
    return b"".join(out) + b"."


@file("memo-gaps.pkl")
def memo_gaps():
    """Memo indexes, each more than twice the one before"""
    out, index = b"\x80\x02]", 1000
    while index < 1 << 32:
        out += b"r" + u32(index)
        index = 2 * index + 1000
    return out + b"."


@file("memo-million.pkl")
def memo_million():
    """2,000,000 memo entries with indexes far apart"""
    return b"\x80\x02]" + b"".join(b"r" + u32(number * 2000 + 7) for number in range(2_000_000)) + b"."


@file("dup.pkl.gz")
def dup():
    """300,000,000 DUPs"""
    return gzipped(repeated(b"2", 300_000_000, b"\x80\x02N"), 1)


@file("dup-tuples.pkl")
def dup_tuples():
    """A tuple of the tuple before, twice, 1,000,000 levels"""
    return b"\x80\x02N" + b"2\x86" * 1_000_000 + b"."


@file("tuples.pkl.gz")
def tuples():
    """50,000,000 tuples of one item, each in the next"""
    return gzipped(repeated(b"\x85", 50_000_000, b"\x80\x02N", b"."))


@file("empty-tuples.pkl.gz")
def empty_tuples():
    """100,000,000 empty lists in a list"""
    return gzipped(repeated(b"]", 100_000_000, b"\x80\x02(", b"l."))


@file("frames.pkl")
def frames():
    """1,000,000 frames inside each other"""
    return b"\x80\x04" + b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f" * 1_000_000 + b"N."


@file("marks.pkl")
def marks():
    """10,000,000 MARKs"""
    return b"(" * 10_000_000


@file("marks.pkl.gz")
def marks_gz():
    """300,000,000 MARKs"""
    return gzipped(repeated(b"(", 300_000_000))


@file("ints.pkl.gz")
def ints():
    """150,000,000 ints in a tuple"""
    return gzipped(repeated(b"K\x01", 150_000_000, b"\x80\x02(", b"t."))


@file("ints-16m.pkl.gz")
def ints_16m():
    """16,000,000 ints on the stack"""
    return gzipped(repeated(b"K\x01", 16_000_000, b"\x80\x02(", b"t."))


@file("appends.pkl.gz")
def appends():
    """40,000,000 times APPEND to two lists in turn"""
    return gzipped(repeated(b"h\0Na0h\1Na0", 20_000_000, b"\x80\x02]q\0]q\1", b"."))


@file("nesting.pkl")
def nesting():
    """2,000,000 lists in each other"""
    return b"\x80\x02" + b"]" * 2_000_000 + b"a" * 1_999_999 + b"."


@file("nesting-marks.pkl")
def nesting_marks():
    """1,000,000 lists in each other, by MARKs"""
    return b"(" * 1_000_000 + b"l" * 1_000_000 + b"."


@file("digits.pkl")
def digits():
    """LONG with 10,000,000 digits, twice"""
    return b"(L" + b"9" * 10_000_000 + b"L\nI" + b"9" * 10_000_000 + b"\nl."


@file("digits-rows.pkl")
def digits_rows():
    """300 ints of 100,000 digits"""
    return b"(" + (b"L" + b"7" * 100_000 + b"L\n") * 300 + b"l."


@file("long4.pkl")
def long4():
    """LONG4 of 50 MB"""
    return b"\x80\x02\x8b" + u32(50_000_000) + b"\x5a" * 50_000_000 + b"."


@file("text.pkl")
def text_large():
    """A str of 200 MB of escapes"""
    return b"\x80\x02X" + u32(200_000_000) + b"\x1b" * 200_000_000 + b"."


@file("text-line.pkl.gz")
def text_line():
    """A line of 500 MB without an end"""
    return gzipped(repeated(b"a", 500_000_000, b"V"))


@file("texts.pkl")
def texts():
    """2,000,000 str of the same text"""
    return b"\x80\x04(" + b"\x8c\x08hostile!" * 2_000_000 + b"t."


@file("equal-keys.pkl")
def equal_keys():
    """A dict of 2,000,000 equal keys, a set of 2,000,000 equal members"""
    return b"\x80\x04}(" + b"K\x01N" * 2_000_000 + b"u\x8f(" + b"K\x01" * 2_000_000 + b"\x90\x86."


@file("cycles.pkl")
def cycles():
    """A list that holds itself 3,000,000 times"""
    return b"\x80\x02]q\0(" + b"h\0" * 3_000_000 + b"e."


@file("cycle-chain.pkl")
def cycle_chain():
    """300,000 lists in each other, each holding the first and itself"""
    out = [b"\x80\x02]r" + u32(0)]
    for number in range(1, 300_000):
        out.append(b"]r%s(j%sj%s" % (u32(number), u32(0), u32(number)))
    return b"".join(out) + b"e" * 299_999 + b"."


@file("names-product.pkl")
def names_product():
    """Each of 1,500 modules with each of 1,500 names of 600 bytes: 2.7 GB of names"""
    out = [b"\x80\x04"]
    for number in range(1500):
        out.append(text("m%04d" % number + "m" * 595) + b"r" + u32(number) + b"0")
        out.append(text("n%04d" % number + "n" * 595) + b"r" + u32(5000 + number) + b"0")
    for module in range(1500):
        out.append(b"".join(b"j%sj%s\x930" % (u32(module), u32(5000 + name)) for name in range(1500)))
    return b"".join(out) + b"N."


@file("globals.pkl")
def many_globals():
    """300,000 distinct globals, each called"""
    return b"\x80\x02(" + b"".join(b"cmodule%d\nName%d\n)R" % (n // 10, n) for n in range(300_000)) + b"l."


@file("dotted-name.pkl")
def dotted_name():
    """A dotted name of 32,000 parts"""
    return b"cbuiltins\nint" + b".__new__" * 32_000 + b"\n."


@file("getattr-chain.pkl")
def getattr_chain():
    """200,000 times getattr of what getattr gave"""
    return (b"\x80\x02cbuiltins\ngetattr\nq\0" + text("real") + b"q\1" + b"K\1"
            + b"q\2h\0h\2h\1\x86R" * 200_000 + b".")


@file("partials.pkl")
def partials():
    """functools.partial of the partial before, 100,000 levels"""
    return (b"\x80\x02cfunctools\npartial\nq\0cbuiltins\nprint\n"
            + b"q\2h\0h\2\x85R" * 100_000 + b".")


@file("calls.pkl")
def calls():
    """Calls of what a call gave, 2,000,000 levels"""
    return b"\x80\x02cm\nf\n" + b")R" * 2_000_000 + b"."


@file("builds.pkl")
def builds():
    """2,000,000 states given to one object and to a global"""
    return b"\x80\x02cm\nC\nq\0)\x81q\1" + b"Nbh\0Nb0" * 1_000_000 + b"."


@file("streams.pkl")
def streams():
    """1,000,000 pickles in one file"""
    return b"N." * 1_000_000


@file("streams-memo.pkl")
def streams_memo():
    """100,000 pickles that need the memo of the one before"""
    return b"\x80\x02]q\0." + b"h\0q\1." * 100_000


@file("problems.pkl")
def problems():
    """3,000,000 problems: unhashable keys"""
    return b"\x80\x02}q\0" + b"h\0]Ns0" * 1_000_000 + b"N" + b"N\x85R" * 1_000_000 + b"."


@file("pops.pkl")
def pops():
    """5,000,000 values thrown away"""
    return b"\x80\x02" + b"N0" * 2_500_000 + b"(NNNN1" * 600_000 + b"N."


@file("pickle-in-pickle.pkl")
def pickle_in_pickle():
    """Pickles as bytes in pickles, 2,000 levels"""
    inner = b"\x80\x04N."
    for _ in range(2000):
        inner = b"\x80\x04B" + u32(len(inner)) + inner + b"."
    return inner


# Compressed ----------------------------------------------------------------------------------------------------------

GIB = 1 << 30


@file("zeros.gz")
def zeros_gz():
    """gzip: 16 GiB of zeros"""
    return gzipped(repeated(b"\0", GIB)) * 16


@file("zeros.zlib")
def zeros_zlib():
    """zlib: 2 GiB of zeros"""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece) for piece in repeated(b"\0", 2 * GIB)) + packer.flush()


@file("zeros.bz2")
def zeros_bz2():
    """bzip2: 100 streams of 45 MB of zeros"""
    return bz2.compress(bytes(45_000_000)) * 100


@file("streams.bz2")
def streams_bz2():
    """bzip2: 100,000 streams of one byte"""
    return bz2.compress(b"N") * 100_000


@file("streams.gz")
def streams_gz():
    """gzip: 1,000,000 streams of nothing"""
    return gzipped([b""]) * 1_000_000


@file("zeros.xz")
def zeros_xz():
    """xz: 32 streams of 128 MiB of zeros"""
    return lzma.compress(bytes(128 << 20), preset=0) * 32


@file("zeros.lzma")
def zeros_lzma():
    """LZMA: 512 MiB of zeros, with a dictionary that claims 4 GiB"""
    packed = lzma.compress(bytes(512 << 20), format=lzma.FORMAT_ALONE, preset=0)
    return packed[:1] + b"\xff\xff\xff\xff" + packed[5:]


@file("zeros.zst")
def zeros_zst():
    """zstd: 4 GiB in runs, window of 128 KiB"""
    block = u32(1 << 1 | (128 << 10) << 3)[:3] + b"\0"
    last = u32(1 | 1 << 1 | 1 << 3)[:3] + b"\0"
    return b"\x28\xb5\x2f\xfd\x00\x38" + block * 32768 + last


@file("window.zst")
def window_zst():
    """zstd: a frame that claims a window of 3 TiB"""
    return b"\x28\xb5\x2f\xfd\x00\xff" + u32(1 | 1 << 1 | 1 << 3)[:3] + b"\0"


@file("zeros.lz4")
def zeros_lz4():
    """lz4: 2 GiB of zeros"""
    length = 4 << 20
    match = length - 1 - 5 - 4 - 15
    block = b"\x1f\0\1\0" + b"\xff" * (match // 255) + bytes([match % 255]) + b"\x50" + b"\0" * 5
    block = u32(len(block)) + block
    return b"\x04\x22\x4d\x18\x60\x70\x73" + block * 512 + u32(0)


@file("nested.gz")
def nested_gz():
    """gzip in gzip, 20 levels around 4 GiB of zeros"""
    out = gzipped(repeated(b"\0", GIB)) * 4
    for _ in range(19):
        out = gzipped([out])
    return out


@file("wide.gz")
def wide_gz():
    """gzip in gzip in gzip: 300 MB that holds 300 MB that holds a pickle of 300 MB"""
    pickled = b"\x80\x04B" + u32(300 << 20) + bytes(300 << 20) + b"."
    once = gzipped([pickled], 0)
    return gzipped([gzipped([once], 0)])


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


def raw_deflate(pieces):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


@file("million.zip")
def million_zip():
    """zip: 1,000,000 empty entries"""
    return zipped([(b"%d.pkl" % number, 0, 0, b"", 0) for number in range(1_000_000)])


@file("million-names.zip")
def million_names():
    """zip: 300,000 entries of one name"""
    return zipped([(b"data.pkl", 0, zlib.crc32(b"N."), b"N.", 2) for _ in range(300_000)])


@file("overlapping.zip")
def overlapping():
    """zip: 1,000 entries over one stream of 100 MiB of zeros"""
    size = 100 << 20
    packed = raw_deflate(repeated(b"\0", size))
    crc = 0
    for piece in repeated(b"\0", size):
        crc = zlib.crc32(piece, crc)
    names = [b"%04d.pkl" % number for number in range(1000)]
    directory = b"".join(central(name, 8, crc, len(packed), size, 0) for name in names)
    body = local(names[0], 8, crc, len(packed), size) + packed
    return body + directory + end(1000, len(directory), len(body))


@file("overlapping-pickles.zip")
def overlapping_pickles():
    """zip: 1,000 entries over one pickle of 16,000,000 ints"""
    packed = raw_deflate(repeated(b"K\x01", 16_000_000, b"\x80\x02(", b"t."))
    crc, size = 0, 0
    for piece in repeated(b"K\x01", 16_000_000, b"\x80\x02(", b"t."):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    names = [b"%04d.pkl" % number for number in range(1000)]
    directory = b"".join(central(name, 8, crc, len(packed), size, 0) for name in names)
    body = local(names[0], 8, crc, len(packed), size) + packed
    return body + directory + end(1000, len(directory), len(body))


@file("lying.zip")
def lying_zip():
    """zip: sizes, offsets and counts that are not so"""
    names = [b"a.pkl", b"b.pkl", b"c.pkl", b"../../d.pkl", b"e.pkl"]
    body = local(names[0], 0, 0, 2, 2) + b"N."
    claims = [(0, 0xfffffff0, 0xfffffff0, 0), (8, 0xfffffff0, 5, 0), (0, 2, 2, 0xfffffff0), (99, 2, 2, 0), (0, 2, 9, 0)]
    directory = b"".join(central(n, m, 0, p, s, o) for n, (m, p, s, o) in zip(names, claims))
    return body + directory + end(60_000, len(directory), len(body))


@file("nested.zip")
def nested_zip():
    """zip in zip in zip, five levels of ten entries over one: 100,000 pickles"""
    inner = b"\x80\x04N."
    for _ in range(5):
        names = [b"%d.zip" % number for number in range(10)]
        crc, packed = zlib.crc32(inner), inner
        directory = b"".join(central(name, 0, crc, len(packed), len(packed), 0) for name in names)
        inner = local(names[0], 0, crc, len(packed), len(packed)) + packed + directory
        inner += end(10, len(directory), len(inner) - len(directory))
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


@file("many.tar")
def many_tar():
    """tar: 200,000 entries"""
    return b"".join(tar_header(b"%d.pkl" % number, 0) for number in range(200_000)) + bytes(1024)


@file("lying.tar")
def lying_tar():
    """tar: an entry that claims 2^62 bytes"""
    return tar_header(b"a.pkl", 2) + b"N.".ljust(512, b"\0") + tar_header(b"b.pkl", 1 << 62) + b"N."


@file("side-by-side.tar")
def side_by_side():
    """tar: 300 streams of gzip of 1 GiB each"""
    packed = gzipped(repeated(b"\0", GIB))
    padded = packed + bytes(-len(packed) % 512)
    return b"".join(tar_header(b"%d.pkl.gz" % n, len(packed)) + padded for n in range(300)) + bytes(1024)


@file("lying.7z")
def lying_7z():
    """7z: a header that claims 2^40 files"""
    header = b"\1\5\xfc\0\0\0\0\0\0\1\0\0" + b"\0"
    start = u64(0) + u64(len(header)) + u32(zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + u32(zlib.crc32(start)) + start + header


# Arrays --------------------------------------------------------------------------------------------------------------

@file("shape.npy")
def shape_npy():
    """.npy: a header that claims 10^18 numbers"""
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000000,), }"
    head = head.ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + bytes(800)


@file("shapes.pkl")
def shapes():
    """numpy: arrays that claim 10^15 and 0 x 10^18 numbers, of items of 2^31 bytes"""
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
    entries = [(b"archive/data.pkl", 0, zlib.crc32(pickled), pickled, len(pickled))]
    entries += [(b"archive/data/%d" % n, 0, zlib.crc32(b), b, len(b)) for n, b in storages]
    return zipped(entries + [(b"archive/version", 0, zlib.crc32(b"3\n"), b"3\n", 2)])


@file("strides.pt")
def strides():
    """torch: tensors of 10^12 numbers over one, with strides of 0, negative and enormous"""
    tensors = [("zero", tensor(0, [1_000_000, 1_000_000], [0, 0], 1)), ("negative", tensor(0, [5], [-1], 1)),
               ("enormous", tensor(0, [3, 3], [1 << 61, 1 << 61], 1 << 62)), ("many", tensor(0, [1] * 5000, [1] * 5000, 1))]
    return torch_file(tensors, [(0, struct.pack("<f", 1.5))])


@file("storages.pt")
def storages():
    """torch: 100,000 tensors in 100,000 storages"""
    count = 100_000
    tensors = [("layer.%d.weight" % n, tensor(n, [1], [1], 1)) for n in range(count)]
    return torch_file(tensors, [(n, struct.pack("<f", n)) for n in range(count)])


# Sparse --------------------------------------------------------------------------------------------------------------

HUNDRED = 100 * 10**9


def sparse(path, head, tail=b""):
    with open(path, "wb") as out:
        out.write(head)
        out.truncate(HUNDRED - len(tail))
        out.seek(HUNDRED - len(tail))
        out.write(tail)


SPARSE = {
    "sparse-zeros.pkl": ("100 GB of zeros", b"", b""),
    "sparse-bytes.pkl": ("A bytes object of 100 GB of zeros", b"\x80\x04\x8e" + u64(HUNDRED - 12), b"."),
    "sparse-text.pkl": ("A str of 100 GB of zeros", b"\x80\x04\x8d" + u64(HUNDRED - 12), b"."),
    "sparse-behind.pkl": ("A pickle, then 100 GB of zeros", b"\x80\x04N.", b""),
    "sparse.zip": ("A zip archive whose entry has 100 GB", b"PK\3\4", end(0, 0, HUNDRED - 22)),
}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, wanted = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    for name, make in FILES.items():
        path = os.path.join(folder, name)
        if (not wanted or name in wanted) and not os.path.exists(path):
            with open(path + ".part", "wb") as out:
                out.write(make())
            os.rename(path + ".part", path)
    for name, (_, head, tail) in SPARSE.items():
        path = os.path.join(folder, name)
        if (not wanted or name in wanted) and not os.path.exists(path):
            sparse(path, head, tail)


if __name__ == "__main__":
    main()
