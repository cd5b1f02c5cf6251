import { describe, expect, test } from "vitest";
import { MemoryJournal } from "#store";
import { serveEventsOf } from "../fakes/event-server.ts";
import { browserPage, findBrowser, openBrowser } from "../support/browser-page.ts";
import { appendTo, note, noted } from "../support/noting.ts";

describe("the client in a browser", () => {
  test("iterates over a run's events through a lost connection, and tells problems", async (ctx) => {
    const browser = findBrowser();
    if (browser === undefined) return ctx.skip("needs Chromium");
    const { serve, reported } = browserPage(`
      const { AssayClient, AssayProblem } = await import("@assay/sdk");
      const client = new AssayClient({ url: location.origin });
      const positions = [];
      for await (const { position, event } of client.events({ after: 0, run: "${noted}", untilResult: true })) {
        positions.push(position);
        if (position === 2) await fetch("/cut");
      }
      const problem = await client.events({ after: 99 }).next().catch((error) => error);
      await report({ positions, problem: problem instanceof AssayProblem && problem.code, name: problem.name });
    `);
    await using journal = new MemoryJournal();
    await note(journal, ["one", "two"]);
    const cut = async () => {
      server.streams.endOf("nobody");
      await note(journal, ["three"]);
      await appendTo(journal, [{ type: "result", outcome: "accepted", exitCode: 0, summary: "done" }]);
    };
    await using server = await serveEventsOf(journal, {
      retryMs: 20,
      otherwise: (request, response) => {
        if (request.url !== "/cut") return serve(request, response);
        void cut().then(() => response.end());
        return true;
      },
    });
    await using _page = await openBrowser(browser, server.url);
    expect(await reported).toEqual({ positions: [1, 2, 3, 4], problem: "journal-conflict", name: "AssayProblem" });
  });
});
