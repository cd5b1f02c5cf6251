import type { Digest, ReleaseReason, WorkerState, WorkerView } from "@assay/sdk";
import { raise } from "#domain";
import type { Claim } from "#ports";
import { acceptReport, type Report } from "./accept-report.ts";
import { Admission, type AdmissionOptions, type AdmittedWorker, refuseKey } from "./admission.ts";
import { ClaimBlobs } from "./claim-blobs.ts";
import type { ClaimName } from "./claim-ref.ts";
import { type ClaimStreamRequest, claimStream, releaseMissing } from "./claim-stream.ts";
import { EmergencyStop } from "./emergency-stop.ts";
import { FinishedClaims } from "./finished-claims.ts";
import { claimTakenUp, findClaim, type HeldClaim, loseLease } from "./held-claim.ts";
import type { ReportedViolation } from "./tenant-work.ts";
import type { WorkerSession } from "./worker-session.ts";
import { WorkerSessions } from "./worker-sessions.ts";
import { awayAfterMs, viewOfWorker } from "./worker-view.ts";

export type WorkerDeskOptions = AdmissionOptions & {
  /** How often a worker is to be heard of. Default 2,000. */
  heartbeatMs?: number;
  /** Told of what no call can answer for: the state of the store while nobody asks. */
  onProblem?: (error: unknown) => void;
};

/** How the daemon stands towards a worker. */
export type ControlEvent = { kind: "running" } | { kind: "stopped" | "revoked"; reason: string };

/** A silent stream says how it stands this often, so that both ends know of a dead connection. */
const repeatMs = 10_000;

/**
 * What workers ask of the daemon; the protocol is above it, the queue and the registry below. A call throws `lease-lost` for a claim
 * that is not, or no longer, its worker's.
 */
export class WorkerDesk implements AsyncDisposable {
  readonly admission: Admission;
  readonly heartbeatMs: number;
  readonly #options: WorkerDeskOptions;
  readonly #now: () => number;
  readonly #onProblem: (error: unknown) => void;
  readonly #sessions: WorkerSessions;
  readonly #blobs = new ClaimBlobs();
  readonly #finished = new FinishedClaims();
  readonly #stop = new EmergencyStop();
  readonly #closing = new AbortController();

  constructor(options: WorkerDeskOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.heartbeatMs = options.heartbeatMs ?? 2_000;
    this.admission = new Admission(options);
    const { tenants, keyStands, onProblem = () => {} } = options;
    this.#onProblem = onProblem;
    this.#sessions = new WorkerSessions({ tenants, keyStands, onProblem, now: this.#now });
  }

  /** Aborts when the desk closes. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Why all execution is halted; `undefined`: it is not. */
  get stopped(): string | undefined {
    return this.#stop.reason;
  }

  async *claims(from: AdmittedWorker, request: ClaimStreamRequest, signal: AbortSignal): AsyncGenerator<Claim> {
    if (request.capacity < 1 || request.capacity > 64) raise("usage", "a worker holds 1 to 64 claims at a time");
    const session = this.#heard(from);
    using stream = session.openStream(from.identity.keyId);
    const gone = AbortSignal.any([signal, this.closing, session.revoked, stream.keyEnded]);
    const isSilent = () => session.isSilent(this.#now(), awayAfterMs(this.heartbeatMs));
    yield* claimStream(from, { session, stop: this.#stop, gone, isSilent }, request);
    if (stream.keyEnded.aborted) refuseKey();
  }

  async heartbeat(
    from: AdmittedWorker,
    state: WorkerState,
    holding: readonly ClaimName[],
  ): Promise<{ held: boolean[]; stop: string | undefined }> {
    const session = this.#heard(from);
    const { queue, registry } = from.work;
    session.state = state;
    session.claims.beat();
    const held: boolean[] = [];
    for (const name of holding) {
      const isHeld = (await findClaim(from, name)) !== undefined;
      held.push(isHeld && (await queue.heartbeat(name.run, name.task, name.token)).kind === "held");
      if (held.at(-1) === true) session.claims.owe(name);
    }
    await releaseMissing(queue, session.claims.unnamed(queue.claimsOf(from.worker.id)));
    // Last, and for people alone: claims are held on to while nothing can be written.
    await registry.seen(from.worker.id).catch(this.#onProblem);
    return { held, stop: this.#stop.reason };
  }

  /**
   * A report that is repeated after its answer was lost is answered as before, over a restart too. Throws what `acceptReport` throws, and
   * `daemon-unreachable` while the claim's run was not taken up again after a restart: it is to be reported again.
   */
  async report(from: AdmittedWorker, name: ClaimName, report: Report): Promise<void> {
    const { worker, work } = from;
    const session = this.#heard(from);
    if (this.#finished.has(worker.id, name)) return;
    if ((await findClaim(from, name)) === undefined) {
      session.claims.settle(name);
      if ((await work.queue.finisherOf(name.run, name.task, name.token)) === worker.id) return;
      loseLease(name);
    }
    const result = await acceptReport(report, name, worker, work.blobs);
    const answer = await work.queue.finish(name.run, name.task, name.token, result);
    session.claims.settle(name);
    if (answer === "refused") loseLease(name);
    this.#finished.add(worker.id, name);
    await work.registry.count(worker.id, result.outcome);
    session.tell();
  }

  /** Throws `daemon-unreachable` as `report` does. */
  async release(from: AdmittedWorker, name: ClaimName, reason: ReleaseReason, detail: string): Promise<void> {
    const session = this.#heard(from);
    if ((await findClaim(from, name)) !== undefined) {
      claimTakenUp(from, name);
      await from.work.queue.release(name.run, name.task, name.token, reason, detail);
    }
    session.claims.settle(name);
    session.tell();
  }

  async reportViolation(from: AdmittedWorker, name: ClaimName, violation: ReportedViolation): Promise<void> {
    this.#heard(from);
    await this.#held(from, name);
    const { violation: take } = from.work;
    if (take === undefined) return raise("not-found", "nobody looks into violations here");
    await take(claimTakenUp(from, name), from.worker, violation);
  }

  async fetchBlob(from: AdmittedWorker, name: ClaimName, digest: string): Promise<Uint8Array> {
    this.#heard(from);
    return this.#blobs.fetch(from.work.blobs, await this.#held(from, name), digest);
  }

  async putBlob(from: AdmittedWorker, name: ClaimName, content: Uint8Array): Promise<Digest> {
    this.#heard(from);
    return this.#blobs.put(from.work.blobs, await this.#held(from, name), content);
  }

  /** How the daemon stands, at once and whenever that changes; ends with a revocation. */
  async *control(from: AdmittedWorker, signal: AbortSignal): AsyncGenerator<ControlEvent> {
    const session = this.#heard(from);
    using stream = session.openStream(from.identity.keyId);
    const gone = AbortSignal.any([signal, this.closing, stream.keyEnded]);
    while (!gone.aborted) {
      const because = session.revokedBecause;
      if (because !== undefined) {
        yield { kind: "revoked", reason: because };
        return;
      }
      // Asked for before it is said how it stands: what changes while that is sent is not slept over.
      const told = session.told(gone, repeatMs);
      const { reason } = this.#stop;
      yield reason === undefined ? { kind: "running" } : { kind: "stopped", reason };
      await told;
    }
    if (stream.keyEnded.aborted) refuseKey();
  }

  /** Halts all execution: no claims, every stream is told, and running claims are over. */
  async stop(reason: string): Promise<void> {
    this.#stop.stop(reason);
    this.#sessions.tellAll();
    for (const { registry, queue } of this.#options.tenants.values()) {
      const holders = (await registry.list()).filter(({ id }) => queue.claimsOf(id).length > 0);
      await Promise.all(holders.map(({ id }) => queue.revoke(id, "stopped", reason)));
    }
  }

  lift(): void {
    this.#stop.lift();
    this.#sessions.tellAll();
  }

  /** Shuts a worker out at once. `undefined`: the tenant has no such worker. */
  async revoke(tenant: string, worker: string, because: string): Promise<WorkerView | undefined> {
    const work = this.#options.tenants.get(tenant);
    if (work === undefined || (await work.registry.get(worker)) === undefined) return undefined;
    await work.registry.revoke(worker, because);
    await this.#sessions.revoked(tenant, worker, because);
    await work.queue.revoke(worker, "revoked", because);
    return this.view(tenant, worker);
  }

  async view(tenant: string, worker: string): Promise<WorkerView | undefined> {
    return (await this.views(tenant)).find((view) => view.worker === worker);
  }

  async views(tenant: string): Promise<WorkerView[]> {
    const work = this.#options.tenants.get(tenant);
    const workers = (await work?.registry.list()) ?? [];
    const times = { now: this.#now(), heartbeatMs: this.heartbeatMs };
    return workers.map((worker) =>
      viewOfWorker(worker, work?.queue.claimsOf(worker.id) ?? [], this.#sessions.find(tenant, worker.id), times),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#sessions[Symbol.asyncDispose]();
  }

  #heard({ identity }: AdmittedWorker): WorkerSession {
    const session = this.#sessions.open(identity.tenant, identity.worker);
    session.lastHeardAt = this.#now();
    session.keyId = identity.keyId;
    return session;
  }

  async #held(from: AdmittedWorker, name: ClaimName): Promise<HeldClaim> {
    const held = await findClaim(from, name);
    if (held === undefined) this.#heard(from).claims.settle(name);
    return held ?? loseLease(name);
  }
}
