export { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
export { ContainerSandbox } from "./container/container-sandbox.ts";
export {
  type OpenedSandbox,
  openSandbox,
  type SandboxKind,
  type SandboxOptions,
  type WorkspaceMethods,
  workspaceMethods,
} from "./open-sandbox.ts";
export { UnsafeHostSandbox } from "./unsafe/unsafe-host-sandbox.ts";
