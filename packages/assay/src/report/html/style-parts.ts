/** The parts of the page: failures, diffs, tables, verdicts. */
export const partsStyle = `
.chip,.badge{display:inline-block;padding:.08rem .55rem;border-radius:1rem;font:600 .78rem/1.5 var(--sans);background:var(--calm-tint);color:var(--calm);white-space:nowrap}
.badge.accepted{background:var(--good-tint);color:var(--good)}.badge.rejected{background:var(--bad-tint);color:var(--bad)}
.badge.inconclusive{background:var(--warn-tint);color:var(--warn)}
.failure h3{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .6rem;font-size:1rem;font-weight:600}
.failure .chip{background:var(--bad-tint);color:var(--bad)}
.place{color:var(--soft)}
.message{padding:.75rem .9rem;border-radius:.45rem;background:var(--well);border-left:3px solid var(--bad);max-height:24rem;overflow:auto}
.compared{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:.75rem}
.compared dt{font-size:.8rem;color:var(--soft)}
.compared pre{padding:.5rem .75rem;border-radius:.45rem;max-height:16rem;overflow:auto}
.compared div:first-child pre{background:var(--good-tint)}.compared div:last-child pre{background:var(--bad-tint)}
.tests{list-style:none;padding:0;font-size:.92rem}
.test span{color:var(--soft)}
.frames{font-size:.9rem}
details>summary{cursor:pointer;color:var(--soft);font-size:.9rem;border-radius:.3rem}
details[open]>summary{margin-bottom:.6rem}
summary:focus-visible,pre:focus-visible{outline:2px solid var(--calm);outline-offset:3px}
details>*+*{margin-top:.5rem}
.provenance{font-size:1.02rem;margin-bottom:.15rem;overflow-wrap:anywhere}
.diff{margin-top:.9rem;background:var(--paper);border:1px solid var(--line);border-radius:.7rem;overflow:hidden}
.diff figcaption{display:flex;justify-content:space-between;gap:1rem;padding:.6rem .9rem;border-bottom:1px solid var(--line);background:var(--well);font-size:.92rem}
.verdict em{font-style:normal;color:var(--ink)}
.counts{white-space:nowrap;font:600 .85rem var(--mono)}.plus{color:var(--good)}.minus{color:var(--bad)}
.diff table{width:100%;border-collapse:collapse;font-size:.92rem;line-height:1.5}
.diff td{padding:0;vertical-align:top}
.diff .n{width:1%;min-width:2.6rem;padding:0 .55rem;text-align:right;color:var(--soft);font:.78rem/1.75 var(--mono);user-select:none;font-variant-numeric:tabular-nums}
.diff .s{width:1%;padding:0 .35rem;font-family:var(--mono);user-select:none}
.diff .c{padding-right:.9rem}
.diff .c code{white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
.diff b{font-weight:inherit;border-radius:.2rem;padding:.08em 0}
.diff .added{background:var(--good-tint)}.diff .added b{background:var(--good-mark)}.diff .added .s{color:var(--good)}
.diff .removed{background:var(--bad-tint)}.diff .removed b{background:var(--bad-mark)}.diff .removed .s{color:var(--bad)}
.diff .hunk{background:var(--calm-tint)}.diff .hunk .c{color:var(--soft);font-size:.85rem}
.diff .note td{color:var(--soft);font-style:italic}
.diff>p{padding:.5rem .9rem}
.verdict{margin-top:.9rem;padding:.9rem 1.1rem;border-radius:.7rem;border:1px solid var(--line);background:var(--paper);border-left:.3rem solid var(--soft)}
.verdict.accepted{border-left-color:var(--good)}.verdict.rejected{border-left-color:var(--bad)}.verdict.inconclusive{border-left-color:var(--warn)}
.verdict>ul{margin-top:.45rem;padding:0;list-style:none}.verdict ul ul{padding-left:0;margin:.2rem 0 .4rem}
.code{color:var(--soft)}
.other>summary{color:var(--ink);overflow-wrap:anywhere}
table.plain,table.outcomes{width:100%;border-collapse:collapse;font-size:.93rem;font-variant-numeric:tabular-nums}
thead th{text-align:left;font-size:.8rem;font-weight:600;color:var(--soft)}
.plain th,.plain td,.outcomes th,.outcomes td{padding:.38rem .9rem .38rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
.plain tbody tr:last-child>*,.outcomes tbody tr:last-child>*{border-bottom:0}
tbody th{font-weight:400;overflow-wrap:anywhere}
.outcomes td{width:1%;white-space:nowrap}
.outcome{font-weight:600;font-size:.88rem}
.outcome.passed{color:var(--good)}.outcome.failed,.outcome.errored,.outcome.timed-out{color:var(--bad)}
.outcome.skipped,.outcome.not-run,.outcome.none{color:var(--soft);font-weight:400}
.why{margin-top:.15rem;color:var(--soft);font:.82rem/1.45 var(--mono);overflow-wrap:anywhere}
.bar{display:block;width:100%;min-width:5rem;height:.6rem;margin-top:.45rem;fill:var(--bar);border-radius:.2rem}
.bar .track{fill:var(--line);opacity:.6}
.timeline td:nth-child(2){width:100%}.timeline tbody th{white-space:nowrap;padding-right:1.5rem}.timeline td:last-child{width:1%;white-space:nowrap;text-align:right;padding-right:0}
.suspects td:nth-child(2){width:25%}.suspects tbody th{width:40%}
.facts{display:grid;gap:.3rem}
.facts div{display:grid;grid-template-columns:9.5rem 1fr;gap:1rem;align-items:baseline}
.facts dt{color:var(--soft);font-size:.9rem}.facts dd{overflow-wrap:anywhere}
.seen{list-style:none;padding:0}
.digest{font-size:.82rem}
.command{padding:.65rem .9rem;border-radius:.45rem;background:var(--well);border:1px solid var(--line)}
.command::before{content:"$ ";color:var(--soft)}
.notes{font-size:.92rem}.notes .warning{color:var(--warn)}
@media (max-width:40rem){
.timeline tbody th{white-space:normal;min-width:6rem}.facts div{grid-template-columns:1fr;gap:0}.facts{gap:.6rem}
.diff td.n:first-child,.diff th:first-child{display:none}.diff .n{min-width:0;padding:0 .4rem}
.plain th,.plain td,.outcomes th,.outcomes td{padding-right:.5rem}.bar{min-width:3rem}}
`;
