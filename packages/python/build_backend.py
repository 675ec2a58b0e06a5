"""Builds wheels and source distributions with maturin, and before that what maturin does not build: the command line.

The wheel has three parts: the module (maturin), the program ``picklescope`` (a crate of its own, beside this folder in a source
distribution, two folders up in a checkout) and the page that ``picklescope view`` serves (built by ``make dist``; a source distribution
brings it). ``scripts/wheel.sh`` does the same in a checkout, with the tools that are there.
"""

import os
import pathlib
import shutil
import subprocess

import maturin
from maturin import (  # noqa: F401
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
)

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE / "picklescope.data"
PROGRAM = "picklescope.exe" if os.name == "nt" else "picklescope"


def _crate():
    """The folder of the crate whose program is built."""
    for folder in (HERE, HERE.parent.parent):
        manifest = folder / "Cargo.toml"
        if manifest.is_file() and '\nname = "picklescope"\n' in manifest.read_text(encoding="utf-8"):
            return folder
    raise FileNotFoundError("the crate picklescope is neither here nor two folders up")


def _page():
    """Puts the page where the wheel takes it from, if it was built."""
    built, place = _crate() / "dist", DATA / "data" / "share" / "picklescope" / "site"
    place.mkdir(parents=True, exist_ok=True)
    if (built / "index.html").is_file() and built.parent != HERE:
        for path in built.iterdir():
            if path.is_file() and path.suffix not in (".gz", ".br"):
                shutil.copyfile(path, place / path.name)


def _program():
    """Builds the program and puts it where the wheel takes it from."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or _crate() / "target")
    manifest = str(_crate() / "Cargo.toml")
    words = ["cargo", "build", "--locked", "--release", "--bin", "picklescope", "--manifest-path", manifest]
    subprocess.run([*words, "--target-dir", str(target)], check=True)
    (DATA / "scripts").mkdir(parents=True, exist_ok=True)
    shutil.copy(target / "release" / PROGRAM, DATA / "scripts" / PROGRAM)


def _metadata_needs():
    # maturin wants the folder to be there, whatever it is asked for.
    DATA.mkdir(exist_ok=True)


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    _metadata_needs()
    return maturin.prepare_metadata_for_build_wheel(folder, config_settings)


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def build_wheel(folder, config_settings=None, metadata_directory=None):
    _page()
    _program()
    return maturin.build_wheel(folder, config_settings, metadata_directory)


def build_editable(folder, config_settings=None, metadata_directory=None):
    _page()
    _program()
    return maturin.build_editable(folder, config_settings, metadata_directory)


def build_sdist(folder, config_settings=None):
    _page()
    return maturin.build_sdist(folder, config_settings)
