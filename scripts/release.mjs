// What a release needs beside building.
//
//     node scripts/release.mjs check [TAG]                     one version everywhere, and notes for it; TAG is that version
//     node scripts/release.mjs set VERSION                     writes the version wherever it stands, and the changelog's heading
//     node scripts/release.mjs notes [VERSION]                 the section of the changelog
//     node scripts/release.mjs pack TARGET PROGRAM FOLDER      FOLDER/picklescope-TARGET.tar.gz: program, page, licences
//     node scripts/release.mjs site FOLDER                     FOLDER/picklescope-site.zip: the page, for any static host
//     node scripts/release.mjs sums FOLDER                     FOLDER/SHA256SUMS
//
// The version is that of the root's Cargo.toml; everything else has to say the same.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync, gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const NUMBER = String.raw`\d+\.\d+\.\d+(?:-[0-9a-z.]+)?`;

/** Files that state a version of ours, with what stands around it. */
const CRATE = (name) => new RegExp(`(\\[package\\]\\nname = "${name}"\\nversion = ")(${NUMBER})(")`);
const LOCKED = (name) => new RegExp(`(\\[\\[package\\]\\]\\nname = "${name}"\\nversion = ")(${NUMBER})(")`);
const JSON_FIELD = new RegExp(`("name": "picklescope",\\n\\s*"version": ")(${NUMBER})(")`);
export const PLACES = [
  ["Cargo.toml", CRATE("picklescope")],
  ["Cargo.lock", LOCKED("picklescope")],
  ["fuzz/Cargo.lock", LOCKED("picklescope")],
  ["packages/python/Cargo.toml", CRATE("picklescope-python")],
  ["packages/python/Cargo.lock", LOCKED("picklescope")],
  ["packages/python/Cargo.lock", LOCKED("picklescope-python")],
  ["packages/javascript/Cargo.toml", CRATE("picklescope-javascript")],
  ["packages/javascript/Cargo.lock", LOCKED("picklescope")],
  ["packages/javascript/Cargo.lock", LOCKED("picklescope-javascript")],
  ["packages/javascript/package.json", JSON_FIELD],
];

/** The version at each of these places; a text where there is none. */
export function versions(root = ROOT) {
  return PLACES.map(([path, pattern]) => [path, pattern.exec(readFileSync(join(root, path), "utf8"))?.[2] ?? "no version"]);
}

/** The version of the release, or an error that says who differs. */
export function theVersion(root = ROOT) {
  const all = versions(root);
  const version = all[0][1];
  const others = all.filter(([, other]) => other !== version);
  if (others.length > 0 || !new RegExp(`^${NUMBER}$`).test(version)) {
    throw new Error(`Cargo.toml says ${version}; ${others.map(([path, other]) => `${path} says ${other}`).join(", ")}`);
  }
  return version;
}

/** The section of a changelog: what stands between the heading of the version and the next one. */
export function notes(changelog, version) {
  const lines = changelog.split("\n");
  const first = lines.findIndex((line) => line === `## ${version}` || line.startsWith(`## ${version} `));
  if (first < 0) throw new Error(`CHANGELOG.md has no section "## ${version}"`);
  const next = lines.findIndex((line, at) => at > first && line.startsWith("## "));
  const text = lines.slice(first + 1, next < 0 ? undefined : next).join("\n").trim();
  if (!text) throw new Error(`the section "## ${version}" of CHANGELOG.md is empty`);
  return `${text}\n`;
}

/** The changelog with what is not released yet under a version. */
export function released(changelog, version, date) {
  if (new RegExp(`^## ${version.replaceAll(".", "\\.")}( |$)`, "m").test(changelog)) return changelog;
  return changelog.replace("## Unreleased\n", `## Unreleased\n\n## ${version} (${date})\n`);
}

/** A tar archive of regular files: `[path, bytes, is_program]` each. The same files give the same bytes. */
export function tar(files) {
  const blocks = [];
  for (const [path, bytes, isProgram] of files) {
    if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for a tar header`);
    const header = Buffer.alloc(512);
    const number = (value, length) => `${value.toString(8).padStart(length - 1, "0")}\0`;
    let at = 0;
    const put = (text, length) => {
      header.write(text, at, "latin1");
      at += length;
    };
    put(path, 100);
    put(number(isProgram ? 0o755 : 0o644, 8), 8);
    put(number(0, 8), 8);
    put(number(0, 8), 8);
    put(number(bytes.length, 12), 12);
    put(number(0, 12), 12);
    put("        ", 8);
    put("0", 101);
    put("ustar\x0000", 8);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    blocks.push(header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** CRC-32 as zip files have it. */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A zip archive: `[path, bytes]` each. The same files give the same bytes. */
export function zip(files) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const [path, bytes] of files) {
    const [name, packed] = [Buffer.from(path), deflateRawSync(bytes, { level: 9 })];
    // Version 2.0, names in UTF-8, deflated, 1 January 1980 at midnight.
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), fields, name, packed);
    // Made by Unix: a regular file that everybody may read.
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((0o100644 << 16) | 0) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x03"), fields, rest, name);
    offset += 30 + name.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}

/** The page's files, without those that are there compressed as well: `[name, bytes]` each. */
function siteFiles(root) {
  const folder = join(root, "dist");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  if (!names.includes("index.html")) throw new Error("the page is missing; make dist builds it");
  const isPlain = (name) => !/\.(gz|br)$/.test(name) && statSync(join(folder, name)).isFile();
  return names.filter(isPlain).map((name) => [name, readFileSync(join(folder, name))]);
}

/** Packs the page for people who put it on a host of theirs. */
export function packSite(folder, root = ROOT) {
  const licences = ["LICENSE-APACHE", "LICENSE-MIT"].map((name) => [name, readFileSync(join(root, name))]);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "picklescope-site.zip");
  writeFileSync(path, zip([...siteFiles(root), ...licences]));
  return path;
}

/** Packs a program with the page and the licences, as `make dist` and `cargo build` left them. */
export function pack(target, program, folder, root = ROOT) {
  const read = (...path) => readFileSync(join(root, ...path));
  const site = siteFiles(root);
  const name = target.includes("windows") ? "picklescope.exe" : "picklescope";
  const files = [[`bin/${name}`, readFileSync(program), true]];
  for (const [file, bytes] of site) files.push([`share/picklescope/site/${file}`, bytes, false]);
  for (const file of ["LICENSE-APACHE", "LICENSE-MIT", "README.md"]) {
    files.push([`share/doc/picklescope/${file}`, read(file), false]);
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `picklescope-${target}.tar.gz`);
  writeFileSync(path, gzipSync(tar(files), { level: 9 }));
  return path;
}

/** Checksums as sha256sum reads them. */
export function sums(folder) {
  const names = readdirSync(folder).filter((name) => name !== "SHA256SUMS" && statSync(join(folder, name)).isFile());
  const line = (name) => `${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}  ${name}\n`;
  return names.sort().map(line).join("");
}

function set(version) {
  if (!new RegExp(`^${NUMBER}$`).test(version)) throw new Error(`${version} is no version`);
  for (const [path, pattern] of PLACES) {
    const text = readFileSync(join(ROOT, path), "utf8");
    writeFileSync(join(ROOT, path), text.replace(pattern, `$1${version}$3`));
  }
  const path = join(ROOT, "CHANGELOG.md");
  writeFileSync(path, released(readFileSync(path, "utf8"), version, new Date().toISOString().slice(0, 10)));
}

function main([command, ...words]) {
  const changelog = () => readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  switch (command) {
    case "check": {
      const version = theVersion();
      if (words[0] && words[0] !== `v${version}`) throw new Error(`the tag is ${words[0]}, the version is ${version}`);
      if (words[0]) notes(changelog(), version);
      return `${version}\n`;
    }
    case "set":
      set(words[0]);
      return "";
    case "notes":
      return notes(changelog(), words[0] ?? theVersion());
    case "pack":
      return `${pack(...words)}\n`;
    case "site":
      return `${packSite(words[0])}\n`;
    case "sums":
      writeFileSync(join(words[0], "SHA256SUMS"), sums(words[0]));
      return "";
    default:
      throw new Error("usage: node scripts/release.mjs check|set|notes|pack|site|sums ...");
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(main(process.argv.slice(2)));
  } catch (error) {
    console.error(`release: ${error.message}`);
    process.exit(1);
  }
}
