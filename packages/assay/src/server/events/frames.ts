import type { TailedEvent } from "#app";

/** https://html.spec.whatwg.org/multipage/server-sent-events.html: fields in lines, an event ends with an empty one. */
const encoded = new WeakMap<TailedEvent, Buffer>();

/** An event's bytes, made once for all clients. JSON holds no line breaks, and a type is a name of the catalogue. */
export function eventFrame(tailed: TailedEvent): Buffer {
  const known = encoded.get(tailed);
  if (known !== undefined) return known;
  const frame = Buffer.from(`id: ${tailed.position}\nevent: ${tailed.event.type}\ndata: ${tailed.json}\n\n`);
  encoded.set(tailed, frame);
  return frame;
}

/** An id without data is no event, and yet where a client goes on that reconnects: one that filters much does not begin far behind. */
export function positionFrame(position: number, comment: string): string {
  return `: ${comment}\nid: ${position}\n\n`;
}

/** Milliseconds after which a client that was cut off comes back. */
export function retryFrame(retryMs: number): string {
  return `retry: ${retryMs}\n\n`;
}
