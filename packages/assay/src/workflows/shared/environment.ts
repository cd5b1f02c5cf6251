import { arch, platform, release } from "node:os";
import { functionLimits } from "#domain";
import type { Language, ProjectProfile, Sandbox } from "#ports";
import type { ReceiptInput } from "#receipt";
import { refuseUnobserved } from "./observe.ts";

const names: Record<Language, string> = {
  python: "Python",
  javascript: "Node.js",
  typescript: "Node.js",
  go: "Go",
  rust: "Cargo",
  java: "Java",
};

/** What the tests ran on, for the receipt. The interpreter may be the project's own: it is asked inside the sandbox. */
export async function environmentOf(sandbox: Sandbox, profile: ProjectProfile): Promise<ReceiptInput["environment"]> {
  const { stdout, termination } = await sandbox.execute({
    argv: [profile.interpreter, profile.language === "go" ? "version" : "--version"],
    cwd: "/tmp",
    env: {},
    mounts: profile.mounts,
    limits: functionLimits,
  });
  refuseUnobserved(termination);
  const version = /\d+(?:\.\d+)+/.exec(stdout.text)?.[0] ?? "of unknown version";
  return {
    language: profile.language,
    interpreter: `${names[profile.language]} ${version}`,
    os: `${platform()} ${release()}`,
    arch: arch(),
  };
}
