#!/usr/bin/env python3
"""Holds the SARIF of a scan against the schema of SARIF 2.1.0.

    scripts/check_sarif.py PICKLESCOPE [PATH...]

Without paths the hostile, benign and damaged fixtures are scanned. The schema is OASIS's, as the crate serde-sarif ships
it; jsonschema is installed into a virtual environment below ~/.cache/picklescope.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path.home() / ".cache/picklescope/sarif"
CRATE = "0.8.0"
FIXTURES = ["hostile", "hostile-containers", "real", "containers", "edge", "packed"]


def schema_file():
    kept = CACHE / f"schema-{CRATE}.json"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            manifest = f'[package]\nname = "schema"\nversion = "0.0.0"\n[dependencies]\nserde-sarif = "={CRATE}"\n'
            (folder / "Cargo.toml").write_text(manifest)
            (folder / "src").mkdir()
            (folder / "src/lib.rs").touch()
            vendor = ["cargo", "vendor", "-q", "--manifest-path", folder / "Cargo.toml", folder / "vendor"]
            subprocess.run(vendor, check=True, stdout=subprocess.DEVNULL)
            text = (folder / "vendor/serde-sarif/src/schema.json").read_text()
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    return kept


def main():
    if "--check" in sys.argv:
        import jsonschema

        schema, log = (json.loads(Path(path).read_text()) for path in sys.argv[2:])
        validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
        errors = list(validator.iter_errors(log))
        for error in errors[:20]:
            print(f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        results = log["runs"][0]["results"]
        print(f"{len(results)} results, {len(log['runs'][0]['tool']['driver']['rules'])} rules, {len(errors)} errors")
        sys.exit(bool(errors) or not results)
    picklescope, *paths = sys.argv[1:]
    paths = paths or [str(ROOT / "tests/fixtures" / name) for name in FIXTURES]
    python = CACHE / "venv/bin/python"
    if not python.exists():
        venv.create(CACHE / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "jsonschema[format-nongpl]==4.25.1"], check=True)
    with tempfile.NamedTemporaryFile("w", suffix=".sarif") as log:
        subprocess.run([picklescope, "scan", "--format", "sarif", *paths], stdout=log, check=False)
        sys.exit(subprocess.run([python, __file__, "--check", schema_file(), log.name]).returncode)


if __name__ == "__main__":
    main()
