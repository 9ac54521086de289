// The budget of the bundles: what a reader's browser must fetch before an entry runs, and what it fetches in all,
// in kB after gzip. A build over its budget fails; the numbers in budget.json are raised by a reviewed commit only.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const web = new URL("../", import.meta.url);
const out = new URL("../src/veche/web/static/", web);
const readJson = async (url) => JSON.parse(await readFile(url, "utf8"));

const manifest = await readJson(new URL(".vite/manifest.json", out));
const budget = await readJson(new URL("budget.json", web));

const filesOf = (key, { later }, files = new Set(), seen = new Set()) => {
  if (seen.has(key)) return files;
  seen.add(key);
  const { file, css = [], imports = [], dynamicImports = [] } = manifest[key];
  for (const name of [file, ...css]) files.add(name);
  for (const next of later ? [...imports, ...dynamicImports] : imports) filesOf(next, { later }, files, seen);
  return files;
};
const kilobytes = async (files) => {
  let bytes = 0;
  for (const name of files) bytes += gzipSync(await readFile(new URL(name, out))).length;
  return bytes / 1000;
};

let isOver = false;
for (const [entry, limits] of Object.entries(budget.entries)) {
  for (const part of ["first", "all"]) {
    const size = await kilobytes(filesOf(entry, { later: part === "all" }));
    const isTooBig = size > limits[part];
    isOver ||= isTooBig;
    console.log(`${isTooBig ? "OVER" : "  ok"}  ${entry} ${part}: ${size.toFixed(1)} of ${limits[part]} kB`);
  }
}
process.exitCode = isOver ? 1 : 0;
