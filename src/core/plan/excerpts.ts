/** Two long texts, each as the part of it that differs from the other. */

interface Excerpt {
  /** The part alone. */
  readonly text: string;
  /** Characters of the whole that are left out before and after it. */
  readonly left: { readonly before: number; readonly after: number };
}

/** Characters of what both have in common that are shown on either side of what differs. */
const AROUND = 40;

/** The first line that differs, of a long one what is around the difference; at most `limit` characters of each. Short texts are whole. */
export function excerpts(one: string, other: string, limit: number): readonly [Excerpt, Excerpt] {
  const around = Math.min(AROUND, Math.floor(limit / 4));
  const start = commonStart(one, other);
  const end = commonEnd(one, other, start);
  return [part(one, other), part(other, one)];

  function part(text: string, against: string): Excerpt {
    if (text.length <= limit && against.length <= limit) return { text, left: { before: 0, after: 0 } };
    const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - around, 0);
    // From behind where they differ: that may be the end of a line.
    const lineEnd = text.indexOf('\n', start + 1);
    const wanted = Math.min(text.length - end + around, lineEnd < 0 ? text.length : lineEnd);
    const [first, last] = [whole(text, from), whole(text, Math.min(wanted, from + limit))];
    return { text: text.slice(first, last), left: { before: first, after: text.length - last } };
  }
}

/** Never between the two halves of a character. */
function whole(text: string, at: number): number {
  return at > 0 && at < text.length && /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}

function commonStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

function commonEnd(one: string, other: string, start: number): number {
  const most = Math.min(one.length, other.length) - start;
  let count = 0;
  while (count < most && one.charCodeAt(one.length - 1 - count) === other.charCodeAt(other.length - 1 - count))
    count += 1;
  return count;
}

/** `…part…` */
export function marked(shown: string, { left }: Pick<Excerpt, 'left'>): string {
  return `${left.before > 0 ? '…' : ''}${shown}${left.after > 0 ? '…' : ''}`;
}

export function isCut({ left }: Excerpt): boolean {
  return left.before + left.after > 0;
}
