/**
 * Edits single values of YAML text and keeps every other byte: comments, quotes, order and spacing stay as people wrote them.
 *
 * The new text is read again before it is given out: only what was meant may have changed. Example: `newTag: "1.0.0" # api` with the
 * value `1.1.0` becomes `newTag: "1.1.0" # api`.
 */
import { isAlias, isCollection, isMap, isNode, isScalar, parseDocument, visit, type Document, type Scalar } from 'yaml';
import { MAX_ALIASES, readYaml } from './read-yaml.js';

/** Keys and positions from the top of a document. */
export type NodePath = readonly (string | number)[];

export interface ScalarEdit {
  /** Which document of the file, from 0. */
  readonly document: number;
  readonly path: NodePath;
  readonly value: string;
}

export type EditResult =
  { readonly kind: 'edited'; readonly text: string } | { readonly kind: 'failed'; readonly problem: EditProblem };

export type EditProblem =
  | { readonly kind: 'invalid-yaml' }
  /** `place`: `image.tag`. `anchored`: other places use its anchor. `tagged`: it has a tag (`!name`) of its own. */
  | {
      readonly kind: 'no-single-value' | 'doubled-key' | 'anchored' | 'tagged' | 'block-text' | 'two-values';
      readonly place: string;
    }
  /** What would be written was read again, and is not what was meant. */
  | { readonly kind: 'would-break' | 'would-change-more' };

/**
 * All edits or none. Values are written as strings, in the quotes they had; a plain value gets quotes where YAML would read it as
 * something else. Two edits of one place must agree.
 */
export function editScalars(text: string, edits: readonly ScalarEdit[]): EditResult {
  const documents = readDocuments(text);
  if (documents === null) return failed({ kind: 'invalid-yaml' });
  const slices = new Map<number, { readonly end: number; readonly replacement: string }>();
  for (const edit of edits) {
    const slice = sliceOf(documents[edit.document], edit);
    if ('kind' in slice) return failed(slice);
    if (slices.has(slice.start) && slices.get(slice.start)?.replacement !== slice.replacement)
      return failed({ kind: 'two-values', place: formatPath(edit.path) });
    slices.set(slice.start, slice);
  }
  let edited = text;
  for (const [start, { end, replacement }] of [...slices].sort(([a], [b]) => b - a)) {
    edited = edited.slice(0, start) + replacement + edited.slice(end);
  }
  return confirmed(documents, edited, edits);
}

function failed(problem: EditProblem): EditResult {
  return { kind: 'failed', problem };
}

const STRING_TAG = 'tag:yaml.org,2002:str';

type Slice = { readonly start: number; readonly end: number; readonly replacement: string };

function sliceOf(document: Document.Parsed | undefined, edit: ScalarEdit): Slice | EditProblem {
  const place = formatPath(edit.path);
  const node: unknown = document?.getIn(edit.path, true);
  if (document === undefined || !isScalar(node) || !node.range) return { kind: 'no-single-value', place };
  if (standsTwice(document, edit.path)) return { kind: 'doubled-key', place };
  if (node.anchor !== undefined && isUsed(document, node.anchor)) return { kind: 'anchored', place };
  if (node.tag !== undefined && node.tag !== STRING_TAG) return { kind: 'tagged', place };
  const replacement = spelled(node, edit.value);
  if (replacement === null) return { kind: 'block-text', place };
  const [start, end] = node.range;
  // An empty value has no characters of its own: `tag:` needs a space before what is written.
  return { start, end, replacement: start === end ? ` ${replacement}` : replacement };
}

/** Readers differ about which of two equal keys counts. */
function standsTwice(document: Document.Parsed, path: NodePath): boolean {
  let node: unknown = document.contents;
  for (const part of path) {
    if (isMap(node)) {
      const pairs = node.items.filter((pair) => isScalar(pair.key) && String(pair.key.value) === String(part));
      if (pairs.length > 1) return true;
    }
    node = isCollection(node) ? node.get(part, true) : undefined;
  }
  return false;
}

function isUsed(document: Document.Parsed, anchor: string): boolean {
  let used = false;
  visit(document, (_key, node) => {
    if (!isNode(node) || !isAlias(node) || node.source !== anchor) return undefined;
    used = true;
    return visit.BREAK;
  });
  return used;
}

/** The documents of a file, or null if any of them is broken. */
export function readDocuments(text: string): readonly Document.Parsed[] | null {
  const read = readYaml(text);
  return read.some(({ problem }) => problem !== null) ? null : read.map(({ document }) => document);
}

function formatPath(path: NodePath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

function spelled(node: Scalar, value: string): string | null {
  switch (node.type) {
    case 'QUOTE_DOUBLE':
      return JSON.stringify(value);
    case 'QUOTE_SINGLE':
      return `'${value.replaceAll("'", "''")}'`;
    case 'PLAIN':
      return readsAsItself(value) ? value : JSON.stringify(value);
    default:
      return null;
  }
}

/**
 * What a YAML 1.1 reader (Go's, among others) or a YAML 1.2 reader makes into something that is no string: numbers with signs, bases,
 * underscores, exponents and sexagesimals (`1.10`, `0o17`, `1e3`, `12:30`), dates, truths (`on`, `y`), nothing (`~`), infinities.
 * https://yaml.org/type/
 */
const OTHER_TYPE = [
  /^[-+]?(\d[\d_,]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?$/i,
  /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/,
  /^[-+]?0[xob][\da-f_]+$/i,
  /^\d{4}-\d\d?-\d\d?/,
  /^([-+]?\.inf|\.nan|y|n|yes|no|on|off|true|false|null|~|<<|=|)$/i,
];

/** True if `key: value` without quotes is the same string to every reader. */
function readsAsItself(value: string): boolean {
  if (OTHER_TYPE.some((type) => type.test(value)) || /[\r\n]/.test(value)) return false;
  return (['1.1', '1.2'] as const).every((version) => {
    const document = parseDocument(`key: ${value}\nlist: [${value}]\n`, { version, logLevel: 'error' });
    return document.errors.length === 0 && document.getIn(['key']) === value && document.getIn(['list', 0]) === value;
  });
}

/** Replace, then read again: every value but the edited ones is as it was, and those are as wished. */
function confirmed(before: readonly Document.Parsed[], edited: string, edits: readonly ScalarEdit[]): EditResult {
  const after = readDocuments(edited);
  if (after === null || after.length !== before.length) return failed({ kind: 'would-break' });
  const wished = before.map((document) => document.clone());
  for (const edit of edits) wished[edit.document]?.setIn(edit.path, edit.value);
  const same = wished.every((document, index) => {
    const read = after[index];
    return read !== undefined && valuesOf(document) === valuesOf(read);
  });
  return same ? { kind: 'edited', text: edited } : failed({ kind: 'would-change-more' });
}

/** Where aliases can't be unfolded it equals nothing, not even itself. */
function valuesOf(document: Document | Document.Parsed): string | symbol {
  try {
    return JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (cause) {
    if (cause instanceof Error) return Symbol('not comparable');
    throw cause;
  }
}
