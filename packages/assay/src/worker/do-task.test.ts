import { generateKeyPairSync } from "node:crypto";
import type { FaultCode } from "@assay/sdk";
import { expect, test } from "vitest";
import { FaultError, fault } from "#domain";
import { canonicalJson, digestOf } from "#ports";
import { Outcome, type Task, TaskKind } from "#wire";
import { doTask } from "./do-task.ts";
import type { DaemonClient, Link } from "./link.ts";

const input = Buffer.from(canonicalJson({ version: 1, kind: "analyze", files: [], question: "why?" }));
const claim = { run: "plan-00000001", task: "t", token: 2 };
const task = { claim, kind: TaskKind.ANALYZE, input: digestOf(input), leaseMs: 1000, attempt: 1, traceparent: "" };

/** A daemon that refuses with these faults before it takes what it is given. */
function daemonThat(refuses: { puts?: FaultCode[]; reports?: FaultCode[] }) {
  const { puts = [], reports = [] } = refuses;
  const reported: Outcome[] = [];
  const refuse = (codes: FaultCode[]) => {
    const code = codes.shift();
    if (code !== undefined) throw new FaultError(fault(code, "no"));
  };
  const client = {
    async putBlob({ content }: { content: Uint8Array }) {
      refuse(puts);
      return { digest: digestOf(content) };
    },
    async report({ outcome }: { outcome: Outcome }) {
      refuse(reports);
      reported.push(outcome);
      return {};
    },
    async *fetchBlob() {
      yield { chunk: input };
    },
  } as unknown as DaemonClient;
  const link = {
    call: (what: (client: DaemonClient, options: object) => Promise<unknown>) => what(client, {}),
    stream: (what: (client: DaemonClient) => AsyncIterable<unknown>) => what(client),
  } as unknown as Link;
  return { link, reported };
}

function done(link: Link) {
  const { publicKey } = generateKeyPairSync("ed25519");
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return doTask(task as unknown as Task, claim as never, {
    link,
    worker: "w",
    signer: { publicKeyPem, sign: () => new Uint8Array(64) } as never,
    executors: { analyze: async () => ({ version: 1, kind: "analyze", summary: "this", findings: [] }) as never },
    signal: new AbortController().signal,
    enter: () => {},
  });
}

test("work that is finished is kept until the daemon can take it, and is never told as a failure of its own", async () => {
  const { link, reported } = daemonThat({ puts: ["disk-full", "run-locked"], reports: ["run-locked", "disk-full"] });
  expect(await done(link)).toEqual({ outcome: "done", detail: "" });
  expect(reported).toEqual([Outcome.DONE]);
});

test("what the daemon refuses of an output is told as the task's failure", async () => {
  const { link, reported } = daemonThat({ puts: ["too-large"] });
  expect(await done(link)).toMatchObject({ outcome: "failed" });
  expect(reported).toEqual([Outcome.FAILED]);
});
