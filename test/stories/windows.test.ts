/** Time alone changes a verdict: nobody says anything, a window opens. */
import { expect } from 'vitest';
import { demoFiles } from '../../src/simulator/demo-seed.js';
import { story } from './world.js';

const MINUTE = 60_000;
const wallClock = (at: number): string => new Date(at).toISOString().slice(11, 16);
const NOW = Date.now();
const WINDOW = `${wallClock(NOW + 15 * MINUTE)}-${wallClock(NOW + 30 * MINUTE)} UTC`;
const POLICY = `policy:
  rules:
    - { name: in the hours for it, if: { at: "${WINDOW}" }, require: none }
    - { name: at other times, require: { approvals: 1 } }
`;
const RULES = `${(demoFiles()['.lockkeeper.yaml'] ?? '').replace(/^policy:\n(?: .*\n)*/m, '')}${POLICY}`;

story(
  'passes once a window opens',
  async (world) => {
    const settings = 'apps/api/envs/prod/settings.yaml';
    const before = (await world.people.file(settings)) ?? '';
    await world.people.push('carol', 'quieter', { start: 'main', files: { [settings]: `${before}  LEVEL: quiet\n` } });
    const number = await world.people.open('carol', { title: 'Log less in prod', head: 'quieter' });
    await world.settle();
    expect(await world.sticky(number)).toContain('**at other times** (for api in prod): pending');
    await world.pass(16 * MINUTE);
    expect(await world.sticky(number)).toContain(
      '**in the hours for it** (for api in prod): passed, nothing is needed',
    );
    await world.pass(16 * MINUTE);
    expect(await world.sticky(number)).toContain('**at other times** (for api in prod): pending');
  },
  { files: { '.lockkeeper.yaml': RULES } },
);
