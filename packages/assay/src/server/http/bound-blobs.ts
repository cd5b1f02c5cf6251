import type { FastifyReply, FastifyRequest } from "fastify";
import { raise } from "#domain";
import { OpenCounts } from "../rpc/open-counts.ts";
import { httpLimits } from "./limits.ts";

/** Lets so many blobs come at a time, before any of their bodies is read: each is held in memory whole. Behind `admission`. */
export function boundBlobs({ blobsMax, blobsPerKeyMax } = httpLimits) {
  const inAll = new OpenCounts(blobsMax);
  const ofKeys = new OpenCounts(blobsPerKeyMax);
  return async ({ routeOptions, identity }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (routeOptions.config.operation !== "keepBlob" || identity === undefined) return;
    const { tenant, keyId } = identity.caller;
    const enter = (counts: OpenCounts, who: string, why: string) =>
      reply.raw.once("close", counts.enter(who) ?? raise("rate-limited", why, "send it when another one is kept"));
    enter(ofKeys, `${tenant} ${keyId}`, `a key sends at most ${blobsPerKeyMax} blobs at a time`);
    enter(inAll, "all", `${blobsMax} blobs are being sent, which is as many as may be`);
  };
}
