/** Markdown around content nobody has vetted: nothing of it may become markup, a mention, a link or an invisible trick. */

/**
 * What can't be seen or turns the direction of reading (Trojan Source, CVE-2021-42574): control and format characters, lone surrogates,
 * and letters that are drawn as nothing. Tabs and line ends are left.
 */
const INVISIBLE = /[^\P{Cc}\t\n\r]|[\p{Cf}\p{Cs}\u034f\u2065\u115f\u1160\u2028\u2029\u3164\uffa0]/gu;

/** The same with such characters written out as `\u202e`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** As inline code, on one line: mentions and references inside stay dead. */
export function code(text: string): string {
  const line = visible(text).replace(/[\r\n]+/g, ' ');
  const run = longestRun(line, '`');
  const fence = '`'.repeat(run + 1);
  const padded = line.startsWith('`') || line.endsWith('`') || line === '' ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** As a fenced block whose fence is longer than any run inside. */
export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  return `${fence}${language}\n${visible(text.replace(/\r\n?/g, '\n'))}\n${fence}`;
}

/**
 * As plain words in running text: every character that Markdown or HTML would act on is escaped; what either forge would make into a
 * mention, a reference or a link (`@x`, `#1`, `GH-1`, `!1`, `$1`, `%1`, `~x`, `&1`, `www.`, `://`) is broken by a character of no width.
 */
export function plain(text: string): string {
  return visible(text)
    .replace(/[\r\n]+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]()<>#|~&]|^[+=-]|^\d+(?=[.)](\s|$))/g, (found) => ESCAPED.get(found) ?? escapedStart(found))
    .replace(/&amp;|[@!#$%~^[]/g, (found) => `${found}${BREAK}`)
    .replace(/\bGH(?=-\d)/gi, `$&${BREAK}`)
    .replaceAll('://', `:${BREAK}//`)
    .replace(/www(?=\.)/gi, `$&${BREAK}`);
}

const BREAK = '\u200b';
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['&', '&amp;'],
]);

/** `1.` would begin a list. */
function escapedStart(found: string): string {
  return /\d/.test(found) ? `${found}${BREAK}` : `\\${found}`;
}

/** The words alone where `url` is no web address. */
export function link(words: string, url: string): string {
  if (!URL.canParse(url)) return plain(words);
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return plain(words);
  return `[${plain(words)}](${href.replace(/[()<>\\]/g, (found) => `%${found.charCodeAt(0).toString(16)}`)})`;
}

export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** As inline code inside a `<summary>`, where Markdown is not read. */
export function htmlCode(text: string): string {
  const escaped = visible(text)
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `<code>${escaped}</code>`;
}

/** `sha` as people quote it. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** What such Markdown of ours says where none is read: as the title of a check. */
export function unmarked(markdown: string): string {
  return markdown
    .replaceAll(BREAK, '')
    .replace(/`+ ?([^`]*?) ?`+/g, '$1')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}

/** One line of at most `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** As many of the first items as fit in `room` (characters, or what `measure` counts) with `gap` after each, and how many do not. */
export function fitting(
  items: readonly string[],
  room: number,
  gap = 1,
  measure: (text: string) => number = (text) => text.length,
): { readonly shown: readonly string[]; readonly hidden: number } {
  let left = room;
  const shown: string[] = [];
  for (const item of items) {
    left -= measure(item) + gap;
    if (left < 0) break;
    shown.push(item);
  }
  return { shown, hidden: items.length - shown.length };
}

/** Whole lines of a text without fences or HTML, at most `limit` characters; what is left out is counted in the last. */
export function cutLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const { shown, hidden } = fitting(text.split('\n'), limit - NOTE_LENGTH);
  return [...shown, '', `…and ${counted(hidden, 'more line')}.`].join('\n');
}

/** Room for a line that counts what is left out. */
export const NOTE_LENGTH = 100;

/** The first few, and how many more there are: `a, b and 3 more checks`. */
export function listedFew(items: readonly string[], few: number, one: string, many = `${one}s`): string {
  if (items.length <= few) return listed(items);
  return `${items.slice(0, few).join(', ')} and ${counted(items.length - few, `more ${one}`, `more ${many}`)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${word} ${items[items.length - 1] ?? ''}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
