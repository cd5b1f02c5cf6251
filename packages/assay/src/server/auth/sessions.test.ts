import { describe, expect, test } from "vitest";
import { httpDaemon, localKey } from "../../../test/support/http-daemon.ts";
import { Sessions } from "./sessions.ts";

const hourMs = 3_600_000;

describe("sessions", () => {
  test("end after eight hours, or with their key, whichever is first", () => {
    let now = 0;
    const sessions = new Sessions(() => now);
    const { token } = sessions.open("a", "key");
    const { token: short } = sessions.open("a", "other", hourMs);
    now = hourMs - 1;
    expect([sessions.find(token), sessions.find(short)]).toMatchObject([{ keyId: "key" }, { keyId: "other" }]);
    now = hourMs;
    expect(sessions.find(short)).toBeUndefined();
    now = 8 * hourMs;
    expect(sessions.find(token)).toBeUndefined();
  });

  test("are bounded for each key: the oldest of the same key gives way", () => {
    const sessions = new Sessions(() => 0);
    const { token: other } = sessions.open("a", "other");
    const tokens = Array.from({ length: 21 }, () => sessions.open("a", "key").token);
    expect(tokens.map((token) => sessions.find(token) !== undefined)).toEqual([false, ...Array(20).fill(true)]);
    expect(sessions.find(other)).toBeDefined();
  });
});

describe("the dashboard's cookie", () => {
  const attributes = (response: Response) => (response.headers.get("set-cookie") ?? "").split("; ");

  test("is given for a key, out of reach of scripts and other sites, and opens what the key opens", async () => {
    await using daemon = await httpDaemon();
    const opened = await daemon.post("/v1/session", { key: localKey });
    expect(await opened.json()).toMatchObject({ tenant: "default" });
    const [cookie = "", ...rest] = attributes(opened);
    expect(cookie).toMatch(/^assay_session=[A-Za-z0-9_-]{43}$/);
    expect(rest).toEqual(["Path=/", expect.stringMatching(/^Expires=/), "HttpOnly", "SameSite=Strict"]);
    expect((await daemon.ask("/v1/runs", { key: null, headers: { cookie } })).status).toBe(200);
    const headers = { cookie, origin: daemon.url };
    expect((await daemon.ask("/v1/session/close", { key: null, method: "POST", headers })).status).toBe(200);
    expect((await daemon.ask("/v1/runs", { key: null, headers: { cookie } })).status).toBe(401);
    const records = await daemon.mutations.read("default", 10);
    expect(records.map(({ operation, key }) => [operation, key])).toEqual([
      ["closeSession", "local"],
      ["openSession", "local"],
    ]);
  });

  test("is bound to the host and to TLS where there is TLS", async () => {
    await using daemon = await httpDaemon({ tlsInFront: true });
    const opened = await daemon.post(
      "/v1/session",
      { key: localKey },
      { headers: { origin: daemon.url.replace("http", "https") } },
    );
    const [cookie = "", ...rest] = attributes(opened);
    expect(cookie).toMatch(/^__Host-assay-session=/);
    expect(rest).toContain("Secure");
    expect(rest.some((attribute) => attribute.startsWith("Domain"))).toBe(false);
    expect(opened.headers.get("strict-transport-security")).toContain("max-age=");
    const weaker = cookie.replace("__Host-assay-session", "assay_session");
    expect((await daemon.ask("/v1/runs", { key: null, headers: { cookie: weaker } })).status).toBe(401);
  });

  test("is not given for a key that is none, nor to a page of another origin", async () => {
    await using daemon = await httpDaemon();
    const wrong = await daemon.post("/v1/session", { key: "none" });
    expect([wrong.status, attributes(wrong)]).toEqual([401, [""]]);
    const foreign = await daemon.post(
      "/v1/session",
      { key: localKey },
      { headers: { origin: "https://evil.example" } },
    );
    expect(foreign.status).toBe(403);
  });

  test("ends when it is closed by a request that nobody can be made to send", async () => {
    await using daemon = await httpDaemon();
    const [cookie = ""] = attributes(await daemon.post("/v1/session", { key: localKey }));
    const forged = await daemon.ask("/v1/session/close", {
      key: null,
      method: "POST",
      headers: { cookie, "sec-fetch-site": "cross-site" },
    });
    expect(forged.status).toBe(403);
    expect((await daemon.ask("/v1/runs", { key: null, headers: { cookie } })).status).toBe(200);
  });
});
