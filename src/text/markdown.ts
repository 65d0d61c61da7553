/** Markdown around content nobody has vetted: nothing of it may become markup, a mention, a link or an invisible trick. */

/** Bidirectional and other invisible controls (Trojan Source, CVE-2021-42574), written out so that they can be seen. */
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As inline code, on one line: mentions and references inside stay dead. */
export function code(text: string): string {
  const line = visible(text).replace(/\s*[\r\n]+\s*/g, ' ');
  const run = longestRun(line, '`');
  const fence = '`'.repeat(run + 1);
  const padded = line.startsWith('`') || line.endsWith('`') || line === '' ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** As a fenced block whose fence is longer than any run inside. */
export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  return `${fence}${language}\n${visible(text)}\n${fence}`;
}

/** As plain words in running text: every character that Markdown or HTML would act on is escaped, mentions and references are broken. */
export function plain(text: string): string {
  return visible(text)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\\`*_{}[\]()<>#|~&]|^[+-]/g, (character) =>
      character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`,
    )
    .replace(/[@!#$%]/g, (character) => `${character}\u200b`)
    .replace(/\b(https?|ftp):/gi, '$1\u200b:')
    .replace(/\bwww\./gi, 'www\u200b.');
}

export function link(words: string, url: string): string {
  return `[${plain(words)}](${encodeURI(decodeSafely(url)).replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** As inline code inside a `<summary>`, where Markdown is not read. */
export function htmlCode(text: string): string {
  const escaped = visible(text)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `<code>${escaped}</code>`;
}

/** `sha` as people quote it. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** One line of at most `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
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

function decodeSafely(url: string): string {
  try {
    return decodeURI(url);
  } catch (cause) {
    if (cause instanceof URIError) return url;
    throw cause;
  }
}
