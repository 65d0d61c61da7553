/** Tells a release as it happens: in sentences for people, or one JSON object a line for programs. */
import type { Ending } from './read-ending.js';
import type { Narrator, ReleaseEvent } from './release-events.js';

type Print = (line: string) => void;

/** `elapsed`: ms since the start. */
export function jsonNarrator(print: Print, elapsed: () => number): Narrator {
  return (event) => print(JSON.stringify({ at: elapsed(), ...event }));
}

export function sentenceNarrator(print: Print, elapsed: () => number): Narrator {
  return (event) => {
    const [first, ...details] = sentences(event);
    const time = `${(elapsed() / 1000).toFixed(1)} s`.padStart(7);
    print(`${time}  ${first ?? ''}`);
    for (const detail of details) print(`${' '.repeat(9)}${detail}`);
  };
}

type Of<E extends ReleaseEvent['event']> = Extract<ReleaseEvent, { readonly event: E }>;

const FORGE_NAMES = { github: 'GitHub', gitlab: 'GitLab' } as const;

/** One function for each event: a sentence, then lines of detail, links last. */
const words: { readonly [E in ReleaseEvent['event']]: (event: Of<E>) => readonly [string, ...string[]] } = {
  started: ({ forge, forgeUrl, botUrl }) => [
    `A local ${FORGE_NAMES[forge]} runs at ${forgeUrl}, and Lockkeeper beside it at ${botUrl}.`,
  ],
  'release-planned': ({ app, from, to, environments, url }) => [
    `${app} is at ${from}. ${to} is to go to ${listed(environments)}.`,
    url,
  ],
  'bump-requested': ({ image, tag, environment, url }) => [
    `A build asks Lockkeeper for ${image}:${tag} in ${environment} (POST /api/v1/bumps).`,
    url,
  ],
  'pull-request-opened': ({ by, pullRequest, kind }) => [
    `${by} opens ${kind === 'bump' ? 'an image bump' : 'a promotion'}: “${pullRequest.title}”.`,
    pullRequest.url,
  ],
  'plan-told': ({ plan, policy, url }) => [
    `It comments what will change, and reports lockkeeper/plan (${plan}) and lockkeeper/policy (${policy}).`,
    url,
  ],
  'ci-green': (event) =>
    event.on === 'branch'
      ? [`CI is green on ${event.branch}, now at ${event.sha.slice(0, 8)}: ${event.checks.join(', ')}.`]
      : [`CI is green on the pull request: ${event.checks.join(', ')}.`],
  approved: ({ by }) => [`${by} approves.`],
  command: ({ command, by, url }) => [`${by} comments ${command}.`, url],
  answered: ({ answer, url }) => [`Lockkeeper answers: ${answer}`, url],
  refused: ({ reason, url }) => [`Lockkeeper refuses: ${reason}`, url],
  merged: ({ environment, commit }) => [
    `Lockkeeper merges it through its queue, as ${commit.slice(0, 8)}: that changes ${environment}.`,
  ],
  arrived: ({ app, environment, version }) => [`${environment} runs ${app} ${version}, as git on the forge says.`],
  stopped: ({ reason }) => [`The play ends here: ${reason}`],
  failed: ({ step, reason, url }) => [`This step did not happen: ${step}.`, reason, url],
};

function sentences(event: ReleaseEvent): readonly [string, ...string[]] {
  // Each event has its own words; the union of those functions takes the union only after this.
  const say = words[event.event] as (event: ReleaseEvent) => readonly [string, ...string[]];
  return say(event);
}

export function endingSentence({ ok, environments }: Ending): string {
  const versions = Object.entries(environments).map(([name, version]) => `${name} ${version}`);
  return ok
    ? `Done. Git on the forge says: ${listed(versions)}.`
    : `Not done. Git on the forge says: ${listed(versions)}.`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
