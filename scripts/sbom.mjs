// Writes a software bill of materials (CycloneDX 1.6, JSON): the crates that are in the program, or in the page. Those that
// only work while it is compiled (build scripts, macros) are listed as excluded; test tools are not listed.
//
//     node scripts/sbom.mjs program | page
//
// Everything comes from `cargo metadata` and Cargo.lock, so the same commit gives the same bytes.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const host = () => /^host: (.*)$/m.exec(execFileSync("rustc", ["-vV"], { encoding: "utf8" }))[1];
const kinds = {
  program: { target: host, description: "the command line" },
  page: { target: () => "wasm32-unknown-unknown", description: "the page and its worker, as make dist builds them" },
};
const kind = kinds[process.argv[2]];
if (!kind) {
  console.error("usage: node scripts/sbom.mjs program | page");
  process.exit(1);
}

const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--locked", "--format-version", "1", "--filter-platform", kind.target()], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  }),
);
const packages = new Map(metadata.packages.map((item) => [item.id, item]));
const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
const root = metadata.resolve.root;

const checksums = new Map();
for (const block of readFileSync("Cargo.lock", "utf8").split("[[package]]").slice(1)) {
  const field = (name) => new RegExp(`^${name} = "(.*)"$`, "m").exec(block)?.[1];
  checksums.set(`${field("name")} ${field("version")}`, field("checksum"));
}

const isMacro = (id) => packages.get(id).targets.some((target) => target.kind.includes("proc-macro"));
/** Crates below one: those that are linked, or with `building` all that a build needs. */
function below(start, building) {
  const seen = new Set([start]);
  const waiting = [start];
  while (waiting.length > 0) {
    for (const { pkg, dep_kinds } of nodes.get(waiting.pop()).deps) {
      const wanted = dep_kinds.some((dep) => dep.kind === null || (building && dep.kind === "build"));
      if (wanted && (building || !isMacro(pkg)) && !seen.has(pkg)) {
        seen.add(pkg);
        waiting.push(pkg);
      }
    }
  }
  return seen;
}

const linked = below(root, false);
const building = below(root, true);
const purl = (item) => `pkg:cargo/${item.name}@${item.version}`;

function component(id) {
  const item = packages.get(id);
  const checksum = checksums.get(`${item.name} ${item.version}`);
  return {
    type: "library",
    "bom-ref": purl(item),
    name: item.name,
    version: item.version,
    scope: linked.has(id) ? "required" : "excluded",
    ...(checksum && { hashes: [{ alg: "SHA-256", content: checksum }] }),
    // Crates of old write "MIT/Apache-2.0".
    ...(item.license && { licenses: [{ expression: item.license.replaceAll("/", " OR ") }] }),
    purl: purl(item),
    ...(item.repository && { externalReferences: [{ type: "vcs", url: item.repository }] }),
  };
}

const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const own = packages.get(root);
const all = [...building].sort((a, b) => byName(purl(packages.get(a)), purl(packages.get(b))));
const bom = {
  $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: {
    component: {
      type: "application",
      "bom-ref": purl(own),
      name: own.name,
      version: own.version,
      description: `${own.description}: ${kind.description}`,
      licenses: [{ expression: own.license }],
      purl: purl(own),
    },
  },
  components: all.filter((id) => id !== root).map(component),
  dependencies: all.map((id) => ({
    ref: purl(packages.get(id)),
    dependsOn: nodes
      .get(id)
      .deps.map(({ pkg }) => pkg)
      .filter((pkg) => building.has(pkg))
      .map((pkg) => purl(packages.get(pkg)))
      .sort(byName),
  })),
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
