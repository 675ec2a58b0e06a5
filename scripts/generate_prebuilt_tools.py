#!/usr/bin/env python3
"""Writes scripts/prebuilt_tools.tsv: where the prebuilt tools of scripts/setup.sh are released, and their SHA-256.

    git clone https://github.com/taiki-e/install-action
    scripts/generate_prebuilt_tools.py install-action          # a checkout, or a bare clone's folder

The manifests of that repository have the address and the hash of each release file. A version that they do not have yet is left
out, with a line that says so: setup.sh compiles that tool. Python 3.9 or newer.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = {"trunk": "trunk", "wasm-bindgen": "wasm_bindgen", "wasm-pack": "wasm_pack", "mdbook": "mdbook", "cargo-deny": "cargo_deny"}
# As `uname -s` and `uname -m` say it. A static program is preferred: it runs on every Linux.
PLATFORMS = {
    "Linux-x86_64": ("x86_64_linux_musl", "x86_64_linux_gnu"),
    "Linux-aarch64": ("aarch64_linux_musl", "aarch64_linux_gnu"),
    "Darwin-x86_64": ("x86_64_macos",),
    "Darwin-arm64": ("aarch64_macos",),
}
BASE = "https://github.com/"
HEAD = """\
# Prebuilt tools: name, version, `uname -s`-`uname -m`, SHA-256 of the archive, its address below https://github.com/.
# Made by scripts/generate_prebuilt_tools.py from the manifests of https://github.com/taiki-e/install-action
# at {commit}.
"""


def main(folder):
    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout

    setup = (HERE / "setup.sh").read_text()
    lines = [HEAD.format(commit=git("rev-parse", "HEAD").strip())]
    for tool, variable in TOOLS.items():
        version = re.search(rf"^{variable}_version=(\S+)", setup, re.M).group(1)
        manifest = json.loads(git("show", f"HEAD:manifests/{tool}.json"))
        for platform, names in PLATFORMS.items():
            release = manifest.get(version, {})
            name = next((name for name in names if name in release), None)
            if name is None:
                print(f"{tool} {version} for {platform}: not in the manifest", file=sys.stderr)
                continue
            template = release[name].get("url") or manifest["template"][name]["url"]
            address = template.replace("${version}", version)
            digest = release[name]["hash"]
            if not address.startswith(BASE) or not re.fullmatch("[0-9a-f]{64}", digest):
                sys.exit(f"{tool} {version} for {platform}: {address} {digest}")
            lines.append("\t".join((tool, version, platform, digest, address[len(BASE):])) + "\n")
    (HERE / "prebuilt_tools.tsv").write_text("".join(lines))


main(*sys.argv[1:])
