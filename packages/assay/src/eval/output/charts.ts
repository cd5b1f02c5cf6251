import { formatCount, formatDuration, type Html, html, sanitizeLine } from "#report";
import type { Interval } from "../statistics/interval.ts";
import { percent } from "../summary-text.ts";

const width = 640;
const left = 210;
const plot = width - left - 70;

/** A rate for each k, with its interval as a whisker. */
export function rateChart(rates: readonly { k: number; interval: Interval | undefined }[]): Html {
  const rows = rates.flatMap(({ k, interval }) => (interval === undefined ? [] : [{ k, interval }]));
  const label = rows.map(({ k, interval }) => `pass@${k} ${percent(interval.estimate)}`).join(", ");
  const height = rows.length * 34 + 26;
  return html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}">
${[0, 0.25, 0.5, 0.75, 1].map((at) => html`<line class="grid" x1="${left + at * plot}" x2="${left + at * plot}" y1="0" y2="${height - 20}"/><text class="tick" x="${left + at * plot}" y="${height - 5}" text-anchor="middle">${at * 100} %</text>`)}
${rows.map(({ k, interval: { estimate, low, high } }, i) => {
  const y = i * 34 + 8;
  return html`<text x="${left - 10}" y="${y + 14}" text-anchor="end">pass@${k}</text><rect class="mark" x="${left}" y="${y}" width="${estimate * plot}" height="20" rx="3"/>
<path class="whisker" d="M${left + low * plot} ${y + 4}v12m0 -6H${left + high * plot}m0 -6v12"/><text x="${width - 5}" y="${y + 14}" text-anchor="end">${percent(estimate)}</text>`;
})}
</svg>`;
}

/** A bar for each name, longest first as given. */
export function countChart(label: string, counts: readonly (readonly [string, number])[], goodName?: string): Html {
  const most = Math.max(1, ...counts.map(([, count]) => count));
  return html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${width} ${counts.length * 26 + 4}">
${counts.map(([name, count], i) => {
  const y = i * 26 + 2;
  return html`<text x="${left - 10}" y="${y + 15}" text-anchor="end">${short(sanitizeLine(name))}</text><rect class="${name === goodName ? "mark good" : "mark bad"}" x="${left}" y="${y}" width="${(count / most) * plot}" height="20" rx="3"/><text x="${left + (count / most) * plot + 8}" y="${y + 15}">${formatCount(count)}</text>`;
})}
</svg>`;
}

function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}

const binsMax = 24;

/** How many values fall between powers of two: times differ by orders of magnitude. */
export function timeChart(label: string, valuesMs: readonly number[]): Html {
  const power = (ms: number) => Math.max(0, Math.min(binsMax - 1, Math.ceil(Math.log2(Math.max(1, ms)))));
  const powers = valuesMs.map(power);
  const [low, high] = [Math.min(...powers), Math.max(...powers)];
  const bins = Array.from({ length: high - low + 1 }, (_, i) => powers.filter((one) => one === low + i).length);
  const most = Math.max(1, ...bins);
  const step = (width - 20) / bins.length;
  const bar = Math.min(step - 4, 80);
  return html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${width} 190">
${bins.map((count, i) => {
  const x = 10 + i * step + step / 2;
  const size = (count / most) * 130;
  return html`<rect class="mark" x="${x - bar / 2}" y="${155 - size}" width="${bar}" height="${size}" rx="2"/>${count > 0 && html`<text x="${x}" y="${148 - size}" text-anchor="middle">${formatCount(count)}</text>`}<text class="tick" x="${x}" y="175" text-anchor="middle">≤ ${formatDuration(2 ** (low + i))}</text>`;
})}
<line class="grid" x1="10" x2="${width - 10}" y1="155" y2="155"/></svg>`;
}

export const chartStyle = `
.chart{display:block;width:100%;max-width:46rem;height:auto;font:13px var(--sans);fill:var(--ink);font-variant-numeric:tabular-nums}
.chart .tick{fill:var(--soft);font-size:11px}.chart .mark{fill:var(--bar)}.chart .good{fill:var(--good)}.chart .mark.bad{fill:var(--bad)}
.chart .grid{stroke:var(--line);stroke-width:1}.chart .whisker{fill:none;stroke:var(--ink);stroke-width:1.6}
.scroll{overflow-x:auto}.calm-text{color:var(--soft)}
`;
