"""Prints the table of src/lens/libraries/code/versions.rs: the opcodes of the Pythons given as arguments, a bit each.

    python3 scripts/generate_code_opcodes.py ~/.pyenv/versions/*/bin/python
"""

import subprocess
import sys

ASK = """
import opcode, sys
bits = [0] * 4
for name, number in opcode.opmap.items():
    if number < 256 and not name.startswith("INSTRUMENTED") and not name.startswith("<") and name not in ("ENTER_EXECUTOR", "RESERVED", "INTERPRETER_EXIT"):
        bits[number // 64] |= 1 << number % 64
print("%d.%d" % sys.version_info[:2], sys.version_info[0] * 100 + sys.version_info[1], opcode.opmap.get("RESUME"), " ".join("0x%016x" % part for part in bits))
"""

rows = []
for python in sys.argv[1:]:
    words = subprocess.check_output([python, "-c", ASK]).decode().replace("(", "").replace(")", "").replace("'", "").replace(",", "").split()
    rows.append((int(words[1]), words[0], words[2], words[3:]))
print("const VERSIONS: &[Version] = &[")
for number, name, resume, bits in sorted(rows):
    form = "Python2" if number < 300 else "Python3" if number < 308 else "Positional" if number < 311 else "Qualified"
    resume = "None" if resume == "None" else "Some(%s)" % resume
    grouped = [bit[:6] + "_" + bit[6:10] + "_" + bit[10:14] + "_" + bit[14:] for bit in bits]
    print("    Version {")
    print("        name: \"%s\"," % name)
    print("        form: CodeForm::%s," % form)
    print("        opcodes: [%s]," % ", ".join(grouped))
    print("        resume: %s," % resume)
    print("    },")
print("];")
