const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * JSON as models write it: line feeds and tabs stand in strings as they are, and a comma before the end. One pass; `undefined` for
 * what is no JSON all the same.
 */
export function lenientJson(text: string): unknown {
  const pieces: string[] = [];
  let from = 0;
  let quoted = false;
  let comma = -1;
  const put = (end: number, instead: string): void => {
    pieces.push(text.slice(from, end), instead);
    from = end + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (quoted) {
      if (sign === "\\") at += 1;
      else if (sign === '"') quoted = false;
      else if (escapes[sign] !== undefined) put(at, escapes[sign]);
    } else if (sign === '"') {
      quoted = true;
      comma = -1;
    } else if ((sign === "}" || sign === "]") && comma >= 0) {
      put(comma, "");
      comma = -1;
    } else if (sign === ",") comma = at;
    else if (sign.trim() !== "") comma = -1;
  }
  pieces.push(text.slice(from));
  try {
    return JSON.parse(pieces.join(""));
  } catch {
    return undefined;
  }
}
