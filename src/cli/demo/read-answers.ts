/** The bot's comments as a person reads them. */
import type { SeenComment, SeenPullRequest } from './control-api.js';

interface SeenAnswer {
  readonly id: number;
  /** The command it answers, as it was written. */
  readonly command: string;
  readonly by: string;
  /** In one line, without Markdown's marks. */
  readonly text: string;
  readonly outcome: 'refused' | 'accepted';
}

const HIDDEN = /^<!--[^]*?-->\s*/;
const ANSWER = /^> (`+)\s?(?<command>[^\n]*?)\s?\1 \((`+)\s?(?<by>[^\n]*?)\s?\3\)\n+(?<text>[^]*)$/;

/** Answers to commands on a pull request that the bot opened, oldest first. */
export function answersOn(pullRequest: SeenPullRequest): readonly SeenAnswer[] {
  return botComments(pullRequest).flatMap((comment) => {
    const { command, by, text } = ANSWER.exec(comment.body.replace(HIDDEN, ''))?.groups ?? {};
    if (command === undefined || by === undefined || text === undefined) return [];
    const refusal = /^Refused(?::|, because:)\s*/.exec(text);
    const words = readable(text.slice(refusal?.[0].length ?? 0));
    return [{ id: comment.id, command, by, text: words, outcome: refusal === null ? 'accepted' : 'refused' }];
  });
}

function readable(markdown: string): string {
  const text = markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*\u200b]/g, '')
    .replace(/\\([^\w\s])/g, '$1');
  return text
    .trim()
    .split(/\s*\n+\s*/)
    .join(' ');
}

/** The comment with the plan, once it holds one. */
export function planComment(pullRequest: SeenPullRequest): SeenComment | null {
  return botComments(pullRequest).find(({ body }) => body.includes('### Plan')) ?? null;
}

function botComments(pullRequest: SeenPullRequest): readonly SeenComment[] {
  return pullRequest.comments.filter(({ author }) => author === pullRequest.author.login);
}
