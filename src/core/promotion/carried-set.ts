/**
 * The carried set: the files and fields that travel from one environment to the next.
 *
 * Worked example. Source `apps/api/envs/dev` holds deployment.yaml (blob A) and settings.yaml; destination `apps/api/envs/test` holds
 * deployment.yaml (blob B) and its own settings.yaml. With `carry: [{files: ["**"], except: ["settings.yaml"]}]` the promotion
 * writes blob A to `apps/api/envs/test/deployment.yaml` and touches nothing else. A file that `fields` names is never carried whole:
 * only those values are written into the destination's own file.
 */
import type { CarryRule } from '../configuration.js';
import { compileGlob, compileGlobs } from '../glob/glob.js';
import type { Sha } from '../ids.js';
import { editScalars, readDocuments, type ScalarEdit } from '../yaml/edit-scalars.js';
import { fieldValues, parseFieldPath, type FieldStep } from '../yaml/field-path.js';

/** A target's files at one commit; paths are relative to its directory. */
export interface TargetFiles {
  readonly directory: string;
  readonly files: readonly CarriedFile[];
  /** Text of the files that `fields` rules name. */
  readonly texts: ReadonlyMap<string, string>;
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
  | { readonly kind: 'edit'; readonly path: string; readonly text: string };

export type CarriedChanges =
  | { readonly kind: 'changes'; readonly changes: readonly CarriedChange[] }
  /** A field that should travel can't be written: nothing travels, so that no half promotion is made. */
  | { readonly kind: 'impossible'; readonly path: string; readonly reason: string };

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
  const changes: CarriedChange[] = [];
  const isWhole = wholeFiles(rules);
  const destinationFiles = new Map(destination.files.map((file) => [file.path, file]));
  for (const file of source.files) {
    if (!isWhole(file.path)) continue;
    const there = destinationFiles.get(file.path);
    if (there?.blob !== file.blob || there.mode !== file.mode) {
      changes.push({ kind: 'copy', path: file.path, blob: file.blob, mode: file.mode });
    }
  }
  const sourcePaths = new Set(source.files.map((file) => file.path));
  for (const file of destination.files) {
    if (isWhole(file.path) && !sourcePaths.has(file.path)) changes.push({ kind: 'delete', path: file.path });
  }
  for (const path of fieldFiles([...destination.texts.keys()], rules)) {
    const edit = carriedFields(path, { source, destination }, rules);
    if (edit.kind === 'impossible') return edit;
    changes.push(...edit.changes);
  }
  return { kind: 'changes', changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)) };
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

function carriedFields(
  path: string,
  sides: { source: TargetFiles; destination: TargetFiles },
  rules: readonly CarryRule[],
): CarriedChanges {
  const sourceText = sides.source.texts.get(path);
  const text = sides.destination.texts.get(path);
  if (sourceText === undefined || text === undefined) return { kind: 'changes', changes: [] };
  const sourceDocuments = readDocuments(sourceText);
  const documents = readDocuments(text);
  if (sourceDocuments === null || documents === null) {
    const { directory } = sourceDocuments === null ? sides.source : sides.destination;
    return { kind: 'impossible', path, reason: `it is not valid YAML in ${directory}` };
  }
  const edits: ScalarEdit[] = [];
  for (const steps of fieldRules(rules)(path)) {
    documents.forEach((document, index) => {
      const from = sourceDocuments[index];
      if (from === undefined) return;
      const wished = new Map(fieldValues(from, steps).map((field) => [field.identity, field.value]));
      for (const field of fieldValues(document, steps)) {
        const value = wished.get(field.identity);
        if (value !== undefined && value !== field.value) edits.push({ document: index, path: field.path, value });
      }
    });
  }
  if (edits.length === 0) return { kind: 'changes', changes: [] };
  const result = editScalars(text, edits);
  if (result.kind === 'failed') return { kind: 'impossible', path, reason: result.reason };
  return { kind: 'changes', changes: [{ kind: 'edit', path, text: result.text }] };
}
