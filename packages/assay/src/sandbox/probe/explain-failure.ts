import { readFileSync } from "node:fs";
import type { Fault } from "@assay/sdk";
import { fault } from "#domain";

/** Kernel settings that forbid user namespaces, as far as they can be read. */
export type KernelSettings = {
  /** kernel.apparmor_restrict_unprivileged_userns, on Ubuntu since 23.10. */
  appArmorRestricts: boolean;
  /** kernel.unprivileged_userns_clone = 0, on Debian and hardened kernels. */
  cloneForbidden: boolean;
  /** user.max_user_namespaces = 0. */
  noneAllowed: boolean;
  inContainer: boolean;
};

export function readKernelSettings(): KernelSettings {
  return {
    appArmorRestricts: read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1",
    cloneForbidden: read("/proc/sys/kernel/unprivileged_userns_clone") === "0",
    noneAllowed: read("/proc/sys/user/max_user_namespaces") === "0",
    inContainer: read("/.dockerenv") !== undefined || read("/run/.containerenv") !== undefined,
  };
}

const appArmorProfile =
  "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap && sudo systemctl reload apparmor";

/** Why bubblewrap could not make a sandbox, and the command that lets it. */
export function explainFailure(message: string, settings: KernelSettings): Fault {
  const because = (reason: string, remedy: string) =>
    fault("no-isolation", `this machine does not let bubblewrap isolate: ${reason} (${message})`, remedy);
  if (settings.noneAllowed) {
    return because("user.max_user_namespaces is 0", "sudo sysctl -w user.max_user_namespaces=15000");
  }
  if (settings.cloneForbidden) {
    return because("kernel.unprivileged_userns_clone is 0", "sudo sysctl -w kernel.unprivileged_userns_clone=1");
  }
  if (settings.appArmorRestricts) {
    return because("AppArmor allows user namespaces only to programs with a profile (Ubuntu 24.04)", appArmorProfile);
  }
  if (settings.inContainer) {
    return because(
      "this container may not make namespaces",
      "start the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`",
    );
  }
  return because(
    "it refused",
    "run `bwrap --unshare-all --ro-bind / / true` to see what it says, and allow user namespaces",
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
