export { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
export { openSandbox, type SandboxOptions } from "./open-sandbox.ts";
export { UnsafeHostSandbox } from "./unsafe/unsafe-host-sandbox.ts";
