/**
 * The carried set: the files and fields that travel from one environment to the next.
 *
 * Worked example. Source `apps/api/envs/dev` holds deployment.yaml (blob A) and settings.yaml; destination `apps/api/envs/test` holds
 * deployment.yaml (blob B) and its own settings.yaml. With `carry: [{files: ["**"], except: ["settings.yaml"]}]` the promotion
 * writes blob A to `apps/api/envs/test/deployment.yaml` and touches nothing else. A file that `fields` names is never carried whole:
 * only those values are written into the destination's own file.
 */
import type { Document } from 'yaml';
import type { CarryRule } from '../configuration.js';
import { compileGlob, compileGlobs } from '../glob/glob.js';
import type { Sha } from '../ids.js';
import { editScalars, readDocuments, type EditProblem, type ScalarEdit } from '../yaml/edit-scalars.js';
import { fieldValues, parseFieldPath, type FieldStep } from '../yaml/field-path.js';

/** A target's files at one commit; paths are relative to its directory. */
export interface TargetFiles {
  readonly directory: string;
  readonly files: readonly CarriedFile[];
  /** Text, every byte of it, of the files that `fields` rules name; null for a link and for what is no text. */
  readonly texts: ReadonlyMap<string, string | null>;
}

export interface CarriedFile {
  readonly path: string;
  readonly blob: Sha;
  readonly mode: '100644' | '100755' | '120000';
}

/** One change that makes the destination hold the source's carried set. Paths are relative to the destination's directory. */
export type CarriedChange =
  | { readonly kind: 'copy'; readonly path: string; readonly blob: Sha; readonly mode: CarriedFile['mode'] }
  | { readonly kind: 'delete'; readonly path: string }
  /** `mode`: as the file has it already. */
  | { readonly kind: 'edit'; readonly path: string; readonly text: string; readonly mode: CarriedFile['mode'] };

export type CarriedChanges = { readonly kind: 'changes'; readonly changes: readonly CarriedChange[] } | Impossible;

/** A field that should travel can't be written: nothing travels, so that no half promotion is made. */
interface Impossible {
  readonly kind: 'impossible';
  readonly path: string;
  readonly problem: CarryProblem;
}

export type CarryProblem =
  | EditProblem
  /** The file as it stands in that directory. `not-text`: no UTF-8. */
  | { readonly kind: 'not-text' | 'not-yaml'; readonly directory: string };

/** Files that some `fields` rule names, among the given ones. */
export function fieldFiles(paths: readonly string[], rules: readonly CarryRule[]): readonly string[] {
  const fieldsOf = fieldRules(rules);
  return paths.filter((path) => fieldsOf(path).length > 0);
}

/** What must change at the destination; empty when it holds the carried set already. */
export function carriedChanges(
  source: TargetFiles,
  destination: TargetFiles,
  rules: readonly CarryRule[],
): CarriedChanges {
  const changes: CarriedChange[] = [...wholeChanges(source, destination, rules)];
  const modes = new Map(destination.files.map(({ path, mode }) => [path, mode]));
  const fieldsOf = fieldRules(rules);
  for (const path of fieldFiles([...destination.texts.keys()], rules)) {
    const edited = carriedFields(path, { source, destination }, fieldsOf(path));
    if (edited.kind === 'impossible') return edited;
    if (edited.kind === 'edited')
      changes.push({ kind: 'edit', path, text: edited.text, mode: modes.get(path) ?? '100644' });
  }
  return { kind: 'changes', changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function wholeChanges(
  source: TargetFiles,
  destination: TargetFiles,
  rules: readonly CarryRule[],
): readonly CarriedChange[] {
  const isWhole = wholeFiles(rules);
  const there = new Map(destination.files.map((file) => [file.path, file]));
  const wanted = source.files.filter(({ path }) => isWhole(path));
  const kept = new Set(source.files.map(({ path }) => path));
  const copies = wanted.filter(({ path, blob, mode }) => {
    const own = there.get(path);
    return own?.blob !== blob || own.mode !== mode;
  });
  const gone = destination.files.filter(({ path }) => isWhole(path) && !kept.has(path));
  return [
    ...copies.map(({ path, blob, mode }) => ({ kind: 'copy', path, blob, mode }) as const),
    ...gone.map(({ path }) => ({ kind: 'delete', path }) as const),
  ];
}

/** Whether a file of a target travels as a whole. */
export function carriedWhole(path: string, rules: readonly CarryRule[]): boolean {
  return wholeFiles(rules)(path);
}

function wholeFiles(rules: readonly CarryRule[]): (path: string) => boolean {
  const fieldsOf = fieldRules(rules);
  const named = rules.flatMap((rule) =>
    rule.kind === 'files' ? [{ files: compileGlobs(rule.files), except: compileGlobs(rule.except) }] : [],
  );
  return (path) => fieldsOf(path).length === 0 && named.some(({ files, except }) => files(path) && !except(path));
}

/** Of a file, the fields of it that travel. */
function fieldRules(rules: readonly CarryRule[]): (path: string) => readonly (readonly FieldStep[])[] {
  const compiled = rules.flatMap((rule) => {
    const steps = rule.kind === 'field' ? parseFieldPath(rule.path) : null;
    return rule.kind === 'field' && steps !== null ? [{ matches: compileGlob(rule.file), steps }] : [];
  });
  return (path) => compiled.flatMap(({ matches, steps }) => (matches(path) ? [steps] : []));
}

type CarriedFields = { readonly kind: 'edited'; readonly text: string } | { readonly kind: 'as-it-is' } | Impossible;

/** The destination's own file with the source's fields. */
function carriedFields(
  path: string,
  { source, destination }: { readonly source: TargetFiles; readonly destination: TargetFiles },
  fields: readonly (readonly FieldStep[])[],
): CarriedFields {
  const [from, to] = [readFile(source, path), readFile(destination, path)];
  if (from === null || to === null) return { kind: 'as-it-is' };
  if (from.kind === 'impossible') return from;
  if (to.kind === 'impossible') return to;
  const edits = fields.flatMap((steps) => editsFor(steps, from.documents, to.documents));
  if (edits.length === 0) return { kind: 'as-it-is' };
  const result = editScalars(to.text, edits);
  return result.kind === 'failed' ? { kind: 'impossible', path, problem: result.problem } : result;
}

interface ReadFile {
  readonly kind: 'read';
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
}

/** Null: it is not there. */
function readFile({ directory, texts }: TargetFiles, path: string): ReadFile | Impossible | null {
  const text = texts.get(path);
  if (text === undefined) return null;
  const documents = text === null ? null : readDocuments(text);
  if (text !== null && documents !== null) return { kind: 'read', text, documents };
  return { kind: 'impossible', path, problem: { kind: text === null ? 'not-text' : 'not-yaml', directory } };
}

/** Document by document; what the source does not have stays. */
function editsFor(
  steps: readonly FieldStep[],
  source: readonly Document.Parsed[],
  destination: readonly Document.Parsed[],
): readonly ScalarEdit[] {
  return destination.flatMap((document, index) => {
    const from = source[index];
    if (from === undefined) return [];
    const wished = new Map(fieldValues(from, steps).map((field) => [field.identity, field.value]));
    return fieldValues(document, steps).flatMap(({ identity, value: there, path }): readonly ScalarEdit[] => {
      const value = wished.get(identity);
      return value === undefined || value === there ? [] : [{ document: index, path, value }];
    });
  });
}
