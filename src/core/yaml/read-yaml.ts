/**
 * YAML that nobody has vetted, read within limits.
 *
 * The library composes by recursion, and a stack that overflows inside it can end the whole process: depth is counted on the tokens,
 * before anything recurses. Its error messages quote the text, which may be a secret's: what is said here comes from their codes only.
 */
import {
  Composer,
  isAlias,
  isNode,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type Document,
  type DocumentOptions,
  type ErrorCode,
  type ParseOptions,
  type SchemaOptions,
  type YAMLError,
} from 'yaml';

/** Levels of nesting; real manifests need about thirty, custom resource definitions the most. */
export const MAX_DEPTH = 200;
/** Aliases in one document, and how often the library may unfold them: more is a YAML bomb. */
export const MAX_ALIASES = 1000;

/** Lines and columns count from 1. */
export interface YamlProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface YamlDocument {
  readonly document: Document.Parsed;
  /** Where its content begins. */
  readonly line: number;
  /** The first thing that is wrong with it, or null. */
  readonly problem: YamlProblem | null;
}

type Token = Parameters<Composer['next']>[0];
export type YamlOptions = ParseOptions & DocumentOptions & SchemaOptions;

/** Every document of a text, in order. Never throws. `uniqueKeys` is off: the library compares every pair of keys. */
export function readYaml(text: string, options: YamlOptions = {}): readonly YamlDocument[] {
  const lines = new LineCounter();
  const { tokens, tooDeepAt } = shallowTokens(text, lines);
  const composer = new Composer({ uniqueKeys: false, ...options, prettyErrors: false, logLevel: 'error' });
  if (tooDeepAt !== null) {
    const [document] = composer.compose([], true);
    const message = `it is nested more than ${MAX_DEPTH} levels deep`;
    return document === undefined
      ? []
      : [{ document: document as Document.Parsed, line: 1, problem: { ...at(lines, tooDeepAt), message } }];
  }
  return [...composer.compose(tokens, false, text.length)].map((composed) => {
    const document = composed as Document.Parsed;
    const { line } = at(lines, document.contents?.range[0] ?? document.range[0]);
    return { document, line, problem: problemOf(document, lines) };
  });
}

function shallowTokens(text: string, lines: LineCounter): { tokens: readonly Token[]; tooDeepAt: number | null } {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return { tokens: [], tooDeepAt: parser.offset };
  }
  return { tokens: [...tokens, ...parser.end()], tooDeepAt: null };
}

function at(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function problemOf(document: Document.Parsed, lines: LineCounter): YamlProblem | null {
  const error: YAMLError | undefined = document.errors[0];
  if (error !== undefined) return { ...at(lines, error.pos[0]), message: WORDS[error.code] };
  const alias = aliasProblem(document);
  return alias === null ? null : { ...at(lines, alias.offset), message: alias.message };
}

/** Aliases that stand for nothing or for what they are part of. In the order of the text, so that an anchor is known before its aliases. */
function aliasProblem(document: Document.Parsed): { readonly offset: number; readonly message: string } | null {
  const anchors = new Set<string>();
  let count = 0;
  let found: { offset: number; message: string } | null = null;
  visit(document, (_key, node, ancestors) => {
    if (!isNode(node)) return undefined;
    if (!isAlias(node)) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
      return undefined;
    }
    count += 1;
    const inside = ancestors.some(
      (ancestor) => isNode(ancestor) && !isAlias(ancestor) && ancestor.anchor === node.source,
    );
    const message = !anchors.has(node.source)
      ? 'an alias (*name) stands for nothing: no anchor (&name) before it has its name'
      : inside
        ? 'an alias (*name) stands for what it is itself a part of'
        : count > MAX_ALIASES
          ? `there are more than ${MAX_ALIASES} aliases (*name)`
          : null;
    if (message === null) return undefined;
    found = { offset: node.range?.[0] ?? 0, message };
    return visit.BREAK;
  });
  return found;
}

/** Each says what stands there and how it would be right, without quoting the text. */
const WORDS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (*name) has an anchor or a tag of its own',
  BAD_ALIAS: 'an alias (*name) has a name that YAML does not allow',
  BAD_COLLECTION_TYPE: 'a tag and the value it stands before do not fit',
  BAD_DIRECTIVE: 'a line that starts with % is no directive YAML knows',
  BAD_DQ_ESCAPE: 'a double-quoted text has a \\ that begins no escape: write \\\\ or use single quotes',
  BAD_INDENT: 'the indentation fits no line above it',
  BAD_PROP_ORDER: 'an anchor (&name) or tag stands at the wrong place',
  BAD_SCALAR_START: 'a value starts with a character that needs quotes around it (@, ` or %)',
  BLOCK_AS_IMPLICIT_KEY: 'a second “key:” stands on one line: put the value in quotes or on a line of its own',
  BLOCK_IN_FLOW: 'an indented list or map stands inside [ ] or { }',
  DUPLICATE_KEY: 'a key stands twice in one map',
  IMPOSSIBLE: 'it can’t be read as YAML',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'something is not closed or not ended: a quote, a bracket or the “:” after a key',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines',
  MULTIPLE_ANCHORS: 'a value has two anchors (&name)',
  MULTIPLE_DOCS: 'there is more than one document',
  MULTIPLE_TAGS: 'a value has two tags',
  NON_STRING_KEY: 'a key is not a text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab is used as indentation: use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) is unknown or does not fit its value',
  UNEXPECTED_TOKEN: 'something stands where YAML expects nothing more: is a quote, a comma or a line break missing?',
};
