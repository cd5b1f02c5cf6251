import type { ProposalRequest } from "#ports";
import { briefSection } from "./brief-section.ts";
import { callersSection } from "./callers-section.ts";
import { codeSection } from "./code-section.ts";
import { definitionsSection } from "./definitions-section.ts";
import { failuresSection } from "./failures-section.ts";
import { hypothesisSection } from "./hypothesis-section.ts";
import { type Located, locate } from "./locate.ts";
import { notesSection } from "./notes-section.ts";
import type { Section } from "./section.ts";
import { testsSection } from "./tests-section.ts";
import { newestTriedSection, olderTriedSection } from "./tried-section.ts";
import { wholeFileSection } from "./whole-file-section.ts";

/** What a prompt may say of a request, before it is fitted. */
export type Material = {
  /** In the order of the prompt: what stays the same from try to try comes first, so that providers can cache it. */
  sections(whole?: Section): Section[];
  /** The file to be rewritten, whole, where there is one that can be shown as it is. */
  whole: { file: string; section: Section; text: string } | undefined;
  /** There is source code to be edited. */
  hasCode: boolean;
};

/** Reads what is said of a request: failures, tests, the code they lead to, what that uses and who uses it, notes, what was tried. */
export async function materialOf(request: ProposalRequest): Promise<Material> {
  const [located, notes, tests] = await foundIn(request);
  const earlier = request.earlier ?? [];
  return {
    sections: (whole) => {
      const except = new Set(whole?.forms.flatMap(({ files }) => files) ?? []);
      const all = [
        briefSection(request.brief),
        notes,
        ...(whole === undefined ? [] : [whole]),
        codeSection(located, except),
        definitionsSection(located, except),
        callersSection(located, except),
        tests,
        failuresSection(request),
        hypothesisSection(request.hypothesis),
        olderTriedSection(earlier),
        newestTriedSection(earlier),
      ];
      return all.filter(({ forms }) => forms.length > 0);
    },
    whole: wholeOf(located),
    hasCode: located.files.length > 0,
  };
}

type Found = readonly [located: Located, notes: Section, tests: Section];

/** By the failures of a request: what they lead to is the same for every attempt at them, and takes longest to find. */
const known = new WeakMap<ProposalRequest["failures"], { base: string; found: Promise<Found> }>();

function foundIn(request: ProposalRequest): Promise<Found> {
  const { failures, snapshot } = request;
  const before = known.get(failures);
  if (before?.base === snapshot.digest) return before.found;
  const found = Promise.all([locate(request), notesSection(request), testsSection(request)]);
  // What failed is found out by whoever waits for it, and asked for again by the next.
  found.catch(() => known.delete(failures));
  known.set(failures, { base: snapshot.digest, found });
  return found;
}

function wholeOf({ files, sources }: Located): Material["whole"] {
  const [file] = files;
  const text = file === undefined ? undefined : sources.texts.get(file);
  if (file === undefined || text === undefined) return undefined;
  const section = wholeFileSection(file, text);
  return section === undefined ? undefined : { file, section, text };
}
