/** Answers to commands: one function for each thing that can be said. Each starts with what became of the command. */
import { promotionBranch } from '../core/branch-names.js';
import type { Authorisation } from '../core/command/authorise.js';
import { spelledUsage, type Speech } from '../core/command/spelling.js';
import { COMMANDS, type CommandRight } from '../core/command/commands.js';
import type { CommandProblem } from '../core/command/parse-arguments.js';
import type { ParsedCommand } from '../core/command/parse-commands.js';
import type { ResolvedEnvironment } from '../core/environment/resolve-environment.js';
import type { Comment, PullRequest } from '../core/forge-objects.js';
import type { TargetName } from '../core/ids.js';
import type { PromotionDecision } from '../core/promotion/decide-promotion.js';
import { unreachable } from '../core/unreachable.js';
import { code, counted, cutLines, listed, oneLine, plain } from './markdown.js';
import { obstacleText } from './obstacle-text.js';
import { peopleText } from './policy-words.js';
import { gatesText } from './promotion-text.js';
import { pullRequestLink } from './pull-request-name.js';

/** Of the 65,536 characters that GitHub takes, most; the marker needs some. */
const ANSWER_LIMIT = 60_000;

/** The answers to all commands of one comment. */
export function answerBody(comment: Comment, answers: readonly string[]): string {
  const said = oneLine(
    comment.body.split('\n').find((line) => line.trim().startsWith('/') || line.trim().startsWith('@')) ?? '',
    100,
  );
  const head = `> ${code(said)} (${code(comment.author.login)})`;
  return cutLines([head, ...answers].join('\n\n'), ANSWER_LIMIT);
}

export function unknownAnswer(parsed: Extract<ParsedCommand, { kind: 'unknown' }>): string {
  const hint = parsed.suggestion === null ? '' : ` Did you mean ${code(parsed.suggestion)}?`;
  return `I don’t know ${code(parsed.text)}.${hint} \`/help\` lists the commands.`;
}

export function malformedAnswer(parsed: Extract<ParsedCommand, { kind: 'malformed' }>): string {
  return `${problemWords(parsed.problem)} It is written ${code(parsed.usage)}.`;
}

function problemWords(problem: CommandProblem): string {
  switch (problem.kind) {
    case 'environment-missing':
      return 'Which environment? It is not named.';
    case 'reason-missing':
      return 'Why? Whoever is stopped by it will ask: give a reason.';
    case 'value-missing':
      return `Nothing stands after ${code(problem.word)}.`;
    case 'not-a-time':
      return `${code(problem.word)} is no time: write a span such as \`2h\` or \`3d\`, a day such as \`2026-12-24\` (its first moment, in UTC) or a moment such as \`2026-12-24T09:30+01:00\`.`;
    case 'too-many-words':
      return `I don’t know what to do with ${code(problem.word)}.`;
    case 'not-a-name':
      return `${code(problem.word)} can’t be a name.`;
    default:
      return unreachable(problem);
  }
}

export function tooManyAnswer(parsed: Extract<ParsedCommand, { kind: 'too-many' }>): string {
  return `Only the first ${parsed.limit} commands of a comment are run; ${counted(parsed.more, 'further one was', 'further ones were')} not.`;
}

export function brokenConfigurationAnswer(branch: string): string {
  return `Nothing was done: the configuration on ${code(branch)} is broken, and until it is mended nobody can tell what is allowed. The check \`lockkeeper/plan\` of open pull requests names every problem.`;
}

export function editedAnswer(): string {
  return 'Refused: this comment was edited before I read it, and only what was written first counts. Write the command in a new comment.';
}

/** Why somebody may not, and who may. */
export function refusedAnswer(
  right: CommandRight,
  environment: string | null,
  refusal: Extract<Authorisation, { kind: 'refused' }>,
): string {
  const name = `\`/${right.replace('-', ' ')}\``;
  const what = environment === null ? name : `${name} for ${plain(environment)}`;
  return `Refused: ${refusalText(refusal.because)} ${what} is for ${peopleText(refusal.whoIs)}.`;
}

function refusalText(because: Extract<Authorisation, { kind: 'refused' }>['because']): string {
  switch (because.kind) {
    case 'not-among':
      return 'you are not among those who may.';
    case 'no-access':
      return 'you have no access to this repository.';
    case 'permission-unknown':
      return 'your permission could not be read just now. Ask again in a few minutes.';
    case 'team-unknown':
      return `the members of ${code(because.team)} could not be read: does the team exist, and may the bot see it?`;
    default:
      return unreachable(because);
  }
}

export function helpAnswer(speech: Speech): string {
  const rows = COMMANDS.map((command) => `| ${code(spelledUsage(command.name, speech))} | ${command.explanation} |`);
  return `| command | what it does |\n| --- | --- |\n${rows.join('\n')}\n\nA command stands on a line of its own. Words in brackets may be left out.`;
}

export function planAnswer(kind: 'again' | 'fork' | 'stands'): string {
  switch (kind) {
    case 'again':
      return 'The plan is being made anew.';
    case 'fork':
      return 'This commit of the fork is being rendered; a new push needs a new `/plan`.';
    case 'stands':
      return 'The plan above holds: neither this pull request nor its target branch has moved since it was made.';
    default:
      return unreachable(kind);
  }
}

/** The forge's own refusal of what the bot tried. */
export function forbiddenAnswer(reason: string): string {
  return `Not done, the forge does not let me: ${plain(oneLine(reason, 500))}`;
}

/** Promotions go into the default branch, by its configuration; this pull request aims elsewhere. */
export function otherBranchAnswer(defaultBranch: string): string {
  return `Refused: promotions, rollbacks and freezes are for ${code(defaultBranch)}, so ask on a pull request that aims there.`;
}

/** Who said `/plan` may have looked at an earlier commit than the one that stands there now. */
export function forkMovedAnswer(head: string): string {
  return `Refused: ${code(head.slice(0, 7))} of the fork was pushed only just now. Look at it, then write \`/plan\` again.`;
}

export function notOpenAnswer(pullRequest: PullRequest): string {
  return `Nothing to do: this is ${pullRequest.state} already.`;
}

export function unknownEnvironmentAnswer(unknown: Extract<ResolvedEnvironment, { kind: 'unknown' }>): string {
  const hint = unknown.suggestion === null ? '' : ` Did you mean ${code(unknown.suggestion)}?`;
  return `There is no environment ${code(unknown.typed)}.${hint} There are ${listed(unknown.known.map(code))}.`;
}

export function firstEnvironmentAnswer(name: string): string {
  return `Nothing is promoted into ${code(name)}: it comes after no other environment.`;
}

export function noApplicationAnswer(environment: string): string {
  return `This pull request touches no application, so say which one: ${code(`/promote ${environment} APP`)}.`;
}

export function unknownApplicationAnswer(app: string, known: readonly string[]): string {
  return `There is no application ${code(app)} to promote there; there are ${known.length === 0 ? 'none' : listed(known.map(code))}.`;
}

export interface PromotionAnswer {
  readonly destination: TargetName;
  readonly decision: PromotionDecision;
  readonly pullRequest: PullRequest | null;
}

export function promotionAnswer({ destination, decision, pullRequest }: PromotionAnswer): string {
  const what = `${plain(destination.app)} to ${plain(destination.env)}`;
  const where = pullRequest === null ? '' : pullRequestLink(pullRequest);
  switch (decision.kind) {
    case 'open':
      return pullRequest === null
        ? `${what}: people have pushed to ${code(promotionBranch(destination))}, so it is left alone; delete that branch and ask again.`
        : `${what}: opened ${where}.`;
    case 'update':
      return `${what}: brought ${where} up to date.`;
    case 'keep':
      return keptText(what, where, decision.why);
    case 'nothing-to-carry':
    case 'close':
      return `${what}: nothing to do, ${plain(destination.env)} holds the same already.`;
    case 'impossible':
      return `${what}: not possible, ${plain(obstacleText(decision.why))}.`;
    case 'wait-for-gates':
      return `${what}: not yet. It waits for:\n\n${gatesText(decision.gates)}`;
    case 'ended':
      return `${what}: ${pullRequestLink(decision.pullRequest)} carried the same and was ${decision.pullRequest.state}, so it is not opened again by itself: \`/promote ${plain(destination.env)}\` does, and so does whatever is newer.`;
    case 'wait-for-command':
      return `${what}: waits for \`/promote ${plain(destination.env)}\`.`;
    default:
      return unreachable(decision);
  }
}

function keptText(what: string, where: string, why: 'current' | 'newer-waits-for-gates' | 'touched-by-people'): string {
  const words = {
    current: `${where} carries it already.`,
    'newer-waits-for-gates': `${where} is open; what is newer still waits for its gates.`,
    'touched-by-people': `${where} is open and people have pushed to it, so it is left alone.`,
  } as const;
  return `${what}: ${words[why]}`;
}
