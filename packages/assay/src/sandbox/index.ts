export { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
export {
  type OpenedSandbox,
  openSandbox,
  type SandboxOptions,
  type WorkspaceMethods,
  workspaceMethods,
} from "./open-sandbox.ts";
export { UnsafeHostSandbox } from "./unsafe/unsafe-host-sandbox.ts";
