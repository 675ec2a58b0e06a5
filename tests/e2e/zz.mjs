import { chromium } from 'playwright-core';
import { execSync } from 'node:child_process';
const b = await chromium.launch({ executablePath: execSync('which chromium').toString().trim(), args: ['--no-sandbox','--disable-gpu'] });
const p = await b.newPage();
await p.setContent('<input type=file>');
await p.setInputFiles('input', '/work/main/target/bench/blob.pkl');
for (const mib of [0.25, 1, 4, 8, 16]) for (const mode of ['sync','async','ahead']) {
  const r = await p.evaluate(([mib, mode]) => new Promise((res) => {
    const src = `onmessage = async ({data:{file,size,mode}}) => {
      const t = performance.now(); let n=0;
      const buf = new Uint8Array(size);
      if (mode==='sync') { const r = new FileReaderSync(); for (let o=0;o<file.size;o+=size){ const a=new Uint8Array(r.readAsArrayBuffer(file.slice(o,o+size))); buf.set(a); n+=a.length; } }
      else if (mode==='async') for (let o=0;o<file.size;o+=size){ const a=new Uint8Array(await file.slice(o,o+size).arrayBuffer()); buf.set(a); n+=a.length; }
      else { const q=[]; let o=0; while(o<file.size||q.length){ while(q.length<4&&o<file.size){ q.push(file.slice(o,o+size).arrayBuffer()); o+=size;} const a=new Uint8Array(await q.shift()); buf.set(a); n+=a.length; } }
      postMessage([n, performance.now()-t]); }`;
    const w = new Worker(URL.createObjectURL(new Blob([src])));
    w.onmessage = ({data}) => { w.terminate(); res(data); };
    w.postMessage({ file: document.querySelector('input').files[0], size: mib*1048576, mode });
  }), [mib, mode]);
  console.log(mib, mode, r[1].toFixed(0), 'ms', (r[0]/1e3/r[1]).toFixed(0), 'MB/s');
}
await b.close();
