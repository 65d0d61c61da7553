/** The little Markdown that messages of lists are made of, as HTML: paragraphs, nested lists, bold and inline code; all else is text. */

/** As CommonMark has it for what `markdown.ts` makes; links and other marks are left as they are written. */
export function listHtml(markdown: string): string {
  let html = '';
  let depth = 0;
  for (const line of markdown.split('\n')) {
    const item = /^((?: {2})*)- (.*)$/.exec(line);
    const wanted = item === null ? 0 : Math.min((item[1] ?? '').length / 2, depth) + 1;
    html += steps(depth, wanted);
    depth = wanted;
    if (item !== null) html += inlineHtml(item[2] ?? '');
    else if (line !== '') html += `<p>${inlineHtml(line)}</p>`;
  }
  return html + steps(depth, 0);
}

/** From within the item at one depth to the begin of an item at another; 0 is outside of all lists. */
function steps(from: number, to: number): string {
  if (to > from) return '<ul><li>';
  const closed = '</li></ul>'.repeat(from - to);
  return to === 0 ? closed : `${closed}</li><li>`;
}

/** A backslash and what it keeps plain, a run of backticks, two asterisks, a written-out character, or any other. */
const PIECE = /\\([!-/:-@[-`{-~])|(`+)|(\*\*)|(&(?:lt|amp);)|([^])/gu;

function inlineHtml(line: string): string {
  let html = '';
  let bold: 'open' | 'closed' = 'closed';
  const pieces = new RegExp(PIECE);
  for (let found = pieces.exec(line); found !== null; found = pieces.exec(line)) {
    const [all, kept, ticks, stars, entity] = found;
    if (ticks !== undefined) {
      const end = endOfCode(line, pieces.lastIndex, ticks.length);
      html += end === null ? ticks : codeHtml(line.slice(pieces.lastIndex, end));
      if (end !== null) pieces.lastIndex = end + ticks.length;
    } else if (stars !== undefined) {
      html += bold === 'open' ? '</strong>' : '<strong>';
      bold = bold === 'open' ? 'closed' : 'open';
    } else html += entity ?? escaped(kept ?? all);
  }
  return bold === 'open' ? `${html}</strong>` : html;
}

/** Where the run of just as many backticks begins, or null. */
function endOfCode(line: string, from: number, length: number): number | null {
  for (const { 0: run, index } of line.slice(from).matchAll(/`+/g)) if (run.length === length) return from + index;
  return null;
}

function codeHtml(text: string): string {
  const padded = text.startsWith(' ') && text.endsWith(' ') && /[^ ]/.test(text);
  const inner = padded ? text.slice(1, -1) : text;
  return `<code>${escaped(inner)}</code>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
