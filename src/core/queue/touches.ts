/** What a change touches, to tell whether two changes can meet. What is not known meets everything. */
import { touches as closureTouches, type Closure } from '../plan/dependencies/closure.js';

export type Touches =
  | {
      readonly kind: 'known';
      /** Keys of the targets that it changes. */
      readonly targets: readonly string[];
      /** Every file that it changes. */
      readonly files: readonly string[];
      /** What its targets are made of. */
      readonly reads: readonly Closure[];
    }
  /** Not planned yet, or a change of the rules themselves. */
  | { readonly kind: 'everything' };

/** True if one of the two can make a difference to what the other does, in whatever order they are merged. */
export function overlap(a: Touches, b: Touches): boolean {
  if (a.kind === 'everything' || b.kind === 'everything') return true;
  const targets = new Set(a.targets);
  return b.targets.some((target) => targets.has(target)) || movedUnder(a, b.files) || movedUnder(b, a.files);
}

/** True if a change of these files can make a difference to what was seen of the touched. */
export function movedUnder(touched: Touches, files: readonly string[]): boolean {
  if (files.length === 0) return false;
  if (touched.kind === 'everything') return true;
  const own = new Set(touched.files);
  return files.some(
    (file) => own.has(file) || isRule(file) || touched.reads.some((closure) => closureTouches(closure, file)),
  );
}

/** Files that say what is allowed, and how anything is planned: they meet everything. */
export function isRule(file: string): boolean {
  return /^(\.lockkeeper(\.yaml$|\/)|(\.github\/|\.gitlab\/|docs\/)?CODEOWNERS$)/.test(file);
}
