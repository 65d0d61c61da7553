/** I1 for GitHub's own merge queue: no group of it is called fit for merging unless all that is in it may be merged. */
import type { ForgeEvent } from '../../../src/simulator/forge/events.js';
import { REPOSITORY } from '../ground.js';
import type { World } from '../world/world.js';
import { checksOf, type Facts } from './forge-facts.js';
import { objections, type MergeCase } from './oracle.js';
import type { Accuse } from './violation.js';

type GroupEvent = Extract<ForgeEvent, { kind: 'merge-group' }>;

const OWN_CHECKS = ['lockkeeper/plan', 'lockkeeper/policy', 'lockkeeper/queue'];

interface Group {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  /** What the bot was last seen to say of it. */
  said: 'fit' | 'not fit';
}

export interface GroupEvidence {
  /** Each moment since the bot's task began. */
  readonly seen: readonly Facts[];
  readonly known: Pick<MergeCase, 'contexts' | 'spoken' | 'peoplesCommits'>;
  readonly accuse: Accuse;
}

export class GroupChecks {
  /** By branch. */
  readonly #groups = new Map<string, Group>();

  constructor(private readonly world: World) {}

  happened({ action, group }: GroupEvent): void {
    const { branch, headSha: head, baseSha: base } = group;
    if (action === 'destroyed') this.#groups.delete(branch);
    else this.#groups.set(branch, { number: Number(/\/pr-(\d+)-/.exec(branch)?.[1]), head, base, said: 'not fit' });
  }

  /** After a request of the bot's. */
  async check(evidence: GroupEvidence): Promise<void> {
    for (const [branch, group] of this.#groups) {
      const said = this.#isCalledFit(group.head) ? 'fit' : 'not fit';
      if (said === 'fit' && group.said === 'not fit') await this.#judge(branch, evidence);
      group.said = said;
    }
  }

  #isCalledFit(head: string): boolean {
    const checks = checksOf(this.world, head);
    return OWN_CHECKS.every((name) => checks.some((check) => check.name === name && check.state === 'success'));
  }

  /** It and all that it stands on. */
  async #judge(branch: string, { seen, known, accuse }: GroupEvidence): Promise<void> {
    for (const { number, base } of this.#partsOf(branch)) {
      let found: readonly string[] = ['nobody looked'];
      for (const facts of seen.toReversed()) {
        const head = facts.pullRequests.get(`${REPOSITORY}#${number}`)?.headSha ?? '';
        if (found.length > 0) found = await objections(this.world, facts, { number, head, tip: base, ...known });
      }
      for (const words of found) accuse('I1', `${branch} was called fit for merging, and of #${number} ${words}`);
    }
  }

  #partsOf(branch: string): readonly Group[] {
    const all = [...this.#groups.values()];
    const parts: Group[] = [];
    for (let at = this.#groups.get(branch); at !== undefined;) {
      const { base } = at;
      parts.push(at);
      at = all.find(({ head }) => head === base);
    }
    return parts;
  }
}
