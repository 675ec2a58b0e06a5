"""``python -m picklescope``: the command line, which is a program of its own in the same wheel."""

import os
import subprocess
import sys
import sysconfig


def program():
    """The path of the program that was installed with this package."""
    name = "picklescope" + (sysconfig.get_config_var("EXE") or "")
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [sysconfig.get_path("scripts")]
    # `pip install --user`, and `pip install --target`, which puts scripts beside the packages.
    scheme = sysconfig.get_preferred_scheme("user") if sys.version_info >= (3, 10) else f"{os.name}_user"
    folders.append(sysconfig.get_path("scripts", scheme=scheme))
    folders.append(os.path.join(os.path.dirname(here), "bin"))
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"the program {name} was not installed with this package; looked in {', '.join(folders)}")


def main():
    """Becomes the program, or waits for it where a process cannot become another one."""
    path = program()
    if sys.platform == "win32":
        sys.exit(subprocess.run([path, *sys.argv[1:]]).returncode)
    os.execv(path, ["picklescope", *sys.argv[1:]])


if __name__ == "__main__":
    main()
