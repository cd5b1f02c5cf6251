import type { LibraryNames } from "./library-names.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What Node knows without, and with, an import. */
export const javascriptLibrary: LibraryNames = {
  builtins: words(`
  Array ArrayBuffer BigInt Boolean DataView Date Error EvalError Float64Array Function Infinity Int32Array Intl JSON
  Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError
  TypeError URIError Uint8Array WeakMap WeakRef WeakSet decodeURIComponent encodeURIComponent globalThis isFinite
  isNaN parseFloat parseInt undefined Buffer URL URLSearchParams AbortController AbortSignal TextDecoder TextEncoder
  clearInterval clearTimeout console fetch performance process queueMicrotask setImmediate setInterval setTimeout
  structuredClone require module exports
  `),
  modules: words(`
  node:assert node:async_hooks node:buffer node:child_process node:cluster node:crypto node:dns node:events node:fs
  node:fs/promises node:http node:http2 node:https node:net node:os node:path node:perf_hooks node:process
  node:querystring node:readline node:stream node:string_decoder node:test node:timers node:timers/promises node:tls
  node:tty node:url node:util node:v8 node:vm node:worker_threads node:zlib
  `),
  exports: {
    "node:assert/strict": words("strictEqual deepStrictEqual"),
    "node:child_process": words("spawn execFile spawnSync execFileSync"),
    "node:crypto": words("createHash createHmac randomBytes randomInt randomUUID timingSafeEqual"),
    "node:events": words("EventEmitter once"),
    "node:fs": words(
      "createReadStream createWriteStream existsSync readFileSync writeFileSync mkdirSync readdirSync statSync",
    ),
    "node:fs/promises": words(
      "access appendFile copyFile mkdir mkdtemp readFile readdir rename rm stat unlink writeFile",
    ),
    "node:os": words("availableParallelism homedir tmpdir"),
    "node:path": words("basename dirname extname isAbsolute join normalize parse relative resolve sep"),
    "node:readline": words("createInterface"),
    "node:stream": words("Readable Transform Writable pipeline"),
    "node:timers/promises": words("setTimeout"),
    "node:url": words("fileURLToPath pathToFileURL"),
    "node:util": words("format inspect isDeepStrictEqual parseArgs promisify"),
    "node:async_hooks": words("AsyncLocalStorage"),
    "node:worker_threads": words("Worker parentPort workerData isMainThread"),
  },
};
