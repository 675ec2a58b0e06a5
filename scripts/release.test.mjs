// What a release is made of: versions, notes, archives; and what its workflows take from elsewhere.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { notes, pack, packSite, released, sums, theVersion, versions } from "./release.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

test("every package, lock file and manifest says the same version", () => {
  assert.match(theVersion(), /^\d+\.\d+\.\d+/);
  assert.equal(versions().length, 10);
});

test("the section of the changelog becomes the notes", () => {
  const changelog = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.2.0 (2026-01-02)\n\n- two\n  lines\n\n## 0.1.0\n\n- one\n";
  assert.equal(notes(changelog, "0.2.0"), "- two\n  lines\n");
  assert.equal(notes(changelog, "0.1.0"), "- one\n");
  assert.throws(() => notes(changelog, "0.2"), /no section/);
  assert.throws(() => notes(changelog, "0.3.0"), /no section/);
  assert.throws(() => notes("## 1.0.0\n\n## 0.9.0\n- old\n", "1.0.0"), /empty/);
  const next = released(changelog, "0.3.0", "2026-03-04");
  assert.equal(notes(next, "0.3.0"), "- new\n");
  assert.throws(() => notes(next, "Unreleased"), /empty/);
  assert.equal(released(next, "0.3.0", "2026-03-05"), next);
  assert.ok(notes(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"), "Unreleased").startsWith("- "));
});

test("an archive has the program, the page and the licences, and is the same bytes each time", () => {
  const folder = mkdtempSync(join(tmpdir(), "picklescope-release-"));
  try {
    mkdirSync(join(folder, "dist"));
    for (const name of ["index.html", "app.js", "app.js.gz", "app.js.br"]) writeFileSync(join(folder, "dist", name), name);
    for (const name of ["LICENSE-APACHE", "LICENSE-MIT", "README.md"]) writeFileSync(join(folder, name), name);
    writeFileSync(join(folder, "program"), "#!/bin/sh\necho packed\n");
    const make = (to) => readFileSync(pack("x86_64-unknown-linux-gnu", join(folder, "program"), join(folder, to), folder));
    assert.deepEqual(make("one"), make("two"));
    const archive = join(folder, "one", "picklescope-x86_64-unknown-linux-gnu.tar.gz");
    const listed = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n");
    assert.deepEqual(listed, [
      "bin/picklescope", "share/picklescope/site/app.js", "share/picklescope/site/index.html",
      "share/doc/picklescope/LICENSE-APACHE", "share/doc/picklescope/LICENSE-MIT", "share/doc/picklescope/README.md",
    ]);
    execFileSync("tar", ["-xzf", archive, "-C", folder]);
    assert.equal(execFileSync(join(folder, "bin", "picklescope"), { encoding: "utf8" }), "packed\n");
    writeFileSync(join(folder, "one", "SHA256SUMS"), sums(join(folder, "one")));
    execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: join(folder, "one") });
    const zipped = (to) => readFileSync(packSite(join(folder, to), folder));
    assert.deepEqual(zipped("one"), zipped("two"));
    const list = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), *(f'{n}={z.read(n).decode()}' for n in z.namelist()))";
    assert.equal(execFileSync("python3", ["-c", list, join(folder, "one", "picklescope-site.zip")], { encoding: "utf8" }),
      "None app.js=app.js index.html=index.html LICENSE-APACHE=LICENSE-APACHE LICENSE-MIT=LICENSE-MIT\n");
    rmSync(join(folder, "dist", "index.html"));
    assert.throws(() => make("three"), /the page is missing/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("whatever actions a workflow uses, it names their commit, and the same one everywhere", () => {
  const workflows = join(ROOT, ".github", "workflows");
  const files = [join(ROOT, "action.yml"), ...readdirSync(workflows).map((name) => join(workflows, name))];
  const commits = new Map();
  let used = 0;
  for (const file of files) {
    for (const [line, action] of readFileSync(file, "utf8").matchAll(/^.*\buses:\s*(\S+).*$/gm)) {
      if (action.startsWith("./")) continue;
      used += 1;
      assert.match(line, /uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${file}: ${line}`);
      const [name, commit] = action.split("@");
      assert.equal(commits.get(name) ?? commit, commit, `${file}: ${name} is used at two commits`);
      commits.set(name, commit);
    }
  }
  assert.ok(used > 20);
});

test("what the action takes from a release is what the release has", () => {
  const action = readFileSync(join(ROOT, "action.yml"), "utf8");
  const release = readFileSync(join(ROOT, ".github", "workflows", "release.yml"), "utf8");
  const targets = [...action.matchAll(/target=(\S+)/g)].map(([, target]) => target);
  assert.equal(targets.length, 5);
  for (const target of targets) assert.ok(release.includes(`target: ${target}\n`), target);
});
