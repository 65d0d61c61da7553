/** A Secret whose values everyone who reads the repository can read. */
import type { DangerRule } from './resource-step.js';

/** Where its values came or changed; one that only lost a label has been there before. */
export const secretRule: DangerRule = ({ before, after, differences }) => {
  if (after?.secrecy !== 'plain') return [];
  const changed =
    before === null ||
    before.secrecy !== 'plain' ||
    differences.some(({ kind, path }) => kind === 'value' && /^(\.$|data|stringData)/.test(path));
  return changed ? [{ kind: 'plain-secret', path: null }] : [];
};
