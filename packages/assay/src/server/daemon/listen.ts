import { raise } from "#domain";
import type { HttpServer } from "../http/http-server.ts";

export type Address = { host: string; port: number };

/** Listens, and gives the address that clients on this machine use. Fault: `usage` where it cannot listen there. */
export async function listen(http: HttpServer, { host, port }: Address): Promise<string> {
  try {
    return reachable(await http.listen({ host, port }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") raise("usage", `port ${port} of ${host} is taken`, "give another one with --port, or 0");
    if (code === "EACCES") raise("usage", `this account may not listen on port ${port}`, "give one from 1024 on");
    return raise("usage", `cannot listen on ${host}: ${message}`, "give an address of this machine with --host");
  }
}

/** Who listens everywhere is asked on loopback. */
function reachable(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

/** What clients may call the daemon, without a port. */
export function allowedHosts(host: string, more: readonly string[] = []): string[] {
  const own = host.includes(":") ? `[${host}]` : host;
  return [...new Set(["localhost", "127.0.0.1", "[::1]", own, ...more])];
}
