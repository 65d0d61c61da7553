/** What a kustomization file, or the configuration of a generator or transformer, refers to, and where it says so. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Scalar,
} from 'yaml';

export interface Reference {
  /** As written; of `key=path` the path. */
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
  /**
   * `base`: a directory or a file of resources. `configuration`: the same, of generators and the like, which have paths of their own.
   * `file`: a file only.
   */
  readonly role: 'base' | 'configuration' | 'file';
  /** From where to where in the text it is written, in characters; null where it takes several lines. */
  readonly at: readonly [start: number, end: number] | null;
}

export type References =
  /** `reach`: what is loaded is what is named; or there are fields and plugins that may load anything of the directory. */
  | { readonly kind: 'references'; readonly references: readonly Reference[]; readonly reach: 'named' | 'unknown' }
  | { readonly kind: 'refused'; readonly line: number; readonly message: string };

type Role = Reference['role'];

/**
 * Fields whose values kustomize loads, in lower case: it matches names without regard to case.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
const lists: ReadonlyMap<string, Role> = new Map([
  ['resources', 'base'],
  ['bases', 'base'],
  ['components', 'base'],
  ['generators', 'configuration'],
  ['transformers', 'configuration'],
  ['validators', 'configuration'],
  ['configurations', 'file'],
  ['crds', 'file'],
  ['patchesstrategicmerge', 'file'],
]);

/** Fields that hold objects, or lists of them, with paths inside. */
const holders = new Set([
  'patches',
  'patchesjson6902',
  'replacements',
  'openapi',
  'configmapgenerator',
  'secretgenerator',
]);

/** Fields of such objects, and of generators' and transformers' own configuration. */
const pathFields = new Set(['path', 'paths', 'file', 'files', 'env', 'envs', 'filesources', 'envsources']);

/** Fields that load nothing. */
const plainFields = new Set([
  'apiversion',
  'kind',
  'metadata',
  'namespace',
  'nameprefix',
  'namesuffix',
  'commonlabels',
  'labels',
  'commonannotations',
  'generatoroptions',
  'images',
  'imagetags',
  'replicas',
  'vars',
  'buildmetadata',
  'sortoptions',
  'inventory',
]);

const helmFields = new Set(['helmcharts', 'helmchartinflationgenerator', 'helmglobals']);

const HELM_CHARTS =
  'helm charts in a kustomization are not rendered: render the chart by helm, or let `render: { command: … }` name a command that the server defines (LOCKKEEPER_RENDER_COMMANDS)';

/** Aliases resolved in one file, at most. */
const MOST_ALIASES = 1_000;

/** Of a kustomization. Anything that kustomize might read otherwise than we do (several documents, a key twice) is refused. */
export function readKustomization(text: string): References {
  const parsed = parse(text);
  if (parsed.kind === 'refused') return parsed;
  const [document, second] = parsed.documents;
  if (second !== undefined) return { kind: 'refused', line: 1, message: 'a kustomization is one YAML document' };
  return document === undefined ? none : collect(document, parsed.lines, visitKustomization);
}

/** Of a generator's, transformer's or validator's configuration: every path in it, however deep. */
export function readConfiguration(text: string): References {
  const parsed = parse(text);
  if (parsed.kind === 'refused') return parsed;
  const all: Reference[] = [];
  for (const document of parsed.documents) {
    const found = collect(document, parsed.lines, visitPaths);
    if (found.kind === 'refused') return found;
    all.push(...found.references);
  }
  return { kind: 'references', references: all, reach: 'unknown' };
}

const none: References = { kind: 'references', references: [], reach: 'named' };

type Parsed =
  | { readonly kind: 'parsed'; readonly documents: readonly Document.Parsed[]; readonly lines: LineCounter }
  | Extract<References, { kind: 'refused' }>;

function parse(text: string): Parsed {
  const lines = new LineCounter();
  // 1.1, with its merge keys, is what kustomize reads.
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, version: '1.1', prettyErrors: false });
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  const error = documents.flatMap((document) => document.errors)[0];
  if (error !== undefined) {
    const [message = error.message] = error.message.split('\n');
    return { kind: 'refused', line: lines.linePos(error.pos[0]).line, message };
  }
  return { kind: 'parsed', documents, lines };
}

interface Visit {
  /** An alias is what it stands for. */
  resolve(node: unknown): Node | null;
  add(scalar: Scalar, role: Role): void;
  refuse(node: Node, message: string): void;
  reachFurther(): void;
}

function collect(
  document: Document.Parsed,
  lines: LineCounter,
  visit: (visit: Visit, root: Node | null) => void,
): References {
  const references: Reference[] = [];
  let reach: 'named' | 'unknown' = 'named';
  const reachFurther = (): void => {
    reach = 'unknown';
  };
  let refused: Extract<References, { kind: 'refused' }> | null = null;
  let aliases = 0;
  const lineOf = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line || 1;
  const refuse = (node: Node, message: string): void => {
    refused ??= { kind: 'refused', line: lineOf(node), message };
  };
  const resolve = (node: unknown): Node | null => {
    if (!isAlias(node)) return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
    aliases += 1;
    if (aliases <= MOST_ALIASES) return node.resolve(document) ?? null;
    refuse(node, 'the file has too many aliases');
    return null;
  };
  const add = (scalar: Scalar, role: Role): void => {
    const value = typeof scalar.value === 'string' ? scalar.value : scalar.source;
    if (scalar.value !== null && value !== undefined)
      references.push({ value, line: lineOf(scalar), role, at: placeOf(scalar) });
  };
  visit({ resolve, add, refuse, reachFurther }, resolve(document.contents));
  return refused ?? { kind: 'references', references, reach };
}

function placeOf({ range, type }: Scalar): Reference['at'] {
  if (!range || type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return null;
  return [range[0], range[1]];
}

function visitKustomization(visit: Visit, root: Node | null): void {
  for (const { key, value, node } of pairsOf(visit, root)) {
    const role = lists.get(key);
    if (role === 'configuration' || !(role !== undefined || holders.has(key) || plainFields.has(key)))
      visit.reachFurther();
    if (helmFields.has(key)) visit.refuse(node, HELM_CHARTS);
    else if (role !== undefined) addAll(visit, value, role);
    else if (holders.has(key)) visitPaths(visit, value);
  }
}

function visitPaths(visit: Visit, node: Node | null): void {
  if (isSeq(node)) for (const item of node.items) visitPaths(visit, visit.resolve(item));
  for (const { key, value } of pairsOf(visit, node)) {
    if (pathFields.has(key)) addAll(visit, value, 'file');
    visitPaths(visit, value);
  }
}

/** A text, or a list of texts. */
function addAll(visit: Visit, node: Node | null, role: Role): void {
  const items = isSeq(node) ? node.items.map((item) => visit.resolve(item)) : [node];
  for (const item of items) if (isScalar(item)) visit.add(item, role);
}

interface Pair {
  /** In lower case. */
  readonly key: string;
  readonly value: Node | null;
  readonly node: Node;
}

/** Of a map, with those it merges in. */
function pairsOf(visit: Visit, node: Node | null): readonly Pair[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair): readonly Pair[] => {
    const key = visit.resolve(pair.key);
    const value = visit.resolve(pair.value);
    if (!isScalar(key)) return [];
    // As a key `<<` is a symbol in YAML 1.1.
    const isMerge = typeof key.value === 'symbol' || key.value === '<<';
    if (!isMerge) return [{ key: String(key.value).toLowerCase(), value, node: key }];
    const merged = isSeq(value) ? value.items.map((item) => visit.resolve(item)) : [value];
    return merged.flatMap((map) => pairsOf(visit, map));
  });
}
