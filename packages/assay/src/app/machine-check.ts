import type { Listing } from "@assay/sdk";
import { FaultError } from "#domain";
import { crashPoints } from "#ports";
import { BubblewrapSandbox, ContainerSandbox } from "#sandbox";
import { findMissing, installMissing, planInstall, readMachine, systemCommands } from "./requirements/index.ts";
import { needs, requirements } from "./requirements/requirement.ts";

type CheckedLine = Extract<Listing, { type: "machine-checked" }>;
export type MachineCheck = Omit<CheckedLine, "type">;

/** Looks at what this machine has and can do. Changes nothing. */
export async function examineMachine(): Promise<MachineCheck[]> {
  const machine = await readMachine(systemCommands);
  const lacking = await findMissing("demo", systemCommands);
  const checks: MachineCheck[] = [
    { check: "node", status: "ok", detail: `Node.js ${process.versions.node} at ${process.execPath}` },
  ];
  for (const requirement of needs.demo.map((name) => requirements[name])) {
    const { name, purpose } = requirement;
    if (!lacking.includes(requirement)) {
      checks.push({ check: name, status: "ok", detail: `present; needed to ${purpose}` });
      continue;
    }
    const plan = planInstall([requirement], machine);
    const remedy =
      plan.kind === "by-hand" ? plan.fault.remedy : plan.kind === "install" ? plan.install.join(" ") : undefined;
    checks.push({
      check: name,
      status: "missing",
      detail: `missing; needed to ${purpose}`,
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
  return [...checks, ...(await examineLanguages()), ...(await examineIsolation()), await examineContainers()];
}

/** Installs what is missing, as root or with `sudo -n`, and looks again. Throws a `FaultError` with the command to run otherwise. */
export async function repairMachine(tell: (line: string) => void): Promise<MachineCheck[]> {
  const outcome = await installMissing("demo", await readMachine(systemCommands), systemCommands, tell);
  if (outcome.kind === "not-ready") throw new FaultError(outcome.fault);
  return examineMachine();
}

/** Really starts a command in the sandbox: what is installed and what works are two things. */
async function examineIsolation(): Promise<MachineCheck[]> {
  const probed = await new BubblewrapSandbox().probe();
  if (probed.kind === "unavailable") {
    const { message, remedy } = probed.fault;
    return [{ check: "isolation", status: "missing", detail: message, ...(remedy === undefined ? {} : { remedy }) }];
  }
  const { kind, version, uid, seccomp, memory, processes, workspace } = probed.isolation;
  const detail = `${kind} ${version ?? ""} as uid ${uid}, no network, seccomp ${seccomp ? "on" : "off"}`;
  return [
    { check: "isolation", status: "ok", detail },
    { check: "memory limit", status: memory === "none" ? "limited" : "ok", detail: `by ${memory}` },
    { check: "processes", status: processes === "none" ? "limited" : "ok", detail: `limited by ${processes}` },
    { check: "workspaces", status: workspace === "overlay" ? "ok" : "limited", detail: `by ${workspace}` },
    ...probed.notes.map((note) => ({ check: "note", status: "limited" as const, detail: note })),
  ];
}

/** Only needed for projects of their language: missing ones limit nothing else. */
async function examineLanguages(): Promise<MachineCheck[]> {
  const checks: MachineCheck[] = [];
  for (const purpose of ["heal-go", "heal-rust", "heal-java", "heal-gradle"] as const) {
    const lacking = await findMissing(purpose, systemCommands);
    const told = checks.map(({ check }) => check);
    for (const name of needs[purpose].filter((each) => !needs.demo.includes(each) && !told.includes(each))) {
      const requirement = requirements[name];
      checks.push(
        lacking.includes(requirement)
          ? { check: name, status: "limited", detail: `missing; only needed to ${requirement.purpose}` }
          : { check: name, status: "ok", detail: `present; needed to ${requirement.purpose}` },
      );
    }
  }
  return checks;
}

/** Only needed where bubblewrap does not work: missing ones limit nothing else. */
async function examineContainers(): Promise<MachineCheck> {
  const probed = await new ContainerSandbox().probe();
  return probed.kind === "available"
    ? { check: "containers", status: "ok", detail: `${probed.isolation.version}, used where bubblewrap does not work` }
    : { check: "containers", status: "limited", detail: `${probed.fault.message}; only needed without bubblewrap` };
}

export function listCrashPoints(): readonly string[] {
  return crashPoints;
}
