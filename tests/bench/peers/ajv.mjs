// Times ajv for `src/elsewhere.rs`, which writes one command per line and reads one line of JSON back.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import addFormats from "ajv-formats";

const require = createRequire(import.meta.url);

/** The function that ajv's standalone mode writes for a schema; it stops at the first error. */
function compile(file) {
  // Like the other contenders it asserts the formats that it knows, and ignores the others.
  const ajv = new Ajv2020({ code: { source: true, lines: true }, strict: false });
  addFormats.default(ajv);
  for (const annotation of ["decimal", "html"]) ajv.addFormat(annotation, true);
  const source = standalone.default(ajv, ajv.compile(JSON.parse(readFileSync(file, "utf8"))));
  const module = { exports: {} };
  new Function("require", "module", "exports", source)(require, module, module.exports);
  return module.exports;
}

/** Calls `run` with one document after the other for so many milliseconds; nanoseconds per call. */
function turn(documents, milliseconds, run) {
  const start = performance.now();
  let done = 0;
  let passed = 0;
  while (performance.now() - start < milliseconds) {
    for (let count = Math.min(documents.length, 50); count > 0; count--) {
      passed += run(documents[done++ % documents.length]) ? 1 : 0;
    }
  }
  // The verdicts are used, so that no optimiser may leave them out.
  if (passed !== 0 && passed !== done) throw new Error("the documents differ in their verdict");
  return ((performance.now() - start) * 1e6) / done;
}

/** Reads the lines of a file, a megabyte at a time; what `run` says of all of them, and seconds. */
function pass(file, run) {
  const start = performance.now();
  const descriptor = openSync(file);
  const buffer = Buffer.allocUnsafe(1 << 20);
  let filled = 0;
  let all = true;
  for (let read; (read = readSync(descriptor, buffer, filled, buffer.length - filled)) > 0; ) {
    filled += read;
    let line = 0;
    for (let end; (end = buffer.subarray(0, filled).indexOf(10, line)) >= 0; line = end + 1) {
      all = run(buffer.subarray(line, end)) && all;
    }
    buffer.copyWithin(0, line, filled);
    filled -= line;
  }
  closeSync(descriptor);
  return { all, seconds: (performance.now() - start) / 1000 };
}

let validate;
let documents = [];
let values = [];
const fromBytes = (document) => validate(JSON.parse(document.toString()));

const commands = {
  /** Takes the documents of a set, which stand in `file` one after the other. */
  load({ schema, file, lengths }) {
    validate = compile(schema);
    const bytes = readFileSync(file);
    let end = 0;
    documents = lengths.map((length) => bytes.subarray(end, (end += length)));
    values = documents.map((document) => JSON.parse(document.toString()));
    const verdicts = documents.map(fromBytes);
    // Until V8 has optimised what it is going to run.
    turn(documents, 300, fromBytes);
    turn(values, 100, validate);
    return verdicts;
  },
  whole: ({ milliseconds }) => turn(documents, milliseconds, fromBytes),
  parsed: ({ milliseconds }) => turn(values, milliseconds, (value) => validate(value)),
  archive({ schema, file }) {
    validate = compile(schema);
    return pass(file, fromBytes);
  },
};

console.log(JSON.stringify(process.version));
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...parameters } = JSON.parse(line);
  console.log(JSON.stringify(commands[command](parameters)));
}
