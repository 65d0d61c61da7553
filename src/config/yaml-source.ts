/**
 * One YAML text as a tree whose nodes know where they stand, within limits: what is too large, too deep or refers to itself is a
 * problem at its place before anything walks it.
 */
import { Composer, Parser, type Document, type Node, type ParsedNode, type YAMLError } from 'yaml';

export const YAML_LIMITS = {
  /** Characters: 1 MiB of plain text. */
  characters: 1_048_576,
  /** The library composes by recursion; real files need about ten. */
  depth: 40,
  /** Tokens of the text, spaces and comments included. */
  tokens: 200_000,
  aliases: 100,
} as const;

/** A problem before its offset was turned into a line and column. */
export interface OffsetProblem {
  readonly offset: number;
  readonly message: string;
}

export interface YamlSource {
  /** Null: nothing there, or nothing that may be walked. */
  readonly root: Node | null;
  /** What an alias stands for; null when nothing bears that name. */
  readonly resolve: (alias: Node & { readonly source: string }) => Node | null;
  readonly problems: readonly OffsetProblem[];
}

type YamlDocument = Document.Parsed<ParsedNode>;
type Token = Parameters<Composer['next']>[0];

/** Never throws. */
export function readYamlSource(text: string): YamlSource {
  if (text.length > YAML_LIMITS.characters) {
    return nothing([{ offset: 0, message: `The file is larger than ${YAML_LIMITS.characters} characters.` }]);
  }
  const tokens = [...new Parser().parse(text)];
  const excess = excessOf(tokens);
  if (excess !== null) return nothing([excess]);
  const composer = new Composer<ParsedNode>({
    prettyErrors: false,
    // The library compares every pair of keys; the reader finds doubled keys with a set.
    uniqueKeys: false,
    merge: false,
    schema: 'core',
    logLevel: 'error',
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const [first, second] = documents;
  if (first === undefined) return nothing([]);
  const problems = [...first.errors, ...first.warnings].map(sayError);
  if (second !== undefined) {
    problems.push({ offset: second.range[0], message: 'A second YAML document begins here; the file must hold one.' });
  }
  const resolved = new Map<unknown, Node | null>();
  const resolve: YamlSource['resolve'] = (alias) => {
    const known = resolved.get(alias) ?? resolveAlias(alias, first);
    resolved.set(alias, known);
    return known;
  };
  return { root: first.contents, resolve, problems };
}

function nothing(problems: readonly OffsetProblem[]): YamlSource {
  return { root: null, resolve: () => null, problems };
}

function sayError(error: YAMLError): OffsetProblem {
  return {
    offset: error.pos[0],
    message: `Not valid YAML: ${error.message}${/[.!?]$/.test(error.message) ? '' : '.'}`,
  };
}

function resolveAlias(alias: Node & { readonly source: string }, document: YamlDocument): Node | null {
  let found: Node | null = null;
  const queue: unknown[] = [document.contents];
  // In the order of the text, so that of several anchors of one name the last before the alias is taken.
  while (queue.length > 0) {
    const next = queue.pop();
    if (next === alias) return found;
    if (typeof next !== 'object' || next === null) continue;
    if ('anchor' in next && next.anchor === alias.source) found = next as Node;
    if ('items' in next && Array.isArray(next.items)) for (const item of next.items.toReversed()) queue.push(item);
    else if ('key' in next && 'value' in next) queue.push(next.value, next.key);
  }
  return null;
}

interface Visit {
  readonly token: unknown;
  readonly depth: number;
  /** Of the token around it: an entry of a collection has none of its own. */
  readonly offset: number;
}

/** The first limit that the tokens exceed. Walks without recursion, because the depth is not known yet. */
function excessOf(tokens: readonly Token[]): OffsetProblem | null {
  const stack: Visit[] = tokens.toReversed().map((token) => ({ token, depth: 0, offset: 0 }));
  const counts = { tokens: 0, aliases: 0 };
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { token } = at;
    if (typeof token !== 'object' || token === null) continue;
    counts.tokens += 1;
    if ('type' in token && token.type === 'alias') counts.aliases += 1;
    const offset = 'offset' in token && typeof token.offset === 'number' ? token.offset : at.offset;
    const message = sayExcess(at.depth, counts);
    if (message !== null) return { offset, message };
    const depth = 'items' in token ? at.depth + 1 : at.depth;
    for (const child of childrenOf(token)) stack.push({ token: child, depth, offset });
  }
  return null;
}

function sayExcess(depth: number, counts: { readonly tokens: number; readonly aliases: number }): string | null {
  if (depth > YAML_LIMITS.depth) return `Nested more than ${YAML_LIMITS.depth} levels deep.`;
  if (counts.tokens > YAML_LIMITS.tokens) return 'The file holds too many values.';
  if (counts.aliases > YAML_LIMITS.aliases) return `The file holds more than ${YAML_LIMITS.aliases} aliases (*name).`;
  return null;
}

function childrenOf(token: object): readonly unknown[] {
  const children: unknown[] = [];
  for (const part of ['value', 'key', 'sep', 'start', 'items', 'end'] as const) {
    const child: unknown = (token as Readonly<Record<string, unknown>>)[part];
    if (Array.isArray(child)) for (const item of child.toReversed()) children.push(item);
    else if (typeof child === 'object') children.push(child);
  }
  return children;
}
