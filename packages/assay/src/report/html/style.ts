import { partsStyle } from "./style-parts.ts";

/** Colours are named by their role; both schemes keep text at a contrast of 4.5 or more (WCAG 2.2 AA). */
const tokens = `
:root{color-scheme:light dark;
--page:#f5f5f2;--paper:#fff;--ink:#1d2125;--soft:#5b636b;--line:#e1e1dc;--well:#f7f7f4;
--good:#196c33;--good-tint:#e8f4ea;--good-mark:#bfe3c6;--bad:#b3242f;--bad-tint:#fcecec;--bad-mark:#f5c4c5;
--warn:#815300;--warn-tint:#fbf2dd;--calm:#35588f;--calm-tint:#e9eff8;--bar:#6f8fbf;
--mono:ui-monospace,"SF Mono","Cascadia Mono","JetBrains Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
--sans:system-ui,-apple-system,"Segoe UI","Inter",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{
--page:#131517;--paper:#1b1e21;--ink:#e4e6e8;--soft:#9ca5ad;--line:#2f3439;--well:#16191b;
--good:#6fce88;--good-tint:#16291b;--good-mark:#23552f;--bad:#ff8d8d;--bad-tint:#331a1c;--bad-mark:#6e282c;
--warn:#e4b655;--warn-tint:#2d2412;--calm:#8fb4ec;--calm-tint:#1a2434;--bar:#5f82b8}}
`;

const layout = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 var(--sans)}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.5rem 1rem}
footer{max-width:62rem;margin:0 auto;padding:0 1.5rem 3rem;color:var(--soft);font-size:.85rem}
h1,h2,h3,p,dl,dd,ul,ol,pre,figure{margin:0}
ul,ol{padding-left:1.2rem}
code,pre{font-family:var(--mono);font-size:.9em}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
code{overflow-wrap:anywhere}
section{margin-top:2.75rem}
.part{display:flex;align-items:baseline;justify-content:space-between;gap:1rem;margin-bottom:.75rem}
.part h2{font-size:1.15rem;font-weight:650;letter-spacing:-.01em}
.part p,.quiet,.more{color:var(--soft);font-size:.9rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:.7rem;padding:1.1rem 1.25rem}
.card+.card{margin-top:.9rem}
.card>*+*{margin-top:.9rem}
.hero{background:var(--paper);border:1px solid var(--line);border-radius:.9rem;padding:1.75rem 2rem 1.4rem;border-top:.35rem solid var(--tone)}
.hero.good{--tone:var(--good);--tint:var(--good-tint)}.hero.bad{--tone:var(--bad);--tint:var(--bad-tint)}
.hero.warn{--tone:var(--warn);--tint:var(--warn-tint)}.hero.calm{--tone:var(--calm);--tint:var(--calm-tint)}
.origin{display:flex;flex-wrap:wrap;gap:.5rem;color:var(--soft);font-size:.9rem}
.origin span+span::before{content:"/";margin-right:.5rem;opacity:.6}
.brand{font-weight:700;color:var(--ink);letter-spacing:.01em}.project{color:var(--ink)}
.hero h1{display:flex;align-items:center;gap:.7rem;margin-top:.9rem;font-size:2.1rem;line-height:1.2;font-weight:700;letter-spacing:-.02em;color:var(--tone)}
.sign{display:inline-grid;place-items:center;flex:none;width:2.6rem;height:2.6rem;border-radius:50%;background:var(--tint);font-size:1.4rem}
.summary{margin-top:.7rem;font-size:1.12rem;max-width:46rem;overflow-wrap:anywhere}
.fault{margin-top:.9rem;padding:.7rem .9rem;border-radius:.5rem;background:var(--tint);overflow-wrap:anywhere}
.figures{display:flex;flex-wrap:wrap;gap:.6rem 2.6rem;margin-top:1.4rem}
.figures div{display:flex;flex-direction:column-reverse}
.figures dd{font-size:1.45rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.figures dt{color:var(--soft);font-size:.85rem}
.stamp{margin-top:1.3rem;padding-top:.8rem;border-top:1px solid var(--line);color:var(--soft);font-size:.82rem;overflow-wrap:anywhere}
.alarm,.notice{margin-top:1.25rem;border-radius:.7rem;padding:1rem 1.25rem}
.alarm{background:var(--bad-tint);border:2px solid var(--bad)}
.alarm h2{color:var(--bad);font-size:1.1rem}.alarm p{margin-top:.3rem}
.notice{background:var(--warn-tint);border:1px solid var(--warn)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:40rem){
main{padding:1rem .75rem}.hero{padding:1.25rem 1.1rem 1rem}.hero h1{font-size:1.65rem}
.card{padding:.9rem .9rem}.figures{gap:.6rem 1.6rem}.figures dd{font-size:1.2rem}}
@media print{
:root{--page:#fff;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--well:#fff;--good:#145a2a;--bad:#9c1c27;--warn:#6b4500;--calm:#274a80;
--good-tint:#eef7ef;--bad-tint:#fdf0f0;--good-mark:#cfe9d4;--bad-mark:#f6d2d3;--warn-tint:#fdf6e6;--calm-tint:#eef3fa}
body{font-size:11pt}main,footer{max-width:none;padding:0}.card,.diff,tr,.hero{break-inside:avoid}section{margin-top:1.5rem}
details::details-content{content-visibility:visible;block-size:auto}
*{print-color-adjust:exact}}
`;

/** The whole style sheet. */
export const style = `${tokens}${layout}${partsStyle}`;
