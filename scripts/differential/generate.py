"""Streams over all 68 opcodes: valid, almost valid, weird. The same seed gives the same streams on every Python.

`Generator(seed).stream()` gives `(flags, bytes)`: how the loader is set up (`truth.py`) and the stream.
"""

import struct

PERSISTENT, BUFFERS, LATIN1, BYTES = 1, 2, 4, 8
MASK = (1 << 64) - 1


def mixed(state):
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & MASK
    state = (state ^ state >> 27) * 0x94D049BB133111EB & MASK
    return state ^ state >> 31


class Random:
    """SplitMix64: small, and not Python's own, whose choices changed between versions."""

    __slots__ = ("state",)

    def __init__(self, seed):
        # Mixed first: from states that are multiples of the step, one seed would give what another gave a few steps later.
        self.state = mixed((seed ^ 0x5851F42D4C957F2D) & MASK)

    def below(self, n):
        self.state = state = (self.state + 0x9E3779B97F4A7C15) & MASK
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & MASK
        state = (state ^ state >> 27) * 0x94D049BB133111EB & MASK
        return ((state ^ state >> 31) >> 32) * n >> 32

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.below(100) < percent


LINES_INT = """0 1 00 01 7 -5 255 65536 2147483648 -2147483649 9223372036854775808 010 -010 08 0x10 0X1F 0o17 0b101 1_000
1__0 _1 +1 -1 -0 +0 01x 5L 5l 000 002 00000 007 1.5 --1 0x 0_7 0x_f 0b12 99999999999999999999 +01 -01 12a L True""".split()
LINES_INT += ["", " 5", "5 ", "\t7", "1 2", " ", "5\0", "5\0x", "\0", "12\r", " 1", "1 ", " 0", "\x0b3", "\x0c3", "1\x85", "\xa05", "\x1c5", "5\x1f"]
LINES_LONG = [line + "L" for line in LINES_INT] + LINES_INT + ["5LL", "L5", "-L", "123456789012345678901234567890L"]
LINES_FLOAT = """0 1.5 -0.0 1e5 1E-400 1e400 -1e400 inf -inf nan Infinity -nan +inf iNf 1_0 1_0.5 _1 1__0 .5 5. . e5 1e 1e+ 1e+5 0x1p3
1.5L 1,5 1.7976931348623157e308 1.7976931348623159e308 4.9e-324 2e-324 1d5 infx nanx 00.5 1e5_0 1e_5 1_e5""".split()
LINES_FLOAT += ["", " 1.5", "1.5 ", "1.5\0", "1.5\0x", "\0", "\t1", "1\r", "1 2", "\x1c1", "1\xa0", "-", "+"]
LINES_STRING = ["''", '""', "'abc'", '"abc"', "'a\\nb'", "'\\x41'", "'\\x4'", "'\\x'", "'\\101'", "'\\400'", "'\\0'", "'\\\\'",
                "'\\'", "'\\q'", "'\\u0041'", "'a", "a'", "abc", "'", "", " 'abc'", "'abc' ", "'a'b'", "\"a'b\"", "'a\"b'",
                "'\xe9'", "'\\xe9'", "'\\xff\\x00'", "'\\8'", "'a' 'b'", "'abc\"", "\t'a'", "'a'\r", "'\\\n'", "'\0'", "u'a'",
                "'\\x41\\", "'\\N{DIGIT ONE}'", "'\\777'", "'\\r\\n\\t\\a\\b\\f\\v\\''"]
LINES_UNICODE = ["", "abc", "\xe9", "\\u0041", "\\u00e9", "\\u004", "\\uzzzz", "\\U0001f600", "\\U00110000", "\\ud800", "\\udc00",
                 "\\ud83d\\ude00", "\\\\u0041", "\\\\\\u0041", "\\n", "\\", "abc\\", "\\u", "\\U0000", "a\r", "\\x41", "\0", "\\u000a",
                 "\\u005cu0041", "\\U0000d800", "\\U"]
TEXTS = [b"", b"a", b"b", b"abc", b"m", b"x", "é".encode(), "日本".encode(), "😀".encode(), b"\xed\xa0\x80", b"\xed\xb0\x80",
         b"\xed\xa0\xbd\xed\xb8\x80", b"\xff", b"a\xc3", b"\xc0\x80", b"\xe0\x80\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98", b"a\0b",
         b"a\nb", b"\r", b"1", b"x.y", b"\x80", b"\xed\xa0", b"\xf8\x88\x80\x80\x80", "\u2028\u202e\u200b".encode(), b"\x1b[31m",
         b"\xc3\xa9" * 20, b"q" * 70]
BYTESTRINGS = [b"", b"a", b"b", b"abc", b"\0", b"\xff\xfe", b"a\nb", b"'\"", bytes(range(20)), b"1"]
MODULES = [b"m", b"m", b"m", b"n", b"m.sub", b"__main__", b"mod\xc3\xa9", b"", b"bad\xff", b"a b", b"\xed\xa0\x80", b"m\r", b"m\0",
           b"httplib", b"copy_reg"]
NAMES = [b"x", b"x", b"y", b"Z", b"Outer.Inner", b"caf\xc3\xa9", b"", b"bad\xff", b"a b", b"x\r", b"..", b"\xed\xa0\x80", b"x\0",
         b"set", b"_reconstructor"]
LINES_INDEX = ["0", "1", "2", "3", "5", "7", "10", "256", "1000", "-1", "01", "+1", " 1", "1 ", "1_0", "x", "", "1L", "0x1", "1\0", "1\0x",
               "1.0", "9223372036854775808", "99999999999999999999", "00", "\t2", "\xa01", "-0"]
LINES_ID = ["", "a", "id1", "5", "\xe9", "a b", "('x',)", "\0", "a\r"]
INTS = [0, 1, 2, 3, 65, 127, 128, 255, 256, 65535, 65536, -1, -128, -129, 2147483647, -2147483648]
LONGS = [b"", b"\0", b"\1", b"\xff", b"\0\0", b"\xff\xff", b"\x80", b"\x80\0", b"\1\0\0\0\0\0\0\0\0", b"\xff" * 9, b"\0" * 8 + b"\1",
         b"\0" * 8 + b"\x80", b"\0" * 7 + b"\x80", b"\1" * 30, b"\2\0\0\0\0\0\0\0", b"\0\0\0\0\0\0\x20", b"\0\0\0\0\0\0\x20\0"]
FLOATS = [0.0, -0.0, 1.0, 2.0, 1.5, -1.0, 1e300, 5e-324, float("inf"), float("-inf"), 9007199254740992.0, 18446744073709551616.0, 65.0, 0.1]
NANS = [0x7FF8000000000000, 0x7FF8000000000001, 0xFFF8000000000000, 0x7FF0000000000001]
LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 10, 20, 100, 255]
BIG4 = [0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000000]
BIG8 = [0xFFFFFFFFFFFFFFFF, 0x8000000000000000, 0x7FFFFFFFFFFFFFFF, 1 << 40, 1 << 62]
# Every opcode with the way its argument is written, for streams that follow no grammar.
OPCODES = b"(.0123FIJKLMNPQRSTUVX]abcdefghijlopqrstu})GB" + bytes(range(0x80, 0x99)) + b"CXU"


def line(text):
    return text.encode("latin-1") + b"\n"


def u4(n):
    return struct.pack("<I", n & 0xFFFFFFFF)


def u8(n):
    return struct.pack("<Q", n & MASK)


class Generator:
    def __init__(self, seed, size=1.0):
        self.random = Random(seed)
        self.size = size
        # How often, in percent, an operand is one that does not fit; set anew for every stream.
        self.odd = 0
        self.out = bytearray()
        self.starts = []
        self.memo = 0
        self.budget = 0

    # Pieces

    def emit(self, *parts):
        self.starts.append(len(self.out))
        for part in parts:
            self.out += part

    def wrong(self):
        return self.odd and self.random.chance(self.odd)

    def sized(self, one, four, eight, data):
        """Data behind a length of one, four or eight bytes, the length now and then another."""
        forms = [form for form in ((one, 1), (one, 1), (four, 4), (eight, 8)) if form[0] is not None]
        opcode, width = self.random.pick(forms)
        length = len(data)
        if self.wrong():
            length = self.random.pick(LENGTHS + (BIG4 if width == 4 else BIG8 if width == 8 else []))
        number = bytes([length & 255]) if width == 1 else u4(length) if width == 4 else u8(length)
        self.emit(opcode, number, data)

    def long_line(self):
        """Digits around the limits of `int`, and far more than a window of the reader's is long."""
        random = self.random
        digits = random.pick(("1" * 4300, "1" * 4301, "-" + "9" * 4300, "0x" + "f" * 4400, "0" * 4400 + "1", "0" * 4400,
                              "1_" * 4299 + "1", "1_" * 4300 + "1", " " * 4400 + "7", "0b" + "1" * 9000, "1" * 4301 + "x"))
        opcode = random.pick((b"I", b"L", b"F"))
        self.emit(opcode, line(digits + ("L" if opcode == b"L" and random.chance(50) else "")))

    def text(self):
        if self.random.below(2000) == 0:
            data = b"q" * 70000 + self.random.pick((b"", b"\xff", b"\xc3\xa9", b"\xc3", b"\xed\xa0\x80", b"q" * 70000))
            return self.sized(None, b"X", b"\x8d", data)
        pool = TEXTS if self.random.chance(60) else TEXTS[:8]
        self.sized(b"\x8c", b"X", b"\x8d", self.random.pick(pool))

    def integer(self):
        pick, chance = self.random.pick, self.random.below(10)
        if self.odd and self.random.below(500) == 0:
            return self.long_line()
        if chance < 5:
            self.emit(b"K", bytes([pick((0, 1, 2, 3, 65, 255))]))
        elif chance == 5:
            self.emit(b"M", struct.pack("<H", pick((0, 1, 65, 256, 65535))))
        elif chance == 6:
            self.emit(b"J", struct.pack("<i", pick(INTS)))
        elif chance == 7:
            self.emit(b"I", line(pick(LINES_INT if self.odd else LINES_INT[:11])))
        elif chance == 8:
            self.emit(b"L", line(pick(LINES_LONG if self.odd else LINES_LONG[:11])))
        else:
            self.sized(b"\x8a", b"\x8b", None, pick(LONGS))

    def float(self):
        chance = self.random.below(10)
        if chance < 6:
            self.emit(b"G", struct.pack(">d", self.random.pick(FLOATS)))
        elif chance < 7:
            self.emit(b"G", struct.pack(">Q", self.random.pick(NANS)))
        else:
            self.emit(b"F", line(self.random.pick(LINES_FLOAT if self.odd else LINES_FLOAT[:5])))

    def atom(self):
        random = self.random
        chance = random.below(100)
        if chance < 10:
            self.emit(random.pick((b"N", b"\x88", b"\x89")))
        elif chance < 40:
            self.integer()
        elif chance < 48:
            self.float()
        elif chance < 68:
            self.text()
        elif chance < 78:
            self.sized(b"C", b"B", b"\x8e", random.pick(BYTESTRINGS))
        elif chance < 83:
            self.emit(b"V", line(random.pick(LINES_UNICODE if self.odd else LINES_UNICODE[:4])))
        elif chance < 88:
            self.emit(b"S", line(random.pick(LINES_STRING if self.odd else LINES_STRING[:5])))
        elif chance < 93:
            pool = BYTESTRINGS if random.chance(20) else (b"", b"a", b"abc")
            self.sized(b"U", b"T", None, random.pick(pool))
        elif chance < 96:
            self.emit(b"P", line(random.pick(LINES_ID if self.odd else LINES_ID[:4])))
        else:
            self.emit(b")")

    # Keys and members

    def key(self, depth=0):
        random = self.random
        chance = random.below(100)
        if self.wrong():
            self.unhashable(depth)
        elif chance < 35:
            random.pick((
                lambda: self.emit(b"K\1"), lambda: self.emit(b"\x88"), lambda: self.emit(b"G", struct.pack(">d", 1.0)),
                lambda: self.emit(b"K\0"), lambda: self.emit(b"\x89"), lambda: self.emit(b"G", struct.pack(">d", 0.0)),
                lambda: self.emit(b"G", struct.pack(">d", -0.0)), lambda: self.emit(b"I01\n"), lambda: self.emit(b"\x8a\1\1"),
                lambda: self.emit(b"G", struct.pack(">Q", NANS[0])),
            ))()
        elif chance < 65:
            random.pick((
                lambda: self.emit(b"\x8c\1a"), lambda: self.emit(b"X\1\0\0\0a"), lambda: self.emit(b"Va\n"),
                lambda: self.emit(b"C\1a"), lambda: self.emit(b"U\1a"), lambda: self.emit(b"S'a'\n"), lambda: self.emit(b"N"),
                lambda: self.emit(b"\x8c\1b"), lambda: self.emit(b"cm\nx\n"),
            ))()
        elif chance < 72:
            random.pick((
                lambda: self.emit(b"\x8a\7\0\0\0\0\0\0\x20"), lambda: self.emit(b"G", struct.pack(">d", 9007199254740992.0)),
                lambda: self.emit(b"\x8a\x09\0\0\0\0\0\0\0\0\1"), lambda: self.emit(b"G", struct.pack(">d", 18446744073709551616.0)),
                lambda: self.emit(b"L18446744073709551616L\n"), lambda: self.emit(b"\x8a\7\1\0\0\0\0\0\x20"),
            ))()
        elif chance < 74 and self.memo:
            self.get()
        elif chance == 74:
            levels = random.pick((3, 7, 9, 20, 60))
            self.emit(random.pick((b"K\1", b"\x88", b"\x8c\1a")))
            self.emit(b"\x85" * levels)
        elif chance < 85 and depth < 3:
            self.tuple(depth + 1, self.key)
        elif chance < 90 and depth < 3:
            self.emit(b"(")
            for _ in range(random.below(3)):
                self.key(depth + 1)
            self.emit(b"\x91")
        else:
            self.atom()

    def unhashable(self, depth):
        chance = self.random.below(6)
        if chance == 0:
            self.emit(b"]")
        elif chance == 1:
            self.emit(b"}")
        elif chance == 2:
            self.emit(b"\x8f")
        elif chance == 3:
            self.bytearray()
        elif chance == 4:
            self.emit(b"\x97")
        elif depth < 4:
            self.tuple(depth + 1, self.unhashable)
        else:
            self.emit(b"]")

    # Containers

    def tuple(self, depth, item):
        count = self.random.below(4)
        if self.random.chance(50):
            if self.random.chance(3):
                count = 5
            self.emit(b"(")
            for _ in range(count):
                item(depth)
            self.emit(b"t")
        elif count == 0:
            self.emit(b")")
        else:
            for _ in range(count):
                item(depth)
            self.emit((b"\x85", b"\x86", b"\x87")[count - 1])

    def few(self):
        return self.random.pick((0, 1, 1, 2, 2, 3, 4))

    def bytearray(self):
        data = self.random.pick(BYTESTRINGS)
        length = self.random.pick(BIG8 + LENGTHS) if self.wrong() else len(data)
        self.emit(b"\x96", u8(length), data)

    def container(self, depth):
        random = self.random
        chance = random.below(100)
        if chance < 30:
            if random.chance(40):
                self.emit(b"(")
                for _ in range(self.few()):
                    self.value(depth)
                self.emit(b"l")
            else:
                self.emit(b"]")
                self.maybe_memo()
                self.items(depth)
        elif chance < 58:
            if random.chance(30):
                self.emit(b"(")
                self.keys_and_values(depth)
                self.emit(b"d")
            else:
                self.emit(b"}")
                self.maybe_memo()
                self.pairs(depth)
        elif chance < 70:
            self.emit(b"\x8f")
            self.maybe_memo()
            self.members()
        elif chance < 78:
            self.emit(b"(")
            for _ in range(self.few()):
                self.key()
            self.emit(b"\x91")
        elif chance < 94:
            self.tuple(depth, self.value)
        else:
            self.bytearray()
            if random.chance(60):
                self.byte_items()

    def items(self, depth):
        if self.random.chance(50):
            self.emit(b"(")
            for _ in range(self.few()):
                self.value(depth)
            self.emit(b"e")
        else:
            for _ in range(self.few()):
                self.value(depth)
                self.emit(b"a")

    def byte_items(self):
        if self.random.chance(50):
            self.emit(b"(")
            for _ in range(self.few()):
                self.value(5) if self.wrong() else self.emit(b"K", bytes([self.random.below(256)]))
            self.emit(b"e")
        else:
            self.value(5) if self.wrong() else self.emit(b"K", bytes([self.random.below(256)]))
            self.emit(b"a")

    def keys_and_values(self, depth):
        for _ in range(self.few()):
            self.key()
            self.value(depth)
        if self.wrong():
            self.key()

    def pairs(self, depth):
        if self.random.chance(60):
            self.emit(b"(")
            self.keys_and_values(depth)
            self.emit(b"u")
        else:
            for _ in range(self.few()):
                self.key()
                self.value(depth)
                self.emit(b"s")

    def members(self):
        for _ in range(1 + self.random.chance(20)):
            self.emit(b"(")
            for _ in range(self.few()):
                self.key()
            self.emit(b"\x90")

    # What reaches out

    def name(self):
        random = self.random
        pool = (MODULES, NAMES) if self.odd else (MODULES[:6], NAMES[:5])
        module, name = random.pick(pool[0]), random.pick(pool[1])
        chance = random.below(10)
        if chance < 6:
            self.emit(b"c", module, b"\n", name, b"\n")
        elif chance < 9:
            self.value(5) if self.wrong() else self.plain_text(module)
            self.value(5) if self.wrong() else self.plain_text(name)
            self.emit(b"\x93")
        else:
            code = random.pick((1, 2, 3, 4, 4, 5, 0, 255) if self.odd else (1, 2, 3, 4))
            form = random.below(3)
            if form == 0:
                self.emit(b"\x82", bytes([code]))
            elif form == 1:
                self.emit(b"\x83", struct.pack("<H", code))
            else:
                self.emit(b"\x84", struct.pack("<i", -1 if self.wrong() else code))

    def plain_text(self, data):
        chance = self.random.below(12)
        if chance < 8:
            self.emit(b"\x8c", bytes([len(data)]), data)
        elif chance < 9:
            self.emit(b"X", u4(len(data)), data)
        elif chance < 10:
            self.emit(b"V", data, b"\n")
        elif chance < 11:
            self.emit(b"U", bytes([len(data)]), data)
        else:
            self.emit(b"S'", data, b"'\n")

    def callee(self, depth):
        if self.wrong():
            self.value(depth)
        else:
            self.name()

    def arguments(self, depth):
        self.value(depth) if self.wrong() else self.tuple(depth, self.value)

    def object(self, depth):
        random = self.random
        chance = random.below(100)
        if chance < 30:
            self.callee(depth)
            self.arguments(depth)
            self.emit(b"R")
        elif chance < 50:
            self.callee(depth)
            self.arguments(depth)
            self.emit(b"\x81")
        elif chance < 62:
            self.callee(depth)
            self.arguments(depth)
            self.value(depth) if self.wrong() else self.named_arguments(depth)
            self.emit(b"\x92")
        elif chance < 74:
            self.emit(b"(")
            self.callee(depth)
            for _ in range(self.few()):
                self.value(depth)
            self.emit(b"o")
        elif chance < 86:
            self.emit(b"(")
            for _ in range(self.few()):
                self.value(depth)
            pool = (MODULES, NAMES) if self.odd else (MODULES[:6], NAMES[:5])
            self.emit(b"i", random.pick(pool[0]), b"\n", random.pick(pool[1]), b"\n")
        elif chance < 93:
            self.value(depth)
            self.emit(b"Q")
        else:
            self.emit(b"\x97")
            if random.chance(50):
                self.emit(b"\x98")
        if random.chance(40):
            self.change(depth)

    def named_arguments(self, depth):
        self.emit(b"}")
        if self.random.chance(70):
            self.emit(b"(")
            for _ in range(self.few()):
                self.key() if self.wrong() else self.emit(self.random.pick((b"\x8c\1a", b"\x8c\1b", b"Va\n")))
                self.value(depth)
            self.emit(b"u")

    def change(self, depth):
        """What grows or fills the object on top, whatever it is."""
        for _ in range(1 + self.random.chance(30)):
            chance = self.random.below(5)
            if chance == 0:
                self.items(depth)
            elif chance == 1:
                self.pairs(depth)
            elif chance == 2:
                self.members()
            else:
                self.state(depth)
                self.emit(b"b")

    def state(self, depth):
        chance = self.random.below(10)
        if chance < 3:
            self.named_arguments(depth)
        elif chance < 6:
            for _ in range(2):
                self.emit(b"N") if self.random.chance(50) else self.named_arguments(depth)
            self.emit(b"\x86")
        elif chance < 7:
            self.emit(b"N")
        else:
            self.value(depth)

    # Values

    def value(self, depth=0):
        random = self.random
        self.budget -= 1
        if self.odd and random.below(100) < 3:
            self.noise()
        if self.budget < 0 or depth > 5:
            return self.atom()
        chance = random.below(100)
        if chance < 45 - 8 * max(0, 2 - depth):
            self.atom()
        elif chance < 68:
            self.container(depth + 1)
        elif chance < 84:
            self.object(depth + 1)
        elif chance < 90 and self.memo:
            self.get()
        elif chance < 92:
            self.value(depth + 1)
            self.emit(b"2")
            self.emit(b"\x86")
        elif chance < 94:
            self.value(depth + 1)
            self.value(depth + 1)
            self.emit(b"0")
        elif chance < 95:
            self.value(depth + 1)
            self.emit(b"(")
            for _ in range(self.few()):
                self.value(depth + 1)
            self.emit(b"1")
        elif chance < 96:
            self.value(depth + 1)
            self.emit(b"(0")
        elif chance < 97:
            self.value(depth + 1)
            self.emit(b"\x98")
        elif chance < 98:
            # Whatever it is, something is added.
            self.value(depth + 1)
            self.change(depth + 1)
        elif random.below(30) == 0:
            levels = random.pick((30, 200, 2000))
            self.emit(b"]" * levels)
            self.emit(b"a" * (levels - 1))
        else:
            self.recursive()
        self.maybe_memo()

    def recursive(self):
        index = bytes([200 + self.random.below(8)])
        self.random.pick((
            lambda: self.emit(b"]q", index, b"h", index, b"a"),
            lambda: self.emit(b"}q", index, b"K\1h", index, b"s"),
            lambda: self.emit(b"]q", index, b"(h", index, b"te"),
            lambda: self.emit(b"]q", index, b"h", index, b"\x85a"),
            lambda: self.emit(b"cm\nx\n)\x81q", index, b"}h", index, b"h", index, b"sb"),
            lambda: self.emit(b"cm\nx\n]q", index, b"h", index, b"a\x85R"),
        ))()

    def maybe_memo(self):
        if self.random.below(100) < 30:
            self.put()

    def put(self):
        random = self.random
        index = self.memo
        if random.chance(6):
            index = random.pick((0, 1, 5, 255, self.memo + 3))
        chance = random.below(10)
        if chance < 5:
            self.emit(b"\x94")
        elif chance < 7:
            self.emit(b"q", bytes([index & 255]))
        elif chance < 8:
            self.emit(b"r", u4(random.pick((index, index, 3000)) if self.odd else index))
        elif self.wrong():
            self.emit(b"p", line(random.pick(LINES_INDEX)))
        else:
            self.emit(b"p", line(str(index)))
        self.memo += 1

    def get(self):
        random = self.random
        index = random.below(self.memo + (1 if self.odd and random.chance(10) else 0))
        chance = random.below(10)
        if chance < 6:
            self.emit(b"h", bytes([index & 255]))
        elif chance < 8:
            self.emit(b"j", u4(index))
        elif self.wrong():
            self.emit(b"g", line(random.pick(LINES_INDEX)))
        else:
            self.emit(b"g", line(str(index)))

    def noise(self):
        """One opcode that nobody asked for."""
        random = self.random
        chance = random.below(12)
        if chance < 2:
            self.emit(b"\x80", bytes([random.pick((0, 1, 2, 3, 4, 5, 5, 4, 6, 255))]))
        elif chance < 4:
            self.emit(b"\x95", u8(random.pick((0, 1, 2, 3, 5, 9, 20, 1000, 1 << 40, MASK))))
        elif chance < 5:
            self.emit(b"(")
        else:
            self.opcode(OPCODES[random.below(len(OPCODES))])

    def opcode(self, byte):
        """An opcode with an argument that is one more often than not."""
        random = self.random
        code = bytes([byte])
        if byte in b"IL":
            self.emit(code, line(random.pick(LINES_INT if byte == 73 else LINES_LONG)))
        elif byte == 70:
            self.emit(code, line(random.pick(LINES_FLOAT)))
        elif byte == 83:
            self.emit(code, line(random.pick(LINES_STRING)))
        elif byte == 86:
            self.emit(code, line(random.pick(LINES_UNICODE)))
        elif byte == 80:
            self.emit(code, line(random.pick(LINES_ID)))
        elif byte in b"pg":
            self.emit(code, line(random.pick(LINES_INDEX)))
        elif byte in b"ci":
            self.emit(code, random.pick(MODULES), b"\n", random.pick(NAMES), b"\n")
        elif byte in b"qhK\x82":
            self.emit(code, bytes([random.pick((0, 0, 1, 2, 3, 65))]))
        elif byte == 0x80:
            self.emit(code, bytes([random.pick((0, 1, 2, 3, 4, 5, 6))]))
        elif byte in b"M\x83":
            self.emit(code, struct.pack("<H", random.pick((0, 1, 2, 65, 300))))
        elif byte in b"rjJ\x84":
            self.emit(code, u4(random.pick((0, 0, 1, 2, 3, 500))))
        elif byte == 71:
            self.emit(code, struct.pack(">d", random.pick(FLOATS)))
        elif byte in b"UC\x8a\x8c":
            data = random.pick(TEXTS[:12] if byte == 0x8C else BYTESTRINGS[:8])
            self.emit(code, bytes([len(data)]), data)
        elif byte in b"TBX\x8b":
            data = random.pick(TEXTS[:12] if byte == 88 else BYTESTRINGS[:8])
            self.emit(code, u4(len(data)), data)
        elif byte in b"\x8d\x8e\x96":
            data = random.pick(TEXTS[:12] if byte == 0x8D else BYTESTRINGS[:8])
            self.emit(code, u8(len(data)), data)
        elif byte == 0x95:
            self.emit(code, u8(random.pick((0, 1, 5, 20))))
        else:
            self.emit(code)

    # Whole streams

    def pickle(self, budget):
        self.budget = budget
        if self.random.chance(50):
            self.emit(b"\x80", bytes([self.random.pick((0, 1, 2, 3, 4, 4, 5, 5))]))
        self.value()
        if self.random.chance(4):
            self.value()
        self.emit(b".")

    def wild(self):
        """Opcodes in any order, most of them behind something to work on."""
        for _ in range(self.random.below(4)):
            self.random.pick((self.atom, self.name, lambda: self.emit(b"]"), lambda: self.emit(b"}"), lambda: self.emit(b"("),
                              lambda: self.emit(b"\x8f"), lambda: self.emit(b")"), self.put))()
        for _ in range(1 + self.random.below(6)):
            if self.random.chance(35):
                self.atom()
            else:
                self.opcode(OPCODES[self.random.below(len(OPCODES))])
        if self.random.chance(80):
            self.emit(b".")

    def frames(self):
        """A FRAME before some instruction; its length reaches to the beginning of another, or somewhere."""
        random = self.random
        for _ in range(1 + random.chance(30)):
            i = random.below(len(self.starts))
            begin = self.starts[i]
            later = self.starts[i:] + [len(self.out)]
            length = later[random.below(len(later))] - begin
            if random.chance(30):
                length = random.pick((0, 1, 2, 3, length + 1, max(0, length - 1), length + 1000, MASK, 1 << 63, len(self.out)))
            self.out[begin:begin] = b"\x95" + u8(length)
            self.starts = self.starts[:i + 1] + [start + 9 for start in self.starts[i:]]

    def damage(self):
        random, out = self.random, self.out
        if not out:
            return
        at = random.below(len(out))
        chance = random.below(8)
        if chance == 0:
            del out[at:]
        elif chance == 1:
            out[at] = random.below(256)
        elif chance == 2:
            del out[at]
        elif chance == 3:
            out.insert(at, OPCODES[random.below(len(OPCODES))])
        elif chance == 4:
            other = random.below(len(out))
            out[at], out[other] = out[other], out[at]
        elif chance == 5:
            out[at] ^= 1 << random.below(8)
        else:
            # Two instructions change places, or one is gone or there twice.
            i = random.below(len(self.starts))
            ends = self.starts[1:] + [len(out)]
            one = bytes(out[self.starts[i]:ends[i]])
            j = random.below(len(self.starts))
            if chance == 6:
                out[self.starts[j]:self.starts[j]] = one
            else:
                del out[self.starts[i]:ends[i]]

    def flags(self):
        chance = self.random.below(20)
        if chance < 2:
            return 0
        if chance < 3:
            return PERSISTENT
        if chance < 4:
            return BUFFERS
        if chance < 8:
            return PERSISTENT | BUFFERS | LATIN1
        if chance < 9:
            return PERSISTENT | BUFFERS | BYTES
        return PERSISTENT | BUFFERS

    def stream(self):
        random = self.random
        self.out, self.starts, self.memo = bytearray(), [], 0
        style = random.below(100)
        self.odd = 0 if style < 35 else random.pick((2, 4, 8, 20))
        budget = int((2 + random.below(random.pick((4, 8, 14)))) * self.size)
        if style >= 85:
            self.wild()
        else:
            self.pickle(budget)
        if random.chance(8) and self.starts:
            self.frames()
        if style >= 60 and random.chance(35):
            self.damage()
        out = bytes(self.out)
        if random.chance(8):
            # More pickles, some of which refer to the memo of those before.
            for _ in range(1 + random.below(2)):
                self.out, self.starts = bytearray(), []
                if random.chance(40):
                    self.memo = 0
                if random.chance(30):
                    self.get() if self.memo else self.emit(b"h\0")
                    self.change(4)
                    self.emit(b".")
                else:
                    self.pickle(budget // 2)
                out += bytes(self.out)
        return self.flags(), out


if __name__ == "__main__":
    import sys

    seed, count = int(sys.argv[1]), int(sys.argv[2])
    generator = Generator(seed)
    for _ in range(count):
        flags, data = generator.stream()
        print(flags, data.hex())
