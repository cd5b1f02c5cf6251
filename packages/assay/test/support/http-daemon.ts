import type { Scope } from "@assay/sdk";
import { Authenticator, createHttpServer, type HttpOptions } from "#server";
import { MemoryApiKeys, MemoryMutationLog } from "#store";
import { FakeProject } from "../fakes/fake-project.ts";

export const localKey = "local-key-of-the-tests-0123456789abcdef";

/** A real server on a free loopback port in front of a fake project. */
export async function httpDaemon(options: Partial<HttpOptions> = {}) {
  const keys = new MemoryApiKeys(options.now);
  const mutations = new MemoryMutationLog();
  const project = new FakeProject(options.now);
  const fixed = { local: localKey };
  const authenticator = new Authenticator({ keys, fixed, ...(options.now === undefined ? {} : { now: options.now }) });
  const http = await createHttpServer({
    handlers: project.handlers(keys, mutations),
    serveEvents: (_call, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end(),
    authenticator,
    mutations,
    ready: () => true,
    version: "0",
    ...options,
  });
  const url = await http.listen({ host: "127.0.0.1", port: 0 });
  const newKey = async (scopes: readonly Scope[], more: { tenant?: string; expiresAt?: number } = {}) =>
    keys.create({ tenant: "default", name: "of a test", scopes, ...more });
  return {
    url,
    http,
    keys,
    mutations,
    project,
    newKey,
    /** By the local key, unless another or `undefined` for none is given. */
    ask: (path: string, { key = localKey, ...init }: RequestInit & { key?: string | null } = {}) =>
      fetch(`${url}${path}`, {
        redirect: "manual",
        ...init,
        headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...(init.headers as object) },
      }),
    /** A body in JSON by the local key. */
    post: (path: string, body?: unknown, { key = localKey, headers = {} }: { key?: string; headers?: object } = {}) =>
      fetch(`${url}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

export type HttpDaemon = Awaited<ReturnType<typeof httpDaemon>>;
