/** Answers of git that can't change, because everything they depend on is named by its full SHA, asked for once. */
import type { GitAnswer } from './run-git.js';
import { runGit } from './run-git.js';

/** Answers kept for each repository; the oldest go first. */
const capacity = 2000;

export class RememberedGit {
  private readonly answers = new Map<string, Promise<GitAnswer>>();

  constructor(private readonly directory: string) {}

  /** `revisions`: what the answer depends on. Statuses other than 0 and 1 are failures, which are not remembered. */
  answer(args: readonly string[], revisions: readonly string[]): Promise<GitAnswer> {
    if (!revisions.every((one) => /^[0-9a-f]{40}(:|$)/.test(one))) return this.run(args);
    const key = args.join('\0');
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const asked = this.run(args).then((answer) => {
      if (answer.status !== 0 && answer.status !== 1) this.answers.delete(key);
      return answer;
    });
    this.answers.set(key, asked);
    const [oldest] = this.answers.keys();
    if (this.answers.size > capacity && oldest !== undefined) this.answers.delete(oldest);
    return asked;
  }

  /** What git answers, or throws. */
  async read(args: readonly string[], revisions: readonly string[]): Promise<Buffer> {
    const answer = await this.answer(args, revisions);
    if (answer.status === 0) return answer.stdout;
    throw new Error(`git ${args.join(' ')} ended with ${answer.status}: ${answer.stderr.trim()}`);
  }

  private run(args: readonly string[]): Promise<GitAnswer> {
    return runGit({ directory: this.directory, arguments: args });
  }
}
