// What holds of everything that runs policies in Rego, whether from their sources or compiled.
import { expect, test } from 'vitest';
import type { RegoOutcome } from '../../src/core/rego/rego.js';

/** Evaluates policies given as sources, by path; `policy/main.rego` is of the package `main`. */
export type EvaluateRego = (sources: Readonly<Record<string, string>>, input: unknown) => Promise<RegoOutcome>;

export interface RegoUnderTest {
  readonly evaluate: EvaluateRego;
  /** With little time, so that a test of what never ends does. */
  readonly hurried: EvaluateRego;
}

export const main = (text: string): Readonly<Record<string, string>> => ({
  'policy/main.rego': `package main\n${text}`,
});

export async function failureOf(outcome: Promise<RegoOutcome>): Promise<string> {
  const { kind, ...rest } = await outcome;
  return kind === 'failed' && 'message' in rest ? rest.message : `no failure: ${JSON.stringify(rest)}`;
}

const INPUT = {
  plan: {
    targets: [
      { app: 'api', env: 'prod' },
      { app: 'wéb', env: 'dev' },
    ],
  },
};

export function describeRego({ evaluate, hurried }: RegoUnderTest): void {
  test('deny and warn see the input and other packages', async () => {
    const text = `deny contains msg if {
  some target in input.plan.targets
  target.env == "prod"
  msg := sprintf("%s may not go to production", [target.app])
}
warn contains {"msg": target.app} if { some target in input.plan.targets; data.helpers.large }
`;
    const helpers = 'package helpers\nlarge if count(input.plan.targets) > 1\n';
    expect(await evaluate({ ...main(text), 'policy/lib/helpers.rego': helpers }, INPUT)).toEqual({
      kind: 'evaluated',
      deny: [{ package: 'main', rule: 'deny', message: 'api may not go to production' }],
      warn: [
        { package: 'main', rule: 'warn', message: 'api' },
        { package: 'main', rule: 'warn', message: 'wéb' },
      ],
    });
  });

  test('what has nothing to say says so, and what could never say anything is refused', async () => {
    expect(await evaluate(main('deny contains "x" if input.plan.absent\n'), INPUT)).toEqual({
      kind: 'evaluated',
      deny: [],
      warn: [],
    });
    expect(await evaluate(main('allow := true\n'), INPUT)).toMatchObject({
      kind: 'misshapen',
      flaw: { kind: 'no-rules' },
    });
    expect(await evaluate(main('deny := true\n'), INPUT)).toMatchObject({
      kind: 'misshapen',
      flaw: { kind: 'no-set', package: 'main', rule: 'deny' },
    });
  });

  test('a large input is read whole', async () => {
    const input = { items: Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(50) })) };
    const outcome = await evaluate(main('deny contains sprintf("%d", [count(input.items)])\n'), input);
    expect(outcome).toMatchObject({ kind: 'evaluated', deny: [{ message: '20000' }] });
  });

  test('there is no way to the network, names of hosts, the environment, the clock or chance', async () => {
    const ways = {
      'http.send': 'http.send({"method": "get", "url": "http://127.0.0.1:1"})',
      'net.lookup_ip_addr': 'net.lookup_ip_addr("localhost")',
      'opa.runtime': 'opa.runtime().env',
      'time.now_ns': 'time.now_ns()',
      'rand.intn': 'rand.intn("x", 5)',
    };
    const rules = Object.values(ways).map((way) => `deny contains "x" if { x := ${way}; x }\n`);
    const failure = await failureOf(evaluate(main(rules.join('')), {}));
    for (const name of Object.keys(ways)) expect(failure).toContain(name);
  });

  test('what contradicts itself refuses', async () => {
    const conflict = 'x := 1 if input.a\nx := 2 if input.a\ndeny contains "x" if x == 1\n';
    expect(await failureOf(evaluate(main(conflict), { a: true }))).toMatch(/multiple|conflict/);
  });

  test('what takes too long is ended', async () => {
    const endless = `deny contains "x" if {
  some a in numbers.range(1, 100000)
  some b in numbers.range(1, 100000)
  a * b == -1
}
`;
    expect(await failureOf(hurried(main(endless), {}))).toContain('took too long and w');
  });
}
