/** Trailers: `Key: value` lines in the last paragraph of a commit's message or of a description (git-interpret-trailers). */

interface Trailer {
  readonly key: string;
  readonly value: string;
}

const TRAILER = /^([A-Za-z][A-Za-z0-9-]{0,100}):[ \t]+(\S.*)$/;

/** In their order. A paragraph that holds anything else but trailers and their continuations holds none. */
export function trailersIn(text: string): readonly Trailer[] {
  const paragraphs = text
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split(/\n[ \t]*\n/);
  const lines = paragraphs.at(-1)?.split('\n') ?? [];
  const found: Trailer[] = [];
  for (const line of lines) {
    const [, key, value] = TRAILER.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.push({ key, value: value.trim() });
    // A line that begins with a space goes on with the one before.
    else if (!/^\s+\S/.test(line) || found.length === 0) return [];
  }
  return found;
}

/** `Co-authored-by: Ann <ann@example.test>`: addresses of people who share in a commit. */
export function coAuthorsIn(message: string): readonly string[] {
  // Wherever it stands: tools that squash put them in between, and who shares in the work is not to be hidden by a line below.
  return message.split('\n').flatMap((line) => /^co-authored-by:[^<]*<([^<>\s]+)>\s*$/i.exec(line)?.[1] ?? []);
}
