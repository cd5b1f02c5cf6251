import { arch, platform, release } from "node:os";
import { functionLimits } from "#domain";
import type { ProjectProfile, Sandbox } from "#ports";
import type { ReceiptInput } from "#receipt";
import { refuseUnobserved } from "./observe.ts";

/** What the tests ran on, for the receipt. The interpreter may be the project's own: it is asked inside the sandbox. */
export async function environmentOf(sandbox: Sandbox, profile: ProjectProfile): Promise<ReceiptInput["environment"]> {
  const { stdout, termination } = await sandbox.execute({
    argv: [profile.interpreter, "--version"],
    cwd: "/tmp",
    env: {},
    mounts: profile.mounts,
    limits: functionLimits,
  });
  refuseUnobserved(termination);
  const name = profile.language === "python" ? "Python" : "Node.js";
  const version = /\d+(?:\.\d+)+/.exec(stdout.text)?.[0] ?? "of unknown version";
  return {
    language: profile.language,
    interpreter: `${name} ${version}`,
    os: `${platform()} ${release()}`,
    arch: arch(),
  };
}
