import type { IncomingMessage } from "node:http";
import type { Protocol } from "../protocol.ts";
import { redactPath, redactText } from "../redact.ts";
import { routeOf } from "../routes.ts";
import type { AskedOf } from "./entry.ts";

/** What a request asks, without secrets. Where its protocol cannot read it, all of its body counts. */
export function askedOf(
  request: IncomingMessage,
  body: unknown,
  secrets: readonly string[],
): { asked: AskedOf; protocol: Protocol } {
  const { method = "", headers, url: target = "/" } = request;
  const url = new URL(target, "http://127.0.0.1");
  const route = routeOf(method, url, headers, url.pathname.startsWith("/api/") ? "ollama" : "hosted");
  const reading = route.kind === "ask" ? route.protocol.read({ ...route, headers, body }) : undefined;
  const call = reading?.kind === "call" ? reading.call : undefined;
  const asked = {
    method,
    path: redactPath(target),
    protocol: route.protocol.name,
    stream: call?.stream ?? false,
    model: call?.model ?? "",
    shown: clean(call?.conversation ?? body ?? null, secrets),
  };
  return { asked, protocol: route.protocol };
}

function clean(value: unknown, secrets: readonly string[]): unknown {
  return JSON.parse(redactText(JSON.stringify(value), secrets));
}
