import type { ChangeExpectation, Reason, Verdict } from "@assay/sdk";
import { ChangeEvidence } from "./change/change-evidence.ts";
import type { ChangeRule } from "./change/change-rule.ts";
import { changeRules } from "./change/change-rules.ts";
import type { CitedObservation } from "./judge.ts";

const subjectsMax = 100;

/**
 * Judges a change by `changeRules`. Pure; the order of the observations does not matter, and removing one never turns a verdict into
 * `accepted`. What makes the evidence unusable is told first, then what speaks against the change, then what is missing for it;
 * only a change that none of the rules has anything to say about is accepted.
 */
export function judgeChange(expectation: ChangeExpectation, given: readonly CitedObservation[]): Verdict {
  // One run shown twice is still one run.
  const cited = [...new Map(given.map((one) => [one.digest, one])).values()];
  const evidence = new ChangeEvidence(expectation, cited);
  const found = changeRules
    .filter(({ applies }) => applies.includes(expectation.change))
    .flatMap((rule) => {
      const finding = rule.find(evidence);
      return finding === undefined ? [] : [{ rule, reason: reasonOf(rule, finding) }];
    });
  const reasons = (leadsTo: ChangeRule["leadsTo"]) =>
    found.filter(({ rule }) => rule.leadsTo === leadsTo).map(({ reason }) => reason);
  const conclude = (kind: Verdict["kind"], because: Reason[]): Verdict => ({
    kind,
    reasons: because,
    evidence: cited.map(({ digest }) => digest).sort(),
    level: evidence.level(),
  });
  if (reasons("unusable").length > 0) return conclude("inconclusive", reasons("unusable"));
  if (reasons("rejected").length > 0) return conclude("rejected", reasons("rejected"));
  if (reasons("inconclusive").length > 0) return conclude("inconclusive", reasons("inconclusive"));
  return conclude("accepted", [accepted(evidence)]);
}

function reasonOf({ code }: ChangeRule, { detail, subjects }: { detail: string; subjects: readonly string[] }): Reason {
  return { code, detail, subjects: subjects.slice(0, subjectsMax) };
}

function accepted(evidence: ChangeEvidence): Reason {
  const turned = evidence.turned().map(({ id }) => id);
  const green = evidence.ids(evidence.head, "green").length;
  const runs = evidence.head.length;
  const stayed = `${green} ${green === 1 ? "test is" : "tests are"} green in ${runs} runs of the head`;
  const detail = turned.length === 0 ? stayed : `${turned.length} turned from red to green; ${stayed}`;
  return { code: "all-expected-passed", detail, subjects: turned.slice(0, subjectsMax) };
}
