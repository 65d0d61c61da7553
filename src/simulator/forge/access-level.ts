/**
 * What somebody may do in a repository, in the forge-neutral words both dialects translate.
 * GitHub: none, read, triage, write, maintain, admin. GitLab: none, reporter (read and triage), developer (write),
 * maintainer (maintain), owner (admin).
 */
export const accessLevels = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** True when `level` is at least `needed`. */
export function atLeast(level: AccessLevel, needed: AccessLevel): boolean {
  return accessLevels.indexOf(level) >= accessLevels.indexOf(needed);
}

/** The higher of two levels. */
export function higherLevel(one: AccessLevel, other: AccessLevel): AccessLevel {
  return atLeast(one, other) ? one : other;
}
