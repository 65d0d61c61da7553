/** A release as a list of steps: what somebody does, and how one sees that it has happened. */
import { spelled } from '../../core/command/spelling.js';
import { demoBot } from '../../simulator/demo-seed.js';
import { bumpBranch, promotionBranch } from '../../core/branch-names.js';
import { answersOn, planComment } from './read-answers.js';
import type { SeenPullRequest } from './control-api.js';
import { commentUrl, type PlayGround } from './play-ground.js';
import type { ReleaseEvent, Shown } from './release-events.js';
import type { ReleaseScript, Stage } from './release-script.js';
import { versionOf } from './versions.js';

export type Look =
  | { readonly kind: 'not-yet'; readonly because: string }
  | { readonly kind: 'happened'; readonly events: readonly ReleaseEvent[] }
  | { readonly kind: 'impossible'; readonly reason: string };

export interface ReleaseStep {
  /** What is to happen: a clause that goes after "The step that failed:". */
  readonly name: string;
  /** Done once, before the first look. */
  readonly act?: () => Promise<void>;
  /** Repeated until it has happened; changes nothing that repeating would change again. */
  readonly look: () => Promise<Look>;
}

export function releaseSteps(ground: PlayGround, script: ReleaseScript): readonly ReleaseStep[] {
  return script.stages.flatMap((stage, index) => {
    const at: StageGround = { ground, script, stage, before: script.stages[index - 1] ?? null };
    const last = index === script.stages.length - 1;
    return [
      ...openingSteps(at),
      planTold(at),
      ciOnPullRequest(at),
      approvals(at),
      ...mergeSteps(at),
      ...(last ? [] : [ciOnBranch(at)]),
    ];
  });
}

interface StageGround {
  readonly ground: PlayGround;
  readonly script: ReleaseScript;
  readonly stage: Stage;
  readonly before: Stage | null;
}

/** The branch the bot proposes a stage from. */
export function branchOf(script: Pick<ReleaseScript, 'app'>, stage: Stage): string {
  return stage.opening.kind === 'bump'
    ? bumpBranch(stage.environment)
    : promotionBranch({ app: script.app, env: stage.environment });
}

function openingSteps(at: StageGround): readonly ReleaseStep[] {
  const { opening } = at.stage;
  if (opening.kind === 'bump') return [bumpRequested(at), opened(at)];
  if (opening.kind === 'by-itself') return [opened(at)];
  const refused =
    opening.refused === null ? [] : [command(at, 'promote', { by: opening.refused, expected: 'refused' })];
  return [...refused, command(at, 'promote', { by: opening.by, expected: 'accepted' }), opened(at)];
}

function mergeSteps(at: StageGround): readonly ReleaseStep[] {
  const { merging } = at.stage;
  return merging.kind === 'by-itself'
    ? [merged(at)]
    : [command(at, 'merge', { by: merging.by, expected: 'accepted' }), merged(at)];
}

function bumpRequested({ ground, script, stage }: StageGround): ReleaseStep {
  const { image, to: tag } = script;
  return {
    name: `the bot accepts the request for ${image}:${tag}`,
    look: async () => {
      const accepted = await ground.bot.requestBump();
      if (accepted.kind !== 'accepted') return accepted;
      const url = accepted.url;
      return {
        kind: 'happened',
        events: [{ event: 'bump-requested', image, tag, environment: stage.environment, url }],
      };
    },
  };
}

function opened(at: StageGround): ReleaseStep {
  const { ground, script, stage } = at;
  const kind = stage.opening.kind === 'bump' ? 'bump' : 'promotion';
  return {
    name: `the pull request that brings ${script.app} ${script.to} to ${stage.environment} opens`,
    look: async () => {
      const pull = await pullRequestOf(at);
      if (pull === null && kind === 'bump') await ground.bot.repeatForgottenBump();
      if (pull === null) return notYet(`no pull request comes from ${branchOf(script, stage)}`);
      const by = pull.author.login;
      const event = {
        event: 'pull-request-opened',
        kind,
        environment: stage.environment,
        by,
        pullRequest: shown(pull),
      } as const;
      return { kind: 'happened', events: [event] };
    },
  };
}

function planTold(at: StageGround): ReleaseStep {
  return onPullRequest(at, 'the bot comments the plan and reports its checks', async (pull) => {
    const comment = planComment(pull);
    const stateOf = (name: string) => pull.checks.find((check) => check.name === name)?.state ?? null;
    const [plan, policy] = [stateOf('lockkeeper/plan'), stateOf('lockkeeper/policy')];
    if (comment === null || plan === null || policy === null) return notYet('the comment or a check is not there');
    if (plan !== 'success') return notYet(`lockkeeper/plan is ${plan}`);
    const url = commentUrl(at.ground, pull, comment.id);
    return { kind: 'happened', events: [{ event: 'plan-told', pullRequest: shown(pull), plan, policy, url }] };
  });
}

function ciOnPullRequest(at: StageGround): ReleaseStep {
  const { checks } = at.script;
  return onPullRequest(at, 'CI turns green on the pull request', async (pull) => {
    await at.ground.control.reportGreen(pull.head.sha, checks);
    return { kind: 'happened', events: [{ event: 'ci-green', checks, on: 'pull-request', pullRequest: shown(pull) }] };
  });
}

function ciOnBranch({ ground, script }: StageGround): ReleaseStep {
  const { branch, checks } = script;
  return {
    name: `CI turns green on ${branch}`,
    look: async () => {
      const sha = await ground.control.headOf(branch);
      await ground.control.reportGreen(sha, checks);
      return { kind: 'happened', events: [{ event: 'ci-green', checks, on: 'branch', branch, sha }] };
    },
  };
}

/** Nobody approves what the policy lets pass alone. */
function approvals(at: StageGround): ReleaseStep {
  const { approvers } = at.stage;
  return onPullRequest(at, `people approve (${approvers.join(', ')})`, async (pull) => {
    const policy = pull.checks.find(({ name }) => name === 'lockkeeper/policy')?.state;
    if (pull.state !== 'open' || policy === 'success') return { kind: 'happened', events: [] };
    for (const by of approvers) await at.ground.control.approve(by, pull.number);
    const events = approvers.map((by) => ({ event: 'approved', by, pullRequest: shown(pull) }) as const);
    return { kind: 'happened', events };
  });
}

interface CommandPart {
  readonly by: string;
  readonly expected: 'refused' | 'accepted';
}

/** `/promote` is written on the pull request that brought the version so far; `/merge` on the one to be merged. */
function command(at: StageGround, name: 'promote' | 'merge', { by, expected }: CommandPart): ReleaseStep {
  const { ground, stage, before } = at;
  const place = name === 'promote' && before !== null ? { ...at, stage: before } : at;
  const merge = spelled('merge', { forge: ground.forge, bot: demoBot });
  const words = name === 'promote' ? `/promote ${stage.environment}` : merge;
  const verb = expected === 'refused' ? 'refused' : 'answered';
  let answersBefore = 0;
  return {
    name: `${words} by ${by} is ${verb}`,
    act: async () => {
      const pull = await pullRequestOf(place);
      if (pull === null) return;
      answersBefore = answersOn(pull).length;
      const id = await ground.control.comment(by, pull.number, words);
      await ground.narrate({ event: 'command', command: words, by, url: commentUrl(ground, pull, id) });
    },
    look: async () => {
      const pull = await pullRequestOf(place);
      const answer =
        pull === null
          ? undefined
          : answersOn(pull)
              .slice(answersBefore)
              .find((each) => each.by === by && each.command === words);
      if (pull === null || answer === undefined) return notYet('the command has no answer');
      const told = { command: words, by, url: commentUrl(ground, pull, answer.id) };
      if (answer.outcome !== expected)
        return { kind: 'impossible', reason: `The bot’s answer to ${by}’s ${words} was: ${answer.text}` };
      return {
        kind: 'happened',
        events: [
          expected === 'refused'
            ? { event: 'refused', reason: answer.text, ...told }
            : { event: 'answered', answer: answer.text, ...told },
        ],
      };
    },
  };
}

function merged(at: StageGround): ReleaseStep {
  const { ground, script, stage } = at;
  const { app, image } = script;
  const { environment } = stage;
  const seen: { greenFor: string | null } = { greenFor: null };
  return onPullRequest(at, `the bot merges it, and ${environment} runs ${script.to}`, async (pull) => {
    if (pull.state === 'closed')
      return { kind: 'impossible', reason: `#${pull.number} was closed without being merged` };
    if (pull.state === 'open') {
      // A head that moved since (another bump joined) is new to CI.
      if (seen.greenFor !== pull.head.sha && !isGreen(pull, script.checks))
        await ground.control.reportGreen(pull.head.sha, script.checks);
      seen.greenFor = pull.head.sha;
      return notYet(`it is still open (${pull.checks.map(({ name, state }) => `${name}: ${state}`).join(', ')})`);
    }
    const version = await versionOf(ground.files, script.places, { target: { app, env: environment }, image });
    if (version !== script.to) return notYet(`${environment} is at ${version ?? 'no version'}`);
    const commit = pull.mergeCommit ?? pull.head.sha;
    return {
      kind: 'happened',
      events: [
        { event: 'merged', environment, pullRequest: shown(pull), commit },
        { event: 'arrived', app, environment, version },
      ],
    };
  });
}

function isGreen(pull: SeenPullRequest, checks: readonly string[]): boolean {
  return checks.every((name) => pull.checks.some((check) => check.name === name && check.state === 'success'));
}

function onPullRequest(at: StageGround, name: string, look: (pull: SeenPullRequest) => Promise<Look>): ReleaseStep {
  return {
    name: `${name} (${at.script.app} to ${at.stage.environment})`,
    look: async () => {
      const pull = await pullRequestOf(at);
      return pull === null ? notYet('there is no pull request') : look(pull);
    },
  };
}

async function pullRequestOf({ ground, script, stage }: StageGround): Promise<SeenPullRequest | null> {
  const branch = branchOf(script, stage);
  const all = await ground.control.pullRequests();
  return all.findLast(({ head }) => head.branch === branch) ?? null;
}

function notYet(because: string): Look {
  return { kind: 'not-yet', because };
}

function shown({ number, title, url }: SeenPullRequest): Shown {
  return { number, title, url };
}
