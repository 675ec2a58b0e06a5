"""``picklescope view`` from the wheel: the page that it brings, and the file. Who gets what is held by tests/it/command_line/view.rs."""

import http.client
import pathlib
import re
import subprocess
import sys
import urllib.parse

import pytest

import picklescope

ROOT = pathlib.Path(__file__).resolve().parents[3]
SITE = pathlib.Path(sys.prefix) / "share" / "picklescope" / "site"


@pytest.fixture
def served(tmp_path):
    path = tmp_path / "a & b.pkl"
    path.write_bytes(b"N.")
    words = ["view", "--browser", "none", str(path)]
    if not SITE.is_dir():
        if (ROOT / "dist" / "index.html").is_file():
            pytest.fail("the page was built, but the wheel does not have it")
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "index.html").write_text('<meta charset="utf-8">')
        words += ["--site", str(tmp_path / "site")]
    child = subprocess.Popen([sys.executable, "-m", "picklescope", *words], stdout=subprocess.PIPE, text=True)
    yield child, urllib.parse.urlsplit(child.stdout.readline().strip())
    child.kill()
    child.wait()


def get(address, name):
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("GET", address.path + name)
    return connection.getresponse()


def test_page_and_file_are_served_until_the_page_is_closed(served):
    child, address = served
    assert address.hostname == "127.0.0.1" and len(address.path) == 34
    page = get(address, "").read().decode()
    assert '<meta name="picklescope-file" content="a &amp; b.pkl">' in page
    assert get(address, "file").read() == b"N."
    assert get(address, "../a%20&%20b.pkl").status == 404
    alive = get(address, "alive")
    assert child.poll() is None
    alive.close()
    assert child.wait(30) == 0


def test_the_wheel_brings_every_file_that_its_page_names(served):
    if not SITE.is_dir():
        pytest.skip("the wheel was built without the page")
    page = get(served[1], "").read().decode()
    names = {path.name for path in SITE.iterdir()}
    assert not {name for name in names if name.endswith((".gz", ".br"))}
    # With their content in their names, as the page has them.
    named = set(re.findall(r"[\w-]+-[0-9a-f]{12,}(?:_bg)?\.[a-z]+", page))
    assert named <= names and {".js", ".css", ".wasm", ".lzma"} <= {pathlib.PurePath(name).suffix for name in named}
    for name in names:
        assert get(served[1], name).status == 200


def test_the_package_says_its_version():
    ran = subprocess.run([sys.executable, "-m", "picklescope", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["picklescope", picklescope.__version__]
