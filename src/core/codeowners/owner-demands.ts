/** Whose approval a change wants by CODEOWNERS. */
import type { CodeOwner, CodeOwners, OwnerEntry, OwnerSection } from './code-owners.js';
import { matchesPath } from './path-pattern.js';

/** One line of CODEOWNERS that decides about some of the changed files. */
interface OwnerDemand {
  /** Null: outside of sections. */
  readonly section: string | null;
  readonly demand: OwnerSection['demand'];
  /** Of CODEOWNERS, from 1. */
  readonly line: number;
  readonly pattern: string;
  readonly approvals: number;
  /** Never empty: a line without owners demands nothing. */
  readonly owners: readonly CodeOwner[];
  /** Changed files that it decides about. */
  readonly paths: readonly string[];
}

interface OwnersOfChange {
  /** In the order of the file. */
  readonly demands: readonly OwnerDemand[];
  /** Changed files that nobody owns. */
  readonly unowned: readonly string[];
}

export function ownersOfChange(codeOwners: CodeOwners, paths: readonly string[]): OwnersOfChange {
  const owned = new Set<string>();
  const demands = codeOwners.sections.flatMap((section) => demandsOf(section, paths));
  for (const demand of demands) for (const path of demand.paths) owned.add(path);
  return { demands, unowned: paths.filter((path) => !owned.has(path)) };
}

function demandsOf(section: OwnerSection, paths: readonly string[]): readonly OwnerDemand[] {
  const found = new Map<OwnerEntry, string[]>();
  const newestFirst = section.entries.toReversed();
  const excluded = section.entries.filter(({ kind }) => kind === 'excluded');
  for (const path of paths) {
    // What is left out of a section can't be taken in again, wherever that line stands.
    if (excluded.some(({ pattern }) => matchesPath(pattern, path))) continue;
    const entry = newestFirst.find(({ kind, pattern }) => kind === 'owned' && matchesPath(pattern, path));
    if (entry === undefined || entry.owners.length === 0) continue;
    const together = found.get(entry);
    if (together === undefined) found.set(entry, [path]);
    else together.push(path);
  }
  return section.entries.flatMap((entry): OwnerDemand[] => {
    const decided = found.get(entry);
    if (decided === undefined) return [];
    const { demand, approvals, name } = section;
    const { line, pattern, owners } = entry;
    return [{ section: name, demand, line, pattern: pattern.text, approvals, owners, paths: decided }];
  });
}
