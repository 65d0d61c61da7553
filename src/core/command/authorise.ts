/** May this person run this command? What is not known means no, and the refusal says who may. */
import { EVERYONE_WITH_WRITE, type CommandRights } from '../configuration.js';
import type { PeopleRule } from '../people-rule.js';
import { findAmong, type Among, type AmongBy, type PersonFacts } from '../policy/among-people.js';
import type { CommandRight } from './commands.js';

interface CommandRequest {
  readonly command: CommandRight;
  /** The environment it would change, or null. Rights for every environment (`*`) hold where the named one has none of its own. */
  readonly environment: string | null;
  readonly rights: CommandRights;
  /** `teams`: asked for those of {@link peopleFor}. */
  readonly person: PersonFacts;
}

export type Authorisation =
  | { readonly kind: 'allowed'; readonly because: AmongBy }
  | {
      readonly kind: 'refused';
      readonly because: Exclude<Among, { kind: 'among' }>;
      /** Who may. */
      readonly whoIs: PeopleRule;
    };

export function authorise(request: CommandRequest): Authorisation {
  const whoIs = peopleFor(request.rights, request.command, request.environment);
  const among = findAmong(request.person, whoIs);
  return among.kind === 'among' ? { kind: 'allowed', because: among.by } : { kind: 'refused', because: among, whoIs };
}

/** Whose the right is: by environment, else for every one, else everyone with write permission. */
export function peopleFor(rights: CommandRights, command: CommandRight, environment: string | null): PeopleRule {
  const byEnvironment = own(rights, command) ?? {};
  const named = environment === null ? null : own(byEnvironment, environment);
  return named ?? own(byEnvironment, '*') ?? EVERYONE_WITH_WRITE;
}

/** Environments are named by people: `constructor` must not be found on every object. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}
