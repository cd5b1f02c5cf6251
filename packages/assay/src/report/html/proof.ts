import type { Goal } from "@assay/sdk";
import type { RunView } from "../run-view.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Html, html } from "./html.ts";
import { command, facts, prose, section, shellWord } from "./parts.ts";

/** What stood between the executed code and the machine. */
export function renderIsolation({ isolation }: RunView): Html {
  if (isolation === undefined) return html``;
  const { kind, version } = isolation;
  const none = kind === "none";
  return section(
    "isolation",
    "Isolation",
    html`<div class="card">${facts([
      ["boundary", none ? "none" : `${kind}${version === undefined ? "" : ` ${sanitizeLine(version, 40)}`}`],
      ["user", `uid ${isolation.uid}`],
      ["network", isolation.network === "none" ? "none" : "the machine's own"],
      ["system calls", isolation.seccomp ? "filtered (seccomp)" : "not filtered"],
      ["memory limit", isolation.memory],
      ["process limit", isolation.processes],
      ["workspace", isolation.workspace],
    ])}</div>`,
    none ? "none" : kind,
  );
}

/** How anyone can check the result again. */
export function renderReceipt({ receipt, best, base }: RunView): Html {
  if (receipt === undefined) return html``;
  return section(
    "receipt",
    "Receipt",
    html`<div class="card"><p>This result is signed. The command below checks the signature and every byte of patch and evidence, and judges the evidence again; with <code>--rerun</code> it also runs the tests again, in a sandbox.</p>
${command(`assay verify ${shellWord(receipt.bundle)}`)}
${facts([
  ["signing key", digest(receipt.keyid)],
  ["receipt", digest(receipt.digest)],
  ["patch", best === undefined ? undefined : digest(best.patch)],
  ["base", base === undefined ? undefined : digest(base)],
])}</div>`,
  );
}

/** What was run on what, so that it can be run again. */
export function renderReproduce(view: RunView): Html {
  const { goal, project, baseline, artifacts } = view;
  const observation = baseline?.observation;
  const runner = observation?.report.runner ?? project?.runner;
  const version = observation?.report.runnerVersion;
  return section(
    "reproduce",
    "To run it again",
    html`<div class="card">${goal !== undefined && command(commandOf(goal))}
${facts([
  ["language", project?.language],
  [
    "test runner",
    runner === undefined
      ? undefined
      : `${sanitizeLine(runner, 40)}${version === undefined ? "" : ` ${sanitizeLine(version, 40)}`}`,
  ],
  [
    "seen",
    project === undefined || project.details.length === 0
      ? undefined
      : html`<ul class="seen">${project.details.slice(0, 12).map((detail) => html`<li>${prose(detail, 200)}</li>`)}</ul>`,
  ],
  ["base snapshot", view.base === undefined ? undefined : digest(view.base)],
  ["oracle", observation === undefined ? undefined : digest(observation.oracle)],
  ...artifacts.slice(0, 12).map(({ kind, path }) => [kind, html`<code>${sanitizeLine(path, 300)}</code>`] as const),
])}
${view.notes.length > 0 && html`<ul class="notes">${view.notes.slice(0, 30).map(({ level, message }) => html`<li class="${level}">${prose(message, 500)}</li>`)}</ul>`}</div>`,
  );
}

function digest(value: string): Html {
  return html`<code class="digest">${sanitizeLine(value, 100)}</code>`;
}

/** What a person would type to reach the goal again. */
function commandOf(goal: Goal): string {
  const where = `assay ${goal.kind} ${shellWord(goal.root)}`;
  if (goal.kind === "judge") {
    const { change, expect } = goal;
    const head =
      change.kind === "revision"
        ? ` --head ${shellWord(change.head)}`
        : change.kind === "patch"
          ? " --patch patch.diff"
          : "";
    const flags = `${expect === undefined ? "" : ` --expect ${expect}`}${goal.allowTestChanges ? " --allow-test-changes" : ""}`;
    return `${where} --base ${shellWord(goal.base)}${head}${flags}`;
  }
  if (goal.kind === "solve") return solveCommandOf(goal);
  if (goal.kind !== "heal") return where;
  const tests = goal.tests.map((selector) => ` --tests ${shellWord(selector)}`).join("");
  const since = goal.since === undefined ? "" : ` --since ${shellWord(goal.since)}`;
  return `${where}${tests}${since}`;
}

function solveCommandOf(goal: Extract<Goal, { kind: "solve" }>): string {
  const files = (flag: string, given: typeof goal.tests) =>
    given.map(({ path }) => ` ${flag} ${shellWord(path)}`).join("");
  const { stub, holdOut, language, name } = goal;
  const hidden = holdOut === undefined ? "" : ` --hold-out ${holdOut.fraction} --seed ${holdOut.seed}`;
  const about = `${language === undefined ? "" : ` --language ${language}`}${name === undefined ? "" : ` --name ${name}`}`;
  const what = stub === undefined ? "DESCRIPTION" : shellWord(stub.path);
  return `assay solve ${what} -C ${shellWord(goal.root)}${files("--tests", goal.tests)}${files("--hidden", goal.hidden)}${hidden}${about}`;
}
