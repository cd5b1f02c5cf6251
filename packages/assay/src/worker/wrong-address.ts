import type { Fault } from "@assay/sdk";
import { Code, type ConnectError } from "@connectrpc/connect";
import { fault } from "#domain";

/**
 * Why no daemon ever answers at that address, as far as an answer shows it: what it says as `unimplemented` is HTTP's 404. Once a daemon was
 * heard there the same answers pass: a proxy gives them while the daemon behind it is replaced.
 */
export function wrongAddress(error: ConnectError, url: string): Fault | undefined {
  const remedy = "give the address that assay serve tells at its start, as in --url http://HOST:PORT";
  if (error.code === Code.Unimplemented)
    return fault("usage", `there is no daemon at ${url}: ${error.rawMessage}`, remedy);
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") {
    return fault(
      "usage",
      `what listens at ${url} does not speak TLS`,
      "write the address with http:// instead of https://",
    );
  }
  return undefined;
}
