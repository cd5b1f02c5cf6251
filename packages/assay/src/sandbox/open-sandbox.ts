import type { Sandbox } from "#ports";
import { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
import { UnsafeHostSandbox } from "./unsafe/unsafe-host-sandbox.ts";

export type SandboxOptions = {
  /** `--unsafe-no-sandbox`: run untrusted code with this user's rights; every report says so. */
  unsafe: boolean;
};

/** The sandbox for this machine. Ask its `probe` before relying on it; without isolation it runs nothing. */
export function openSandbox(options: SandboxOptions): Sandbox {
  return options.unsafe ? new UnsafeHostSandbox() : new BubblewrapSandbox();
}
