"""The releases that are read: their list, their files, the Python sources in them."""

import concurrent.futures
import itertools
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile

# Parts of a path whose modules nobody's pickles name: tests, examples, builds, code that was copied for a build.
SKIPPED = re.compile(r"(^|/)(tests?|testing|_testing|_tests|conftest|examples?|benchmarks?|docs?|asv_bench|idlelib|lib2to3|turtledemo|ensurepip|"
                     r"site-packages|plat-[a-z0-9]+|config-[a-z0-9.-]+|[^/]*\.data|[^/]*\.egg-info|[^/]*\.dist-info|node_modules)(/|\.py|$)")
SKIPPED_FILES = re.compile(r"(^|/)(test_[^/]*|[^/]*_tests?|setup|conftest)\.pyi?$|^plotly/validators/|^plotly/graph_objs/(?!_figure)")
# The first that has the release is taken: the platform does not matter, as nothing of a wheel runs. Those of macOS are the smallest.
PLATFORMS = (("macosx_14_0_arm64", "3.12"), ("macosx_12_0_arm64", "3.9"), ("macosx_10_15_x86_64", "3.7"), ("manylinux2014_x86_64", "3.8"),
             ("macosx_10_15_x86_64", "3.6"), ("manylinux2014_x86_64", "3.11"))
DOWNLOADS = 4
STDLIB = "cpython==" + ".".join(map(str, sys.version_info[:3]))


def read_list(path):
    """The releases of a list, `package==version` a word, a `#` begins a comment."""
    with open(path) as file:
        return [word for line in file for word in line.split("#")[0].split()]


def package_of(release):
    return release.split("==")[0]


def file_of(release, folder):
    """The wheel or source archive of a release in `folder`, or None."""
    package, version = release.split("==")
    begins = re.sub(r"[-_.]+", "[-_.]+", package) + "-" + re.escape(version)
    for name in sorted(os.listdir(folder), key=lambda name: not name.endswith(".whl")):
        if re.fullmatch(begins + r"(-.*\.whl|\.tar\.gz|\.zip)", name, re.IGNORECASE):
            return os.path.join(folder, name)
    return None


def download(release, folder):
    """The same, downloaded if it is not there; wheels first, then a source archive."""
    found = file_of(release, folder)
    if found:
        return found
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    for platform, python in PLATFORMS:
        command = [*pip, "--only-binary=:all:", "--platform", platform, "--python-version", python, release]
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            return file_of(release, folder)
    subprocess.run([*pip, "--no-binary=:all:", release], check=False, capture_output=True)
    return file_of(release, folder)


def obtain(releases, folder, packages=()):
    """The releases that are there or can be downloaded. With `packages`: all of these, and the newest of every other package."""
    groups = {}
    for release in releases:
        groups.setdefault(package_of(release), []).append(release)

    def is_there(release):
        found = download(release, folder)
        if not found:
            print(f"{release} cannot be downloaded", flush=True)
        return found

    def of_package(package):
        if not packages or package in packages:
            return list(filter(is_there, groups[package]))
        return list(itertools.islice(filter(is_there, reversed(groups[package])), 1))

    with concurrent.futures.ThreadPoolExecutor(DOWNLOADS) as pool:
        return [release for found in pool.map(of_package, groups) for release in found]


class Archive:
    """The Python files of a release, by path."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path) if path.endswith((".whl", ".zip")) else None
        self.tar = None if self.zip else tarfile.open(path)
        names = self.zip.namelist() if self.zip else [member.name for member in self.tar.getmembers() if member.isfile()]
        self.prefix = "" if path.endswith(".whl") else names[0].split("/")[0] + "/"
        # A source archive may have its packages in `src` or the like.
        inner = next((name for name in names if re.fullmatch(re.escape(self.prefix) + r"(src|python|python-package|lib)/\w+/__init__\.py", name)), None)
        if self.prefix and inner:
            self.prefix = "/".join(inner.split("/")[:-2]) + "/"
        self.names = [name[len(self.prefix):] for name in names if name.startswith(self.prefix)]

    def read(self, name):
        name = self.prefix + name
        return self.zip.read(name) if self.zip else self.tar.extractfile(name).read()


class Library:
    """The standard library of the running Python, as an archive."""

    def __init__(self):
        self.root = sysconfig.get_path("stdlib")
        self.names = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name not in ("__pycache__", "site-packages", "test", "lib-dynload")]
            self.names += [os.path.relpath(os.path.join(folder, name), self.root) for name in files]

    def read(self, name):
        with open(os.path.join(self.root, name), "rb") as file:
            return file.read()


def archive_of(release, folder):
    return Library() if release == STDLIB else Archive(file_of(release, folder))


def module_of(path):
    return re.sub(r"\.(pyi?|pyx)$", "", path).removesuffix("/__init__").replace("/", ".")


def members(archive):
    """(module, path) of everything to read: sources, and stubs or Cython sources of modules that have no Python source."""
    chosen = {}
    for ending in (".py", ".pyx", ".pyi"):
        for path in archive.names:
            if path.endswith(ending) and not SKIPPED.search(path) and not SKIPPED_FILES.search(path):
                chosen.setdefault(module_of(path), path)
    return sorted(chosen.items())


def span(releases):
    """`package==first` or `package==first..last`; `releases` has the older ones first."""
    package = package_of(releases[0])
    versions = [release.split("==")[1] for release in releases]
    return f"{package}=={versions[0]}" if len(versions) == 1 else f"{package}=={versions[0]}..{versions[-1]}"
