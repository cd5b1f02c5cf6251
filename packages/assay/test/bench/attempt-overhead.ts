// node packages/assay/test/bench/attempt-overhead.ts [ATTEMPTS] — what an attempt takes beyond the model's time and the tests' time.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "@assay/sdk";
import { Engine } from "#engine";
import { InOrderRouter, ModelProposer } from "#proposers";
import { FileBlobs, ProcessOwners, SqliteJournal } from "#store";
import { healWorkflow } from "#workflows";
import { openStateDirectory, statePlaces } from "../../src/app/state-directory.ts";
import { workflowTools } from "../../src/app/workflow-tools.ts";
import { editAnswer } from "../fakes/models/edit-answers.ts";
import { modelServer } from "../fakes/models/model-server.ts";
import { toReply } from "../fakes/models/reply.ts";
import { loopbackModel } from "../support/loopback-model.ts";

const attempts = Number(process.argv[2] ?? 20);
const fixture = fileURLToPath(new URL("../fixtures/heal/python-prices", import.meta.url));
const home = await mkdtemp(join(tmpdir(), "assay-overhead-"));
process.env.XDG_CONFIG_HOME = join(home, "config");
const root = join(home, "project");
await cp(fixture, root, { recursive: true });

// Each attempt is wrong in another way, so that each is checked.
const edit = (n: number) =>
  editAnswer({ file: "prices/discount.py", oldStr: "(10, 10)", newStr: `(${1000 + n}, 10)`, reasoning: "A guess." });
await using server = await modelServer({ models: { m: (_conversation, n) => toReply(edit(n)) } });
const places = statePlaces(await openStateDirectory(root));
const blobs = new FileBlobs(places.blobs);
await using journal = await SqliteJournal.open(places.journal);
const tools = await workflowTools({ places, blobs, config: {} });
const model = loopbackModel(server, "openai-chat", "m");
const proposer = new ModelProposer({ model, blobs, candidatesMax: attempts });
const panel = async () => ({ proposers: [proposer], router: new InOrderRouter() });
const engine = new Engine({ journal, blobs, owners: new ProcessOwners(), assayVersion: "0" });
const events: RunEvent[] = [];
// One test: no rounds by cause behind the joint attempt.
const goal = {
  kind: "heal" as const,
  root,
  tests: ["tests/test_total.py::test_ten_pieces_have_ten_percent"],
  apply: false,
};
await engine.start(healWorkflow({ ...tools, panel }), goal, {
  budget: { wallMsMax: 3_600_000, candidatesMax: 10_000, attemptsMax: 1_000 },
  onEvent: (event) => events.push(event),
});

// From one call's record to the next: a model's call, the checks of its candidate, and everything between.
const asked = events.filter((event) => event.type === "model-asked");
const overheads: number[] = [];
for (const [index, before] of asked.slice(0, -1).entries()) {
  const after = asked[index + 1];
  if (after?.type !== "model-asked" || before.type !== "model-asked") continue;
  const between = events.filter(({ seq }) => seq > before.seq && seq <= after.seq);
  const testMs = between.reduce(
    (sum, event) => sum + (event.type === "evidence-recorded" ? event.evidence.durationMs : 0),
    0,
  );
  overheads.push(after.at - before.at - testMs - after.wallMs);
}
overheads.sort((a, b) => a - b);
const at = (share: number) => (overheads[Math.floor(share * (overheads.length - 1))] ?? 0).toFixed(1);
process.stdout.write(`${overheads.length} attempts: overhead p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, most ${at(1)} ms\n`);
await rm(home, { recursive: true, force: true });
