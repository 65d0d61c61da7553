/**
 * Every glob of `.lockkeeper.yaml`, over paths and other names with slashes: `*` and `?` stay between slashes, `**` as a whole name crosses
 * them, `[a-z]`, `{a,b}`. A leading dot is nothing special.
 *
 * A thousand rules may each look at thousands of files, and both are written by others: matching takes time in proportion to glob times
 * path, and paths that lack what a glob holds literally are ruled out before. Limits on globs: config/text-formats.ts.
 */
import { matchesPath, tokensOf, type PathPattern, type PatternPart } from '../codeowners/path-pattern.js';

type NameMatcher = (name: string) => boolean;

export function compileGlob(glob: string): NameMatcher {
  if (!/[*?[{]/.test(glob)) return (name) => name === glob;
  const matchers = withoutBraces(glob).map(compileOne);
  return (name) => matchers.some((matches) => matches(name));
}

/** Wildcards; the slash behind `**` may stand for no directory at all. */
const WILD = /\*+\/?|\?|\[.[^\]]*\]/;

function compileOne(text: string): NameMatcher {
  const pattern = patternOf(text);
  const literals = text.split(WILD).filter((literal) => literal !== '');
  const start = text.slice(0, WILD.exec(text)?.index ?? text.length);
  return (name) => name.startsWith(start) && holdsInOrder(name, literals) && matchesPath(pattern, name);
}

function holdsInOrder(name: string, literals: readonly string[]): boolean {
  let from = 0;
  for (const literal of literals) {
    const at = name.indexOf(literal, from);
    if (at < 0) return false;
    from = at + literal.length;
  }
  return true;
}

/** One of several. */
export function compileGlobs(globs: readonly string[]): NameMatcher {
  const matchers = globs.map(compileGlob);
  return (name) => matchers.some((matches) => matches(name));
}

function patternOf(text: string): PathPattern {
  const names = text.split('/');
  const parts = names.flatMap((name, index): readonly PatternPart[] => {
    if (name !== '**') return [tokensOf(name, 'classes')];
    return index < names.length - 1 ? ['any-directories'] : ['any-directories', [{ kind: 'many' }]];
  });
  return { text, parts, extent: 'exact' };
}

/** `a{b,c}d` → `abd`, `acd`; braces are not nested. */
function withoutBraces(glob: string): readonly string[] {
  const open = glob.indexOf('{');
  const close = glob.indexOf('}', open);
  if (open < 0 || close < 0) return [glob];
  const rest = withoutBraces(glob.slice(close + 1));
  const starts = glob
    .slice(open + 1, close)
    .split(',')
    .map((choice) => glob.slice(0, open) + choice);
  return starts.flatMap((start) => rest.map((end) => start + end));
}
