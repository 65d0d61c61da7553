/** `lockkeeper policy explain PR` against both forges' APIs. */
import { afterEach, describe, expect, it } from 'vitest';
import { explainOfForge } from '../../src/cli/policy/explain-pull-request.js';
import { parsePullRequest } from '../../src/cli/policy/named-pull-request.js';
import { demoSeed } from '../../src/simulator/demo-seed.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';
import { People } from '../stories/people.js';

let simulator: Simulator | null = null;
afterEach(async () => {
  await simulator?.close();
  simulator = null;
});

const SETTINGS = 'apps/api/envs/prod/settings.yaml';
const TIME_LIMIT = 120_000;

describe.each(['github', 'gitlab'] as const)('%s', (forge) => {
  const sign = forge === 'github' ? '#' : '!';

  async function start(): Promise<{
    people: People;
    explain: (name: string, by?: readonly string[]) => Promise<Said>;
  }> {
    const seed = demoSeed(forge);
    // Nobody reports the checks of a bot that does not run.
    const repositories = (seed.repositories ?? []).map((each) => ({ ...each, protections: [] }));
    const started = await startSimulator({ forge, seed: { ...seed, repositories }, deliver: 'stepped' });
    simulator = started;
    const secret = 'a-secret-of-a-test';
    const settings =
      forge === 'github'
        ? { GITHUB_TOKEN: 'lockkeeper-token', WEBHOOK_SECRET: secret, GITHUB_API_URL: started.apiUrl }
        : { GITLAB_URL: started.url, GITLAB_TOKEN: 'lockkeeper-token', GITLAB_WEBHOOK_SECRET: secret };
    const explain = async (name: string, approvedBy: readonly string[] = []): Promise<Said> => {
      const said = { status: 0, out: '', error: '' };
      const printer = {
        out: (line: string) => (said.out += `${line}\n`),
        error: (line: string) => (said.error += `${line}\n`),
      };
      const named = parsePullRequest(name, null);
      if (named.kind !== 'pull-request') throw new Error(`${name} is ${named.kind}`);
      const environment = { ...settings, PATH: process.env['PATH'] };
      said.status = await explainOfForge({ named, approvedBy, at: null }, printer, environment);
      return said;
    };
    return { people: new People(started.url), explain };
  }

  it(
    'says of an open pull request who must agree, and what somebody’s approval would change',
    async () => {
      const { people, explain } = await start();
      await people.push('carol', 'louder', { start: 'main', files: { [SETTINGS]: 'a: 1\n' } });
      const number = await people.open('carol', { title: 'Louder', head: 'louder' });
      const name = `acme/config${sign}${String(number)}`;
      const before = await explain(name);
      expect(before).toMatchObject({ status: 0, error: '' });
      expect(before.out).toContain(`# ${name}: Louder\n`);
      expect(before.out).toMatch(/by the policy of main at [0-9a-f]{7}\./);
      expect(before.out).toContain('**The policy is waiting.**');
      const { url } = await people.pullRequest(number);
      const after = await explain(url, ['alice', 'bob']);
      expect(after.out).toContain(', as if alice and bob approved.');
      expect(after.out).toContain('**The policy is satisfied.**');
      expect(after.out).toContain('counts: `alice` approved');
      // Nothing was written: no comment, no check.
      expect((await people.pullRequest(number)).comments.filter(({ system }) => !system)).toEqual([]);
    },
    TIME_LIMIT,
  );

  it(
    'judges what was merged as it stood then, and says what it can’t',
    async () => {
      const { people, explain } = await start();
      await people.push('carol', 'words', { start: 'main', files: { 'README.md': 'Words\n' } });
      const number = await people.open('carol', { title: 'Words', head: 'words' });
      await people.review('alice', number);
      await people.ci('words');
      await people.merge('alice', number);
      const merged = await explain(`acme/config${sign}${String(number)}`);
      expect(merged.out).toContain('as it stood when it was merged');
      expect(merged.out).toContain('counts: `alice` approved');
      expect(await explain(`acme/config${sign}77`)).toMatchObject({
        status: 2,
        error: `acme/config${sign}77: There is no pull request 77 in acme/config, or the bot was not given it.\n`,
      });
      const other = forge === 'github' ? '!' : '#';
      expect((await explain(`acme/config${other}1`)).error).toMatch(/^That names a pull request of Git(Lab|Hub), but/);
    },
    TIME_LIMIT,
  );
});

interface Said {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

it('says what is wrong with the settings', async () => {
  const lines: string[] = [];
  const printer = { out: () => 0, error: (line: string) => lines.push(line) };
  const named = { kind: 'pull-request', forge: 'github', path: 'acme/config', number: 1, address: null } as const;
  expect(await explainOfForge({ named, approvedBy: [], at: null }, printer, {})).toBe(2);
  expect(lines.join('\n')).toContain('can’t ask the forge: No forge is set.');
});
