#!/usr/bin/env python3
"""Writes src/safety/names/data/torch_allowed.tsv: the globals that torch.load(weights_only=True) takes by default, one a line.

    ~/.cache/picklescope/python-torch-2.6/bin/python scripts/generate_torch_allowed.py      torch 2.6, whose rules src/safety/forecast.rs has
"""

import os

from torch._weights_only_unpickler import _get_allowed_globals

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

with open(os.path.join(ROOT, "src", "safety", "names", "data", "torch_allowed.tsv"), "w") as out:
    out.write("name\n")
    out.writelines(name + "\n" for name in sorted(_get_allowed_globals()))
