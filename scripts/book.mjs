// The book: one site of the Markdown files that are in this repository anyway. `make book` runs it.
//
//   node scripts/book.mjs          writes what docs/SUMMARY.md names to target/book-source, as mdbook takes it; runs mdbook, which makes
//                                  target/book of it; and checks that: every link, and that nothing comes from elsewhere
//
// Links in the files are as GitHub follows them. In the book a link to a page leads to the page of the book; to a pickle, into the
// viewer with that pickle in the address (docs/share.md), since the book stands in a folder beside the viewer; to any other file of
// the repository, to GitHub if the environment says where that is (GITHUB_SERVER_URL, GITHUB_REPOSITORY), and is plain text if not.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SAMPLE = /\.(pkl|pt|npy|npz|joblib)$/;
/** Characters of a file in a link at most, as in src/export/link.rs. */
const LONGEST = 64 << 10;

/** The pages of the book by their paths in the repository, with their paths in the book. */
export function pages(summary) {
  const found = new Map();
  for (const [, target] of summary.matchAll(/\]\(([^)]+)\)/g)) {
    const path = posix.normalize(posix.join("docs", target));
    // README.md of a folder is its index; of a package it is a page with the package's name.
    const inside = path.startsWith("docs/") ? path.slice("docs/".length) : path.toLowerCase().replace(/\/readme\.md$/, ".md");
    found.set(path, inside.replace(/README\.md$/, "index.md"));
  }
  return found;
}

/** The id of a heading, as mdbook and GitHub make it. */
export function idOf(heading) {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim().toLowerCase();
  return text.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

function idsOf(text) {
  const ids = new Set();
  for (const [, heading] of withoutFences(text).matchAll(/^#{1,6} +(.*)$/gm)) {
    const id = idOf(heading);
    let count = 0;
    while (ids.has(count ? `${id}-${count}` : id)) count += 1;
    ids.add(count ? `${id}-${count}` : id);
  }
  return ids;
}

const FENCED = /^ *(```+|~~~+)[^\n]*\n[\s\S]*?^ *\1 *$/gm;
const withoutFences = (text) => text.replace(FENCED, "");

/** The address of the viewer with a file in it, from a page `depth` folders below the book. */
export function viewerLink(depth, name, bytes, place = "") {
  const packed = deflateRawSync(bytes, { level: 9 }).toString("base64url");
  if (packed.length > LONGEST) throw new Error(`${name} is too large for a link`);
  const safe = encodeURIComponent(name).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${"../".repeat(depth + 1)}#name=${safe}&file=${packed}${place && `&${place}`}`;
}

/** Changes the links of a page, and the paths of pages that stand in its text; code stays as it is. */
function relinked(text, change) {
  const part = /(?<code>(?<ticks>`+)(?!`)[\s\S]*?[^`]\k<ticks>(?!`))|(?<image>!?)\[(?<label>(?:`[^`]*`|[^[\]`]|\[[^\]]*\])*)\]\((?<target>[^()\s]+)\)|(?<bare>(?<![\w/.-])docs\/[\w/-]+\.md\b)/g;
  const between = (piece) => piece.replace(part, (all, ...rest) => {
    const { code, image, label, target, bare } = rest.at(-1);
    const path = bare ?? (code && /^`(docs\/[\w/-]+\.md)`$/.exec(code)?.[1]);
    if (path) return change.mention(path, all);
    return code ? all : change.link(image, label, target);
  });
  let done = "";
  let at = 0;
  for (const fence of text.matchAll(FENCED)) {
    done += between(text.slice(at, fence.index)) + fence[0];
    at = fence.index + fence[0].length;
  }
  return done + between(text.slice(at));
}

/** Writes the sources of the book to a folder. Returns what is wrong, a line each. */
export function stage(folder, { root = ROOT, repository = "" } = {}) {
  const read = (path) => readFileSync(join(root, path));
  const book = pages(read("docs/SUMMARY.md").toString());
  const problems = [];
  const write = (path, bytes) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  for (const path of book.keys()) {
    if (!existsSync(join(root, path))) problems.push(`docs/SUMMARY.md: there is no ${path}`);
  }
  if (problems.length > 0) return problems;
  const ids = new Map([...book.keys()].map((path) => [path, idsOf(read(path).toString())]));
  for (const [page, inside] of book) {
    const depth = inside.split("/").length - 1;
    const relative = (other) => posix.relative(posix.dirname(inside), other);
    const link = (image, label, target) => {
      const as = (address) => `${image}[${label}](${address})`;
      if (/^[a-z]+:/.test(target)) return as(target);
      const [file, place = ""] = target.split("#");
      let path = file ? posix.normalize(posix.join(posix.dirname(page), file)) : page;
      if (book.has(posix.join(path, "README.md"))) path = posix.join(path, "README.md");
      if (book.has(path)) {
        if (place && !ids.get(path).has(place)) problems.push(`${page}: ${target}: there is no such heading`);
        return as((file ? relative(book.get(path)) : "") + (place && `#${place}`));
      }
      if (path.startsWith("..") || !existsSync(join(root, path))) {
        problems.push(`${page}: ${target}: there is no such file`);
        return as(target);
      }
      if (path === "index.html") return as("../".repeat(depth + 1));
      if (SAMPLE.test(path)) return as(viewerLink(depth, posix.basename(path), read(path), place));
      if (path.startsWith("docs/") && statSync(join(root, path)).isFile()) {
        write(path.slice("docs/".length), read(path));
        return as(relative(path.slice("docs/".length)));
      }
      return repository ? as(`${repository}/blob/HEAD/${path}`) : label;
    };
    const mention = (path, all) => {
      if (!existsSync(join(root, path))) problems.push(`${page}: ${path}: there is no such file`);
      return book.has(path) && path !== page ? `[${all}](${relative(book.get(path))})` : all;
    };
    write(inside, relinked(read(page).toString(), { link, mention }));
  }
  const summary = read("docs/SUMMARY.md").toString();
  write("SUMMARY.md", summary.replace(/\]\(([^)]+)\)/g, (_, target) => `](${book.get(posix.normalize(posix.join("docs", target)))})`));
  return problems;
}

/** What is wrong with the HTML of the book, a line each. */
export function check(folder) {
  const problems = [];
  const files = readdirSync(folder, { recursive: true }).map((path) => path.replaceAll("\\", "/"));
  const html = new Map(files.filter((path) => path.endsWith(".html")).map((path) => [path, readFileSync(join(folder, path), "utf8")]));
  const ids = new Map([...html].map(([path, text]) => [path, new Set([...text.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id))]));
  for (const [path, text] of html) {
    for (const [, tag, attribute, raw] of text.matchAll(/<(a|link|script|img|iframe|source)\b[^>]*?\b(href|src)="([^"]*)"/g)) {
      const target = raw.replaceAll("&amp;", "&");
      if (/^[a-z]+:|^\/\//i.test(target)) {
        if (tag !== "a" && !target.startsWith("data:")) problems.push(`${path}: ${tag} ${attribute} comes from elsewhere: ${target}`);
        continue;
      }
      const [file, id] = target.split("#");
      let to = file ? posix.normalize(posix.join(posix.dirname(path), file)) : path;
      // The viewer, in whose folder the book is.
      if (to === "../" || to === "..") continue;
      if (to.endsWith("/") || to === ".") to = posix.join(to, "index.html");
      if (!files.includes(to)) problems.push(`${path}: ${target}: there is no such file`);
      else if (id && ids.has(to) && !ids.get(to).has(decodeURIComponent(id))) problems.push(`${path}: ${target}: there is no such heading`);
    }
  }
  for (const path of files.filter((name) => name.endsWith(".css"))) {
    for (const [found] of readFileSync(join(folder, path), "utf8").matchAll(/url\(\s*['"]?(?:https?:)?\/\/[^)]*\)|@import[^;]*/g)) {
      problems.push(`${path}: ${found}`);
    }
  }
  return problems;
}

/** Makes the book in `target/book`. Returns what is wrong, a line each. */
function build() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  const repository = server && name ? `${server}/${name}` : "";
  const target = (folder) => join(ROOT, "target", folder);
  for (const folder of ["book", "book-source", "book-theme"]) rmSync(target(folder), { recursive: true, force: true });
  const problems = stage(target("book-source"), { repository });
  if (problems.length > 0) return problems;
  mkdirSync(target("book-theme"));
  writeFileSync(join(target("book-theme"), "favicon.svg"), icon(readFileSync(join(ROOT, "index.html"), "utf8")));
  const env = { ...process.env, ...(repository && { MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL: repository }) };
  const ran = spawnSync("mdbook", ["build", join(ROOT, "docs")], { env, encoding: "utf8" });
  if (ran.error) return [`mdbook: ${ran.error.message}`];
  const said = `${ran.stdout}${ran.stderr}`.split("\n").filter((line) => /\b(WARN|ERROR)\b/.test(line));
  if (ran.status !== 0 || said.length > 0) return said.length > 0 ? said : [`mdbook: exit code ${ran.status}`];
  return [...finish(target("book")), ...check(target("book"))];
}

/** Makes a button of the label that opens the contents: a label is not reached by the keyboard. docs/book.js has it work. */
function finish(folder) {
  const label = /<label (id="mdbook-sidebar-toggle"[^>]*?) for="[^"]*"([^>]*)>([\s\S]*?)<\/label>/;
  const pages = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".html") && !path.endsWith("toc.html"));
  return pages.flatMap((path) => {
    const text = readFileSync(join(folder, path), "utf8");
    if (!label.test(text)) return [`${path}: mdbook writes another label for the contents`];
    writeFileSync(join(folder, path), text.replace(label, '<button type="button" $1$2>$3</button>'));
    return [];
  });
}

/** The icon of the page, which the book has, too. */
export function icon(page) {
  const [, address] = /<link rel="icon" href="data:image\/svg\+xml,([^"]*)"/.exec(page);
  return decodeURIComponent(address);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = build();
  for (const problem of problems) console.error(`book: ${problem}`);
  if (problems.length === 0) console.log("book: target/book/index.html");
  process.exitCode = problems.length > 0 ? 1 : 0;
}
