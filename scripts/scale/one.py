"""One process, one file after the other: what the others are held to.

one.py FOLDER OUT
"""

import json
import os
import sys
import time

import verdicts


def main():
    folder, out = sys.argv[1:3]
    paths = sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)
    wall, processor = time.perf_counter(), time.process_time()
    rows = []
    for path in paths:
        with open(path, "rb") as file:
            rows.append(verdicts.verdict(verdicts.relative(path, folder), file.read()))
    took = {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}
    verdicts.write(rows, out)
    print(json.dumps(took))


if __name__ == "__main__":
    main()
