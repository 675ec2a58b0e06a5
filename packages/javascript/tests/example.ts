// The examples of the README, as the compiler of TypeScript reads them.
import { readFile } from 'node:fs/promises';
import { find, inspect, open, scan, toJson, type AsyncBuffer, type FileReport } from 'picklescope';

const bytes = await readFile('model.pkl');
const report: FileReport = await scan(bytes, { name: 'model.pkl' });
if (report.level === 'dangerous') console.log(report.findings.map((finding) => `${finding.title} at ${finding.offset}`));

const file = await open(new Blob([new Uint8Array(bytes)]), { memory: 1 << 28 });
const { verdict, protocol } = await file.facts();
console.log(verdict.word, protocol ?? 'no protocol', await file.tree({ depth: 2 }));
const table: Uint8Array = await file.export('csv', { path: "obj['frame']" });
file.close();

const ranges: AsyncBuffer = { byteLength: table.length, slice: async (start, end) => table.slice(start, end) };
const environment = (await inspect(ranges)).environment.packages.map((found) => found.name);
console.log(environment, (await find(ranges, '> 1', { most: 10 })).counts[0]?.kind, typeof await toJson(ranges));
