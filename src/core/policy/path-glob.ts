/**
 * Globs of the policy over paths and other names with slashes: `*` and `?` stay between slashes, `**` as a whole name crosses them,
 * `[a-z]`, `{a,b}`. A leading dot is nothing special.
 *
 * A thousand rules may each look at thousands of files, and both are written by others: matching takes time in proportion to glob times
 * path, and what a glob literally begins and ends with rules most paths out at once. Limits on globs: config/text-formats.ts.
 */
import { matchesPath, tokensOf, type PathPattern, type PatternPart } from '../codeowners/path-pattern.js';

export type NameMatcher = (name: string) => boolean;

export function compileGlob(glob: string): NameMatcher {
  const special = /[*?[{]/.exec(glob);
  if (special === null) return (name) => name === glob;
  const start = glob.slice(0, special.index);
  const end = /[^*?\]}]*$/.exec(glob)?.[0] ?? '';
  // The slash behind `**` may stand for no directory at all.
  const sureEnd = end.startsWith('/') ? end.slice(1) : end;
  const patterns = withoutBraces(glob).map(patternOf);
  return (name) =>
    name.startsWith(start) && name.endsWith(sureEnd) && patterns.some((pattern) => matchesPath(pattern, name));
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
