// How scripts/setup.sh comes by its tools: a local server stands for the release page, and a cargo that compiles nothing for cargo.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { tar } from "./release.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PLATFORM = execFileSync("sh", ["-c", 'echo "$(uname -s)-$(uname -m)"'], { encoding: "utf8" }).trim();
const VERSION = "99.1.2";

/** As the tools say it: mdbook with a "v". */
const line = (name, from) => `${name} ${name === "mdbook" ? "v" : ""}${VERSION} ${from}`;
const program = (name, from) => `#!/bin/sh\necho "${line(name, from)}"\n`;
const archive = (...programs) => gzipSync(tar(programs.map(([path, text]) => [path, Buffer.from(text), true])));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A folder with setup.sh in it, all of its tools in a version that nobody has, and what a machine has beside it. */
function machine(rows) {
  const folder = mkdtempSync(join(tmpdir(), "picklescope-setup-"));
  const write = (path, text, isProgram = false) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    if (isProgram) chmodSync(join(folder, path), 0o755);
  };
  const setup = readFileSync(join(ROOT, "scripts", "setup.sh"), "utf8");
  write("checkout/scripts/setup.sh", setup.replace(/^((?:trunk|mdbook|wasm_bindgen)_version)=\S+/gm, `$1=${VERSION}`), true);
  write("checkout/scripts/prebuilt_tools.tsv", rows.map((row) => `${row.join("\t")}\n`).join(""));
  copyFileSync(join(ROOT, "rust-toolchain.toml"), join(folder, "checkout", "rust-toolchain.toml"));
  // `cargo install ... --root FOLDER ... CRATE`, of a crate whose program has its name without "-cli".
  write("path/cargo", `#!/bin/bash
echo "$@" >> "${folder}/compiled"
while [ $# -gt 0 ]; do
  [ "$1" = --root ] && root="$2"
  case "$1" in trunk|mdbook|wasm-bindgen-cli) name="\${1%-cli}" ;; esac
  shift
done
mkdir -p "$root/bin"
v=""; [ "$name" = mdbook ] && v=v
printf '#!/bin/sh\\necho "%s %s${VERSION} compiled"\\n' "$name" "$v" > "$root/bin/$name"
chmod 755 "$root/bin/$name"
`, true);
  write("path/rustc", `#!/bin/sh\necho "${folder}/sysroot"\n`, true);
  mkdirSync(join(folder, "sysroot/lib/rustlib/wasm32-unknown-unknown"), { recursive: true });
  write("path/npm", `#!/bin/sh\n`, true);
  const run = (mirror, command = "book") => new Promise((resolve) => {
    const env = { HOME: folder, PATH: `${folder}/path:/usr/bin:/bin`, PICKLESCOPE_TOOLS: join(folder, "tools"), PICKLESCOPE_TOOLS_MIRROR: mirror };
    execFile(join(folder, "checkout/scripts/setup.sh"), [command], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, said: stdout + stderr });
    });
  });
  const installed = (name) => execFileSync(join(folder, "tools/bin", name), ["--version"], { encoding: "utf8" }).trim();
  const compiled = () => (existsSync(join(folder, "compiled")) ? readFileSync(join(folder, "compiled"), "utf8") : "");
  return { folder, run, installed, compiled };
}

/** Serves what `files` has; says what was asked for. */
async function releasePage(files) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const bytes = files[request.url];
    response.writeHead(bytes ? 200 : 404).end(bytes ?? "nothing here");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, asked, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function withMachine(rows, files, check) {
  const page = await releasePage(files);
  const here = machine(rows);
  try {
    await check(here, page);
  } finally {
    await page.close();
    rmSync(here.folder, { recursive: true });
  }
}

const BOOK = archive(["mdbook", program("mdbook", "prebuilt")]);
const row = (digest, tool = "mdbook", path = `${tool}.tar.gz`) => [tool, VERSION, PLATFORM, digest, path];

test("a prebuilt tool with the right checksum is installed, and once", async () => {
  await withMachine([row(sha256(BOOK))], { "/mdbook.tar.gz": BOOK }, async (here, page) => {
    const { code, said } = await here.run(page.base);
    assert.equal(code, 0, said);
    assert.equal(here.installed("mdbook"), line("mdbook", "prebuilt"));
    assert.equal(here.compiled(), "");
    assert.equal((await here.run(page.base)).said, "");
    assert.deepEqual(page.asked, ["/mdbook.tar.gz"]);
  });
});

test("one that was compiled is not compiled again", async () => {
  await withMachine([], {}, async (here, page) => {
    assert.match((await here.run(page.base)).said, /no checksum is known of a prebuilt mdbook/);
    assert.equal(here.installed("mdbook"), line("mdbook", "compiled"));
    assert.equal((await here.run(page.base)).said, "");
  });
});

test("one with another checksum is refused with both, not unpacked, and compiled instead", async () => {
  const expected = "0".repeat(64);
  await withMachine([row(expected)], { "/mdbook.tar.gz": BOOK }, async (here, page) => {
    const { code, said } = await here.run(page.base);
    assert.equal(code, 0, said);
    assert.ok(said.includes(`expected ${expected}, got ${sha256(BOOK)}`), said);
    assert.equal(here.installed("mdbook"), line("mdbook", "compiled"));
    assert.match(here.compiled(), /--locked/);
  });
});

test("one that the release page does not have is compiled", async () => {
  await withMachine([row(sha256(BOOK))], {}, async (here, page) => {
    const { code, said } = await here.run(page.base);
    assert.equal(code, 0, said);
    assert.match(said, /the release page does not have it \(.*404/);
    assert.equal(here.installed("mdbook"), line("mdbook", "compiled"));
  });
});

test("without a connection all are compiled, after one attempt", async () => {
  const rows = [row(sha256(BOOK), "trunk"), row(sha256(BOOK), "wasm-bindgen")];
  await withMachine(rows, {}, async (here, page) => {
    await page.close();
    const { code, said } = await here.run(page.base, "build");
    assert.equal(code, 0, said);
    assert.equal(said.match(/the release page cannot be reached/g).length, 1, said);
    assert.equal(here.installed("trunk"), line("trunk", "compiled"));
    assert.equal(here.installed("wasm-bindgen"), line("wasm-bindgen", "compiled"));
  });
});

test("one without a checksum is compiled, and the others are fetched", async () => {
  const trunk = archive(["folder/trunk", program("trunk", "prebuilt")]);
  await withMachine([row(sha256(trunk), "trunk")], { "/trunk.tar.gz": trunk }, async (here, page) => {
    const { code, said } = await here.run(page.base, "build");
    assert.equal(code, 0, said);
    assert.ok(said.includes(`no checksum is known of a prebuilt wasm-bindgen ${VERSION}`), said);
    assert.equal(here.installed("trunk"), line("trunk", "prebuilt"));
    assert.equal(here.installed("wasm-bindgen"), line("wasm-bindgen", "compiled"));
    assert.deepEqual(page.asked, ["/trunk.tar.gz"]);
  });
});

test("one that does not run here, or is no archive, is compiled", async () => {
  const other = archive(["mdbook", "#!/bin/sh\nexit 127\n"]);
  for (const bytes of [other, Buffer.from("no archive")]) {
    await withMachine([row(sha256(bytes))], { "/mdbook.tar.gz": bytes }, async (here, page) => {
      const { code, said } = await here.run(page.base);
      assert.equal(code, 0, said);
      assert.match(said, /does not run here/);
      assert.equal(here.installed("mdbook"), line("mdbook", "compiled"));
    });
  }
});

test("without the variable only https is asked for", () => {
  const setup = readFileSync(join(ROOT, "scripts", "setup.sh"), "utf8");
  assert.match(setup, /PICKLESCOPE_TOOLS_MIRROR:-https:\/\/github\.com/);
  assert.match(setup, /protocols='=https'/);
});

test("the table is of the versions that setup.sh installs", () => {
  const setup = readFileSync(join(ROOT, "scripts", "setup.sh"), "utf8");
  const table = readFileSync(join(ROOT, "scripts", "prebuilt_tools.tsv"), "utf8");
  const rows = table.split("\n").filter((text) => text && !text.startsWith("#")).map((text) => text.split("\t"));
  const seen = new Set();
  for (const [tool, version, platform, digest, path] of rows) {
    assert.equal(version, new RegExp(`^${tool.replaceAll("-", "_")}_version=(\\S+)`, "m").exec(setup)?.[1], tool);
    assert.match(platform, /^(Linux-(x86_64|aarch64)|Darwin-(x86_64|arm64))$/);
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.ok(path.includes(`${version}`) && path.endsWith(".tar.gz"), path);
    seen.add(`${tool} ${platform}`);
  }
  assert.equal(seen.size, rows.length);
});
