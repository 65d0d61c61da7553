/** Which commits come from which. */
import { readLooseObject } from './loose-objects.js';
import type { LooseObject } from './loose-objects.js';
import { parseCommitObject } from './parse-commit-object.js';
import type { RememberedGit } from './remembered-git.js';

export class Ancestry {
  constructor(
    private readonly directory: string,
    private readonly remembered: RememberedGit,
  ) {}

  /** The best commit that both come from; undefined when their histories never meet. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    if (await this.isNear(one, other)) return one;
    const answer = await this.remembered.answer(['merge-base', one, other], [one, other]);
    return answer.status === 0 ? answer.stdout.toString('utf8').trim() : undefined;
  }

  /** True also when they are equal. */
  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    if (ancestor === descendant || (await this.isNear(ancestor, descendant))) return true;
    const args = ['merge-base', '--is-ancestor', ancestor, descendant];
    return (await this.remembered.answer(args, [ancestor, descendant])).status === 0;
  }

  /** Among the last few first parents, which are read from their files: git takes longer to start than to answer. */
  private async isNear(ancestor: string, descendant: string): Promise<boolean> {
    let sha: string | undefined = descendant;
    for (let step = 0; step < 20 && sha !== undefined; step += 1) {
      const loose: LooseObject | undefined = readLooseObject(this.directory, sha);
      sha = loose === undefined ? undefined : parseCommitObject(sha, loose.content)?.parents[0];
      if (sha === ancestor) return true;
    }
    return false;
  }
}
