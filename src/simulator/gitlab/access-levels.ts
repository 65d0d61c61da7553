/** GitLab's numbers for access levels (https://docs.gitlab.com/api/access_requests/#valid-access-levels). */

import type { AccessLevel } from '../forge/access-level.js';

const NUMBERS: Readonly<Record<AccessLevel, number>> = {
  none: 0,
  read: 20,
  triage: 20,
  write: 30,
  maintain: 40,
  admin: 50,
};

const DESCRIPTIONS: ReadonlyMap<number, string> = new Map([
  [0, 'No one'],
  [20, 'Reporters'],
  [30, 'Developers + Maintainers'],
  [40, 'Maintainers'],
  [50, 'Owners'],
]);

export function accessLevelNumber(level: AccessLevel | 'nobody'): number {
  return level === 'nobody' ? 0 : NUMBERS[level];
}

/** The words protected branches use for a level. */
export function accessLevelDescription(level: number): string {
  return DESCRIPTIONS.get(level) ?? 'No one';
}
