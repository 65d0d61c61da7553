/** Which rights a command needs, and for which environments. */
import type { CommandRights } from '../configuration.js';
import type { TargetName } from '../ids.js';
import type { Command, CommandRight } from './commands.js';

export interface DemandFacts {
  readonly command: Command;
  readonly rights: CommandRights;
  /** Of the pull request that it was said on; null while it is made. */
  readonly plan: {
    readonly problems: readonly unknown[];
    readonly targets: readonly { readonly target: TargetName }[];
  } | null;
}

interface DemandedRight {
  readonly right: CommandRight;
  /** Null: whichever it would change. */
  readonly environment: string | null;
}

/** All of them are needed. `/merge now` is for those of `merge`, and of them for those of `merge-now` where that is given. */
export function demandedRights(facts: DemandFacts): readonly DemandedRight[] {
  const { command, rights } = facts;
  const urgent = command.name === 'merge' && command.when === 'now' && Object.hasOwn(rights, 'merge-now');
  const needed: readonly CommandRight[] = urgent ? ['merge', 'merge-now'] : [command.name];
  return needed.flatMap((right) => environmentsOf(facts, right).map((environment) => ({ right, environment })));
}

/**
 * Those a command would change: it needs the right for each of them. Where that is not known, since there is no plan without problems, it
 * could be any: the right is then needed for each that has people of its own.
 */
function environmentsOf({ command, rights, plan }: DemandFacts, right: CommandRight): readonly (string | null)[] {
  if ('env' in command) return [command.env];
  if (plan === null || plan.problems.length > 0) {
    const given = Object.hasOwn(rights, right) ? Object.keys(rights[right] ?? {}) : [];
    return [null, ...given.filter((environment) => environment !== '*')];
  }
  const touched = [...new Set(plan.targets.map(({ target }) => target.env))];
  return touched.length === 0 ? [null] : touched;
}
