/**
 * Edits single values of YAML text and keeps every other byte: comments, quotes, order and spacing stay as people wrote them.
 *
 * The new text is read again before it is given out: only what was meant may have changed. Example: `newTag: "1.0.0" # api` with the
 * value `1.1.0` becomes `newTag: "1.1.0" # api`.
 */
import { isScalar, parseAllDocuments, parseDocument, type Document, type Scalar } from 'yaml';

/** Keys and positions from the top of a document. */
export type NodePath = readonly (string | number)[];

export interface ScalarEdit {
  /** Which document of the file, from 0. */
  readonly document: number;
  readonly path: NodePath;
  readonly value: string;
}

export type EditResult =
  { readonly kind: 'edited'; readonly text: string } | { readonly kind: 'failed'; readonly reason: string };

/** All edits or none. Values are written as strings, in the quotes they had; a plain value gets quotes where YAML would read it as something else. */
export function editScalars(text: string, edits: readonly ScalarEdit[]): EditResult {
  const documents = readDocuments(text);
  if (documents === null) return { kind: 'failed', reason: 'the file is not valid YAML' };
  const slices: { start: number; end: number; replacement: string }[] = [];
  for (const edit of edits) {
    const node = documents[edit.document]?.getIn(edit.path, true);
    if (!isScalar(node) || !node.range)
      return { kind: 'failed', reason: `there is no single value at ${formatPath(edit.path)}` };
    if (node.anchor !== undefined)
      return { kind: 'failed', reason: `${formatPath(edit.path)} carries an anchor that other places use` };
    const replacement = spelled(node, edit.value);
    if (replacement === null)
      return { kind: 'failed', reason: `${formatPath(edit.path)} is a block of text, not a single value` };
    slices.push({ start: node.range[0], end: node.range[1], replacement });
  }
  let edited = text;
  for (const slice of slices.sort((a, b) => b.start - a.start)) {
    edited = edited.slice(0, slice.start) + slice.replacement + edited.slice(slice.end);
  }
  return confirmed(documents, edited, edits);
}

/** The documents of a file, or null if any of them is broken. */
export function readDocuments(text: string): readonly Document.Parsed[] | null {
  const parsed = parseAllDocuments(text);
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  return documents.some((document) => document.errors.length > 0) ? null : documents;
}

export function formatPath(path: NodePath): string {
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

/** True if `key: value` without quotes is the same string to a YAML 1.2 and to a YAML 1.1 reader (Go's, among others). */
function readsAsItself(value: string): boolean {
  return (['1.1', '1.2'] as const).every((version) => {
    const document = parseDocument(`key: ${value}\nlist: [${value}]\n`, { version });
    return document.errors.length === 0 && document.getIn(['key']) === value && document.getIn(['list', 0]) === value;
  });
}

/** Replace, then read again: every value but the edited ones is as it was, and those are as wished. */
function confirmed(before: readonly Document.Parsed[], edited: string, edits: readonly ScalarEdit[]): EditResult {
  const after = readDocuments(edited);
  if (after === null || after.length !== before.length)
    return { kind: 'failed', reason: 'the edit would break the file' };
  const wished = before.map((document) => document.clone());
  for (const edit of edits) wished[edit.document]?.setIn(edit.path, edit.value);
  const same = wished.every(
    (document, index) => JSON.stringify(document.toJS()) === JSON.stringify(after[index]?.toJS()),
  );
  return same
    ? { kind: 'edited', text: edited }
    : { kind: 'failed', reason: 'the edit would change more than was meant' };
}
