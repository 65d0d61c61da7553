/**
 * The lines of a comment that its author wrote as prose, at the top level: nothing that is quoted, in a code block, in a code span or
 * link that runs over lines, or hidden in HTML. A command counts only there, so that quoting one does not run it.
 *
 * It follows CommonMark where that matters and errs towards not prose. One pass and a few indexes: linear in the body's length.
 */

interface ProseLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** What the lines so far have opened and not yet closed. */
type Block =
  | { readonly kind: 'none' }
  /** `indent`: where the content of the list item begins that holds the fence; 0 outside of lists. */
  | { readonly kind: 'fence'; readonly mark: string; readonly indent: number }
  /** Raw HTML up to and including the line with `end`. */
  | { readonly kind: 'html'; readonly end: string };

export function proseLines(body: string): readonly ProseLine[] {
  const prose: ProseLine[] = [];
  let paragraph: ProseLine[] = [];
  let block: Block = { kind: 'none' };
  const closeParagraph = (): void => {
    for (const line of outsideSpans(paragraph)) prose.push(line);
    paragraph = [];
  };
  for (const [index, text] of body.split(/\r\n|\r|\n/).entries()) {
    const before: Block = endOfList(block, text) ? OUTSIDE : block;
    block = before.kind === 'none' ? opened(text) : isClosed(before, text) ? OUTSIDE : before;
    if (before.kind !== 'none' || block.kind !== 'none' || !isProse(text)) closeParagraph();
    else paragraph.push({ text, line: index + 1 });
  }
  closeParagraph();
  return prose;
}

const OUTSIDE: Block = { kind: 'none' };
/** Text before a list's content: markers such as `- ` or `1. `. */
const LIST_MARKERS = /^(?: {0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]+){0,4}/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const HTML_COMMENT = /^ {0,3}<!--/;
const RAW_HTML = /^ {0,3}<(pre|code|script|style|textarea|blockquote)(?=[\s>]|$)/i;

/** What a line opens that goes on after it. */
function opened(text: string): Block {
  const indent = LIST_MARKERS.exec(text)?.[0].length ?? 0;
  const [, mark, info = ''] = FENCE.exec(text.slice(indent)) ?? [];
  // ```` ```x``` ```` on one line is a code span.
  if (mark !== undefined && !(mark.startsWith('`') && info.includes('`'))) return { kind: 'fence', mark, indent };
  const end = HTML_COMMENT.test(text) ? '-->' : endTagOf(text);
  return end === null || text.toLowerCase().includes(end) ? OUTSIDE : { kind: 'html', end };
}

function endTagOf(text: string): string | null {
  const tag = RAW_HTML.exec(text)?.[1];
  return tag === undefined ? null : `</${tag.toLowerCase()}>`;
}

function isClosed(block: Block, text: string): boolean {
  if (block.kind === 'html') return text.toLowerCase().includes(block.end);
  if (block.kind === 'none') return true;
  const trimmed = text.trim();
  const same = (block.mark[0] ?? '').repeat(trimmed.length);
  return trimmed.length >= block.mark.length && trimmed === same && (block.indent > 0 || indentOf(text) < 4);
}

/** The end of a list item ends the fence in it, closed or not. */
function endOfList(block: Block, text: string): boolean {
  return block.kind === 'fence' && block.indent > 0 && text.trim() !== '' && indentOf(text) < 2;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** A line of a paragraph: not blank, quoted, indented as code, or HTML. */
function isProse(text: string): boolean {
  return (
    text.trim() !== '' &&
    !/^ {0,3}>/.test(text) &&
    !/^(?: {4}| {0,3}\t)/.test(text) &&
    !/^ {0,3}<(?:!--|\/?[a-z])/i.test(text)
  );
}

/** The lines of one paragraph that do not begin inside something that an earlier line of it opened. */
function outsideSpans(paragraph: readonly ProseLine[]): readonly ProseLine[] {
  if (paragraph.length < 2) return paragraph;
  const text = paragraph.map((line) => line.text).join('\n');
  const code = codeSpans(text);
  const rest = blank(text, code);
  const spans = [...code, ...htmlComments(rest), ...links(rest)].toSorted((a, b) => a.from - b.from);
  let at = 0;
  let next = 0;
  let coveredTo = 0;
  return paragraph.filter((line) => {
    const begin = at;
    at += line.text.length + 1;
    for (let span = spans[next]; span !== undefined && span.from < begin; span = spans[next]) {
      coveredTo = Math.max(coveredTo, span.to);
      next += 1;
    }
    return begin >= coveredTo;
  });
}

interface Span {
  readonly from: number;
  /** First character after it. */
  readonly to: number;
}

/** A run of backticks closes at the next run of the same length. */
function codeSpans(text: string): readonly Span[] {
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ from: run.index, to: run.index + run[0].length }));
  const following = new Map<number, number>();
  const partners = new Map<number, number>();
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const run = runs[index];
    if (run === undefined) continue;
    const partner = following.get(run.to - run.from);
    if (partner !== undefined) partners.set(index, partner);
    following.set(run.to - run.from, index);
  }
  const spans: Span[] = [];
  for (let index = 0; index < runs.length; index += 1) {
    const partner = partners.get(index);
    if (partner === undefined) continue;
    spans.push({ from: runs[index]?.from ?? 0, to: runs[partner]?.to ?? 0 });
    index = partner;
  }
  return spans;
}

/** The same text with the spans as spaces, line ends kept: what stands in code opens nothing. */
function blank(text: string, spans: readonly Span[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to } of spans) {
    pieces.push(text.slice(at, from), text.slice(from, to).replaceAll(/[^\n]/g, ' '));
    at = to;
  }
  return [...pieces, text.slice(at)].join('');
}

/** Each to its end, or to the end of the paragraph. */
function htmlComments(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let from = text.indexOf('<!--'); from >= 0;) {
    const end = text.indexOf('-->', from);
    const to = end < 0 ? text.length : end + '-->'.length;
    spans.push({ from, to });
    from = text.indexOf('<!--', to);
  }
  return spans;
}

/** `[text](address)`, `[text][name]` and `[name]: address`, each possibly over several lines. */
function links(text: string): readonly Span[] {
  const spans: Span[] = [];
  const open: number[] = [];
  const closing = closingParenthesis(text);
  for (const bracket of text.matchAll(/[[\]]/g)) {
    const at = bracket.index;
    if (bracket[0] === '[') {
      open.push(at);
      continue;
    }
    const from = open.pop();
    if (from === undefined) continue;
    const after = text[at + 1];
    if (after === '[') spans.push({ from, to: at + 1 });
    if (after === '(') spans.push({ from, to: closing(at + 1) });
    // The address of a reference may stand on the next line.
    const broken = after === ':' && /^[ \t]*\n/.test(text.slice(at + 2, at + 80));
    if (broken) spans.push({ from, to: text.indexOf('\n', at) + 2 });
  }
  return spans;
}

/** The end of an address that begins at `from`, which must grow from call to call; `from` itself when it never ends. */
function closingParenthesis(text: string): (from: number) => number {
  let end = -1;
  return (from) => {
    if (end < from) end = text.indexOf(')', from);
    if (end < 0) end = text.length + 1;
    return end > text.length ? from : end + 1;
  };
}
