import { FaultError } from "#domain";
import type { Sandbox } from "#ports";
import { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
import { ContainerSandbox } from "./container/container-sandbox.ts";
import { probeMachine } from "./probe/probe-machine.ts";
import type { OverlayAbility } from "./probe/probe-overlay.ts";
import { UnsafeHostSandbox } from "./unsafe/unsafe-host-sandbox.ts";

/** `auto`: bubblewrap, and containers where it does not work. */
export type SandboxKind = "auto" | "bubblewrap" | "container";

export type SandboxOptions = {
  /** `--unsafe-no-sandbox`: run untrusted code with this user's rights; every report says so. */
  unsafe: boolean;
  /** Default `auto`. */
  kind?: SandboxKind;
};

/** `overlay` says whether the sandbox mounts layered workspaces; if not, they have to be copied, and `reason` says why. */
export type OpenedSandbox = { sandbox: Sandbox } & WorkspaceMethods;
export type WorkspaceMethods = { overlay: boolean; reason?: string };

/** The sandbox for this machine. Fails closed: throws the probe's `FaultError` when nothing isolates here. */
export async function openSandbox(options: SandboxOptions): Promise<OpenedSandbox> {
  if (options.unsafe) {
    return { sandbox: new UnsafeHostSandbox(), overlay: false, reason: "there is no sandbox to mount one in" };
  }
  const { kind = "auto" } = options;
  if (kind === "container") return openContainers();
  const probed = await probeMachine();
  if (probed.kind === "available") return { sandbox: new BubblewrapSandbox(), ...probed.ability };
  if (kind === "bubblewrap") throw new FaultError(probed.fault);
  // What keeps bubblewrap from working is what a person can mend; that there is no container either only confirms it.
  return await openContainers().catch(() => {
    throw new FaultError(probed.fault);
  });
}

async function openContainers(): Promise<OpenedSandbox> {
  const sandbox = new ContainerSandbox();
  const probed = await sandbox.probe();
  if (probed.kind === "unavailable") throw new FaultError(probed.fault);
  return { sandbox, overlay: false, reason: "containers are given copies" };
}

/** How workspaces can be given to the sandbox of this machine; no overlay where there is no sandbox. */
export async function workspaceMethods(): Promise<OverlayAbility> {
  const probed = await probeMachine();
  return probed.kind === "available" ? probed.ability : { overlay: false, reason: probed.fault.message };
}
