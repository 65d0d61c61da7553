/** How long a policy of a thousand rules takes to judge a change of a thousand files, and to be read; and what it costs the forge. */
import { parseConfiguration } from '../../src/config/parse-configuration.js';
import type { Policy } from '../../src/core/policy/policy-rules.js';
import { NOTHING_KNOWN, type PolicyFacts } from '../../src/core/policy/policy-facts.js';
import { evaluatePolicy } from '../../src/core/policy/evaluate-policy.js';
import { countForgeRequests } from './forge-requests.js';

const AIM_MS = 1000;

export async function benchPolicy({ size }: { readonly size: 'full' | 'small' }): Promise<object> {
  const count = size === 'full' ? 1000 : 50;
  const runs = size === 'full' ? 5 : 2;
  const cases = Object.entries(CASES).map(([name, glob]) => {
    const text = configuration(count, glob);
    const facts = factsOf(count);
    const reading = medianMs(runs, () => policyOf(text));
    const policy = policyOf(text);
    const verdict = evaluatePolicy(facts, policy);
    // The last rule decides, so that every rule before it was asked about every file.
    if (verdict.state !== 'passed' || verdict.rules.at(-1)?.state !== 'passed')
      throw new Error('The last rule decides');
    const evaluating = medianMs(runs, () => evaluatePolicy(facts, policy));
    console.log(`${name}: read in ${reading.toFixed(1)} ms, judged in ${evaluating.toFixed(1)} ms`);
    return { name, readMs: reading, evaluateMs: evaluating };
  });
  const requests = await countForgeRequests();
  const { forgeRequests, notModified } = requests;
  console.log(
    `one unchanged pull request: ${forgeRequests.first} requests to the forge, then ${forgeRequests.second} and ${notModified.second} answered by 304`,
  );
  const slowest = Math.max(...cases.map(({ evaluateMs }) => evaluateMs));
  return {
    rules: count,
    files: count,
    targets: TARGETS,
    cases,
    ...requests,
    aims: {
      [`the slowest is judged within ${AIM_MS} ms`]: slowest <= AIM_MS ? 'met' : 'missed',
      'no request to the forge after the first evaluation but conditional ones':
        forgeRequests.second === 0 ? 'met' : 'missed',
    },
  };
}

/** What each rule asks of the files; none matches any of them. */
const CASES: Readonly<Record<string, (index: number) => string>> = {
  'directories of other applications': (index) => `if: { files: "apps/other-${index}/**" }`,
  'names at the end': (index) => `if: { files: "**/*-${index}.json" }`,
  'stars that backtrack elsewhere': (index) => `if: { files: "**/a*a*a*a*a*${index}*z" }`,
  'nothing but documentation': (index) => `if: { only-files: ["docs/${index}/**", "**/*.md"] }`,
};

const TARGETS = 20;

function configuration(count: number, condition: (index: number) => string): string {
  const rules = Array.from(
    { length: count - 1 },
    (_, index) => `    - { name: rule ${index}, ${condition(index)}, require: none }`,
  );
  const last = '    - { name: the rest, require: { approvals: 1 } }';
  const top = 'version: 1\nlayout: { path: "apps/{app}/envs/{env}" }\nenvironments: { prod: {} }\npolicy:\n  rules:\n';
  return `${top}${[...rules, last].join('\n')}\n`;
}

function policyOf(text: string): Policy {
  const parsed = parseConfiguration(text, '.lockkeeper.yaml');
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.configuration.policy;
}

function factsOf(count: number): PolicyFacts {
  const paths = Array.from(
    { length: count },
    (_, index) => `apps/app-${index % TARGETS}/envs/prod/aaaaaaaaaaaa-${index}/aaaaaaaaaaaaaaaaaaaaaaaa-${index}.yaml`,
  );
  const targets = Array.from({ length: TARGETS }, (_, index) => ({ app: `app-${index}`, env: 'prod' }));
  return {
    ...NOTHING_KNOWN,
    now: 0,
    head: 'h',
    digest: 'd',
    author: { login: 'ann', kind: 'human' },
    files: { paths, extent: 'all' },
    affected: { targets, outside: [] },
    planSince: 0,
    reviews: [{ person: { login: 'bob', kind: 'human' }, state: 'approved', commit: 'h', at: 1, url: null }],
    permissions: { bob: 'write' },
  };
}

function medianMs(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}
