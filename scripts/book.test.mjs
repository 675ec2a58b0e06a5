// The documentation: its links, its samples, and that its references name everything there is.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import { check, icon, idOf, pages, stage, viewerLink } from "./book.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (...path) => readFileSync(join(ROOT, ...path), "utf8");

/** A folder with these files, for as long as `work` takes. */
function inFolder(files, work) {
  const folder = mkdtempSync(join(tmpdir(), "picklescope-book-"));
  try {
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("every page of docs is in the book, and every link in it leads somewhere", () => {
  const book = pages(read("docs", "SUMMARY.md"));
  assert.equal(new Set(book.values()).size, book.size);
  for (const name of readdirSync(join(ROOT, "docs"), { recursive: true })) {
    if (name.endsWith(".md") && name !== "SUMMARY.md") assert.ok(book.has(`docs/${name}`), `docs/SUMMARY.md does not have ${name}`);
  }
  inFolder({}, (folder) => assert.deepEqual(stage(folder), []));
});

test("links lead to pages, files, the viewer or the repository, or are reported", () => {
  const summary = "[One](one.md)\n- [Two](sub/README.md)\n- [Package](../packages/python/README.md)\n- [Security](../SECURITY.md)\n";
  const one = [
    "# One `a`", "[two](sub/README.md#a-heading) [folder](sub) [package](../packages/python/README.md) ![picture](p.png)",
    "[viewer](../index.html) [sample](../tests/x.pkl#offset=3) [script](../scripts/a.py) [web](https://example.org/x.md)",
    "`[code](nowhere.md)` and docs/sub/README.md and (`docs/one.md`)", "```", "[code](nowhere.md)", "```", "[here](#one-a)",
  ].join("\n");
  const files = {
    "docs/SUMMARY.md": summary, "docs/one.md": one, "docs/sub/README.md": "# A heading\n[up](../../SECURITY.md)\n", "docs/p.png": "png",
    "packages/python/README.md": "# P\n", "SECURITY.md": "[one](docs/one.md)\n", "index.html": "", "tests/x.pkl": "N.", "scripts/a.py": "",
  };
  inFolder(files, (root) => {
    const out = join(root, "out");
    assert.deepEqual(stage(out, { root }), []);
    const lines = readFileSync(join(out, "one.md"), "utf8").split("\n");
    assert.equal(lines[1], "[two](sub/index.md#a-heading) [folder](sub/index.md) [package](packages/python.md) ![picture](p.png)");
    assert.equal(lines[2], `[viewer](../) [sample](../#name=x.pkl&file=80sA&offset=3) script [web](https://example.org/x.md)`.replace("80sA", viewerLink(0, "x.pkl", Buffer.from("N.")).split("file=")[1]));
    assert.equal(lines[3], "`[code](nowhere.md)` and [docs/sub/README.md](sub/index.md) and (`docs/one.md`)");
    assert.equal(lines[5], "[code](nowhere.md)");
    assert.equal(readFileSync(join(out, "p.png"), "utf8"), "png");
    assert.equal(readFileSync(join(out, "sub/index.md"), "utf8"), "# A heading\n[up](../security.md)\n");
    assert.match(readFileSync(join(out, "SUMMARY.md"), "utf8"), /\[Package\]\(packages\/python\.md\)/);
    stage(out, { root, repository: "https://example.org/us" });
    assert.match(readFileSync(join(out, "one.md"), "utf8"), /\[script\]\(https:\/\/example\.org\/us\/blob\/HEAD\/scripts\/a\.py\)/);
    writeFileSync(join(root, "docs/one.md"), "[a](gone.md) [b](sub/README.md#gone) [c](../../outside.md) [d](#gone) docs/gone.md\n");
    assert.deepEqual(stage(out, { root }).map((problem) => problem.replace(/^docs\/one\.md: /, "")), [
      "gone.md: there is no such file", "sub/README.md#gone: there is no such heading", "../../outside.md: there is no such file",
      "#gone: there is no such heading", "docs/gone.md: there is no such file",
    ]);
  });
});

test("a link into the viewer holds the file", () => {
  const bytes = readFileSync(join(ROOT, "tests", "samples", "sklearn-bundle.pkl"));
  const link = viewerLink(1, "a b(1).pkl", bytes, "offset=57");
  const [, name, packed] = /^\.\.\/\.\.\/#name=([\w.%~-]+)&file=([\w-]+)&offset=57$/.exec(link);
  assert.equal(decodeURIComponent(name), "a b(1).pkl");
  assert.ok(inflateRawSync(Buffer.from(packed, "base64url")).equals(bytes));
  assert.ok(icon(read("index.html")).startsWith("<svg "));
});

test("what is wrong with the book's HTML is reported", () => {
  const page = '<h1 id="top">A</h1><a href="b.html#in">b</a><a href="#top">t</a><a href="../#name=x">v</a><a href="https://example.org">e</a><link href="a.css">';
  inFolder({ "a.html": page, "b.html": '<p id="in"></p><a href="sub/">s</a>', "sub/index.html": "", "a.css": "a{background:url(b.png)}" }, (folder) => {
    assert.deepEqual(check(folder), []);
    writeFileSync(join(folder, "b.html"), '<a href="gone.html"></a><a href="a.html#gone"></a><script src="https://example.org/x.js"></script><a href="../../x">');
    writeFileSync(join(folder, "a.css"), '@import "x"; a{background:url(//example.org/b.png)}');
    assert.equal(check(folder).length, 7);
  });
});

/** Sections of a page by their headings, with the words of the headings alone. */
function sections(text) {
  return new Map(text.split(/^(?=#{1,3} )/m).map((part) => [/^#+ (.*)/.exec(part)?.[1].replaceAll("\\", "") ?? "", part]));
}

test("the Python reference has every name of the stubs", () => {
  const found = sections(read("docs", "python.md"));
  const headings = [...found.keys()].join("\n");
  let type;
  let count = 0;
  for (const line of read("packages", "python", "python", "picklescope", "__init__.pyi").split("\n")) {
    type = /^class (\w+)/.exec(line)?.[1] ?? (/^\S/.test(line) && !line.startsWith(")") ? undefined : type);
    const [, indent, name] = /^( *)(?:def |class )?(\w+)(?:[:(]|$)/.exec(line) ?? [];
    const isField = /^ {4}\w+: /.test(line);
    const isDefined = /^ *(def|class) /.test(line) || line.startsWith("__version__");
    if (!name || !(isField && type || isDefined) || name.startsWith("_repr_")) continue;
    count += 1;
    if (!indent) {
      const isError = name === "Error" || name.endsWith("Error");
      assert.ok(isError ? found.get("Errors").includes(`| \`${name}\` |`) : found.has(name), `docs/python.md does not have ${name}`);
    } else if (name === "__getitem__") {
      assert.ok(found.has(`${type}[step]`), `docs/python.md does not have ${type}[step]`);
    } else {
      const own = found.get(type);
      assert.ok(headings.includes(`${type}.${name}`) || own.includes(`\`${name}\``), `docs/python.md does not have ${type}.${name}`);
    }
  }
  assert.ok(count > 90, `${count} names`);
});

test("the JavaScript reference has every name of the types", () => {
  const text = read("docs", "javascript.md");
  const found = sections(text);
  const has = (name) => assert.ok(found.has(name) || text.includes(`\`${name}`), `docs/javascript.md does not have ${name}`);
  const types = read("packages", "javascript", "js", "index.d.ts");
  for (const [, name] of types.matchAll(/^export function (\w+)/gm)) assert.ok(found.has(name), `docs/javascript.md does not have ${name}`);
  for (const [, name] of types.matchAll(/^export (?:interface|type|class) (\w+)/gm)) has(name);
  const [, opened] = /^export interface Opened \{(.*?)^\}/ms.exec(types);
  for (const [, name] of opened.matchAll(/^ {2}(\w+)\(/gm)) assert.ok(found.has(`Opened.${name}`), `docs/javascript.md does not have Opened.${name}`);
  for (const [, name, body] of types.matchAll(/^export interface (\w+) \{(.*?)^\}/gms)) {
    if (name !== "Opened") for (const [, field] of body.matchAll(/^ {2}(\w+)\??[:(]/gm)) has(field);
  }
  const facts = read("packages", "javascript", "js", "facts.d.ts");
  for (const [, name, body] of facts.matchAll(/^export (?:interface|type) (\w+) (\{.*?^\}|= .*?;$)/gms)) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
    assert.ok(row, `docs/javascript.md does not have ${name}`);
    for (const [, field] of body.matchAll(/^ {2}(\w+)\??:/gm)) assert.ok(row.includes(`\`${field}\``), `${name} does not have ${field}`);
  }
});

test("every command and option of the program is described", () => {
  const source = read("src", "bin", "picklescope", "arguments.rs");
  const text = read("docs", "command-line.md");
  const found = sections(text);
  const commands = [...source.matchAll(/Command::new\("(\w+)"\)/g)].map(([, name]) => name).filter((name) => name !== "picklescope");
  assert.ok(commands.length >= 15);
  for (const name of commands) assert.ok(found.has(name), `docs/command-line.md does not have ${name}`);
  const options = [...source.matchAll(/\.long\(\s*"([\w-]+)"/g), ...source.matchAll(/number\("([\w-]+)"/g)].map(([, name]) => name);
  assert.ok(options.length > 20);
  for (const name of options) assert.match(text, new RegExp(`--${name}\\b`), `docs/command-line.md does not have --${name}`);
});

test("every key of the page is described", () => {
  const text = read("docs", "page.md");
  const items = read("src", "web", "menu.rs");
  const keys = [...items.matchAll(/item\(Does::[^&]*&\[([^\]]*("\]")?[^\]]*)\], Needs/g)].flatMap(([, list]) => [...list.matchAll(/"([^"]+)"/g)].map(([, key]) => key));
  assert.ok(keys.length >= 13, keys.join(" "));
  for (const key of keys) assert.ok(text.includes(`\`${key}\``) || new RegExp(`(\\| |, )${key}( \\||,)`).test(text), `docs/page.md does not have ${key}`);
});

test("ids of headings are those of mdbook", () => {
  assert.equal(idOf("File\\[step\\]"), "filestep");
  assert.equal(idOf("A `code` and [a link](x.md)!"), "a-code-and-a-link");
});
