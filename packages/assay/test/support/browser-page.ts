import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const sdk = fileURLToPath(new URL("../../../sdk/src/", import.meta.url));
const zod = dirname(fileURLToPath(import.meta.resolve("zod/package.json")));
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser to test in; `undefined` where there is none. */
export function findBrowser(): string | undefined {
  return browsers.find((path) => existsSync(path));
}

/**
 * Serves a page that runs a script with the client's modules, as a browser loads them: types taken off, zod by an import map. What the
 * script gives `report` resolves `reported`.
 */
export function browserPage(script: string): {
  serve: (request: IncomingMessage, response: ServerResponse) => boolean;
  reported: Promise<unknown>;
} {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const imports = { "@assay/sdk": "/sdk/index.ts", zod: "/zod/index.js" };
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
    <script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module">
      const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
      try { await (async () => { ${script} })(); } catch (error) { await report({ error: String(error?.stack ?? error) }); }
    </script>`;
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/") response.setHeader("content-type", "text/html").end(page);
    else if (pathname === "/report") void bodyOf(request).then((body) => response.end(() => resolve(JSON.parse(body))));
    else if (pathname.startsWith("/sdk/")) void serveModule(join(sdk, normalize(pathname.slice(4))), response);
    else if (pathname.startsWith("/zod/")) void serveModule(join(zod, normalize(pathname.slice(4))), response);
    else return false;
    return true;
  };
  return { serve, reported: promise };
}

/** Opens a page without a window; the browser ends with the scope. */
export async function openBrowser(browser: string, url: string): Promise<AsyncDisposable> {
  const profile = await mkdtemp(join(tmpdir(), "assay-browser-"));
  const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  // The page is the test's own; a container has no namespaces for the browser's sandbox, nor much shared memory.
  const options = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    `--user-data-dir=${profile}`,
  ];
  const child = spawn(browser, [...options, ...quiet, url], { stdio: "ignore", detached: true });
  return {
    async [Symbol.asyncDispose]() {
      // With the processes that it has started itself.
      if (child.exitCode === null && child.pid !== undefined) {
        process.kill(-child.pid, "SIGKILL");
        await once(child, "exit");
      }
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function serveModule(path: string, response: ServerResponse): Promise<void> {
  response.setHeader("content-type", "text/javascript");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) response.writeHead(404).end();
  else response.end(extname(path) === ".ts" ? stripTypeScriptTypes(text) : text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}
