/**
 * Patterns of CODEOWNERS. Matching takes time in proportion to pattern times path, whatever is written: at each level only the last star
 * is ever tried again, which is enough, since what the earlier ones took could only have been less.
 */

export interface PathPattern {
  /** As written. */
  readonly text: string;
  readonly parts: readonly PatternPart[];
  /** `below`: what matches as a directory owns everything in it. */
  readonly extent: 'exact' | 'below';
}

/** `any-directories`: none, one or more of them. */
export type PatternPart = 'any-directories' | readonly PatternToken[];

type PatternToken =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | { readonly kind: 'class'; readonly negated: 'yes' | 'no'; readonly ranges: readonly (readonly [string, string])[] };

const ANY_NAME: PatternPart = [{ kind: 'many' }];

/**
 * As gitignore has it, save that `docs/*` does not reach below its directory: https://docs.github.com/articles/about-code-owners.
 * `text` holds no escaped spaces any more.
 */
export function githubPattern(text: string): PathPattern {
  const anchored = text.slice(0, -1).includes('/');
  const names = text.split('/').filter((name) => name !== '');
  const parts = names.map((name): PatternPart => (name === '**' ? 'any-directories' : tokensOf(name, 'no-classes')));
  const start: readonly PatternPart[] = anchored ? parts : ['any-directories', ...parts];
  const last = names.at(-1);
  if (text.endsWith('/')) return { text, parts: [...start, 'any-directories', ANY_NAME], extent: 'exact' };
  if (last === '**') return { text, parts: [...start, ANY_NAME], extent: 'exact' };
  return { text, parts: start, extent: last === '*' ? 'exact' : 'below' };
}

/** Ruby's `File.fnmatch` with FNM_PATHNAME and FNM_DOTMATCH, on what GitLab makes of it: relative ones anywhere, `dir/` all below. */
export function gitlabPattern(text: string): PathPattern {
  const anywhere = text.startsWith('/') ? text : `/**/${text}`;
  const whole = anywhere.endsWith('/') ? `${anywhere}**/*` : anywhere;
  const names = whole.split('/').slice(1);
  const parts = names.map((name, index): PatternPart =>
    // `**` leads through directories only where a slash follows it.
    name === '**' && index < names.length - 1 ? 'any-directories' : tokensOf(name, 'classes'),
  );
  return { text, parts, extent: 'exact' };
}

/** `path` from the top of the repository, without a slash before it. */
export function matchesPath({ parts, extent }: PathPattern, path: string): boolean {
  const names = path.split('/');
  return matchesSequence(parts, names, {
    isMany: (part) => part === 'any-directories',
    matchesOne: (part, name) => part !== 'any-directories' && matchesName(part, name),
    extent,
  });
}

function matchesName(tokens: readonly PatternToken[], name: string): boolean {
  return matchesSequence(tokens, [...name], {
    isMany: (token) => token.kind === 'many',
    matchesOne: matchesCharacter,
    extent: 'exact',
  });
}

interface SequenceRules<P, T> {
  isMany(part: P): boolean;
  matchesOne(part: P, item: T): boolean;
  readonly extent: PathPattern['extent'];
}

function matchesSequence<P, T>(parts: readonly P[], items: readonly T[], rules: SequenceRules<P, T>): boolean {
  let at = 0;
  let of = 0;
  let again: { part: number; item: number } | null = null;
  for (;;) {
    const part = parts[of];
    const item = items[at];
    if (part === undefined && (rules.extent === 'below' || item === undefined)) return true;
    if (part !== undefined && rules.isMany(part)) {
      again = { part: of + 1, item: at };
      of += 1;
    } else if (part !== undefined && item !== undefined && rules.matchesOne(part, item)) {
      at += 1;
      of += 1;
    } else if (again !== null && again.item < items.length) {
      again = { part: again.part, item: again.item + 1 };
      at = again.item;
      of = again.part;
    } else {
      return false;
    }
  }
}

function matchesCharacter(token: PatternToken, character: string): boolean {
  switch (token.kind) {
    case 'character':
      return token.character === character;
    case 'one':
      return true;
    case 'many':
      return false;
    case 'class':
      return token.ranges.some(([from, to]) => from <= character && character <= to) === (token.negated === 'no');
  }
}

/** The tokens of one name between slashes. */
export function tokensOf(name: string, classes: 'classes' | 'no-classes'): readonly PatternToken[] {
  const characters = [...name];
  const tokens: PatternToken[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const bracket = classes === 'classes' ? readClass(characters, at) : null;
    const { token, end } = bracket ?? readToken(characters, at);
    at = end;
    // Two stars are one: within a name they mean no more.
    if (token.kind !== 'many' || tokens.at(-1)?.kind !== 'many') tokens.push(token);
  }
  return tokens;
}

/** `end`: the last character that belongs to it. */
interface TokenRead {
  readonly token: PatternToken;
  readonly end: number;
}

function readToken(characters: readonly string[], at: number): TokenRead {
  const character = characters[at] ?? '';
  if (character === '*') return { token: { kind: 'many' }, end: at };
  if (character === '?') return { token: { kind: 'one' }, end: at };
  const end = character === '\\' && at + 1 < characters.length ? at + 1 : at;
  return { token: { kind: 'character', character: characters[end] ?? '' }, end };
}

/** `[a-z]` and `[^a-z]`; null where none opens here, or no bracket closes it. */
function readClass(characters: readonly string[], open: number): TokenRead | null {
  if (characters[open] !== '[') return null;
  const end = characters.indexOf(']', open + 2);
  if (end === -1) return null;
  const negated = characters[open + 1] === '^' || characters[open + 1] === '!';
  const inside = characters.slice(open + (negated ? 2 : 1), end);
  const ranges: [string, string][] = [];
  for (let at = 0; at < inside.length; at += 1) {
    const from = inside[at] ?? '';
    const to = inside[at + 1] === '-' ? inside[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return { token: { kind: 'class', negated: negated ? 'yes' : 'no', ranges }, end };
}
