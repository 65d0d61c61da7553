/** JSON that may be none. */

/** Null for what is no JSON: the parser’s own words would quote the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
