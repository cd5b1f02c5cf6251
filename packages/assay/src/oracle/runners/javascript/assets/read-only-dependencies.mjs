// Runs inside the sandbox, in vitest's main process, loaded before it. Vite (6.0.15 and later; 5 always) puts its compiled
// configuration beside it when its folder in node_modules is forbidden. That one is read-only here, and where an earlier vite left it,
// making it succeeds and only writing into it does not.
import promises from "node:fs/promises";

const mkdir = promises.mkdir;
promises.mkdir = async (path, ...options) => {
  if (!/node_modules[\\/]\.vite-temp[\\/]?$/.test(String(path))) return await mkdir(path, ...options);
  throw Object.assign(new Error(`${path} is read-only`), { code: "EACCES" });
};
