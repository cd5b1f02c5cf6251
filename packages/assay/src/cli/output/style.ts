import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Styles text when the stream is a terminal that wants colour (`NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` are honoured). */
export function styler(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  return (style, text) => styleText(style, text, { stream });
}
