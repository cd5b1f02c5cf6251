// Runs inside the sandbox: a process of a test file that is started before the file is known. It has Node's test runner in
// memory and waits; nothing of the project is loaded.
import "node:assert/strict";
import "node:test";
import { pathToFileURL } from "node:url";
import { readLine } from "./child.mjs";

const { main } = JSON.parse(readLine());
process.argv[1] = main;
await import(pathToFileURL(main).href);
