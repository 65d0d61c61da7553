import { expect, test } from 'vitest';
import { readRenderSettings } from '../../src/cli/render-settings.js';

const read = (environment: Record<string, string>) =>
  readRenderSettings(environment, (path) => (path === '/commands.json' ? '{"a": ["b"]}' : null));

test('nothing more is allowed by default', () => {
  expect(read({})).toEqual({ settings: { commands: {}, terraformPlan: 'refused' }, problems: [] });
});

test('commands stand in the setting or in a file that it names', () => {
  const commands = (text: string) => read({ LOCKKEEPER_RENDER_COMMANDS: text }).settings.commands;
  expect(commands('{"x": ["y", "{app}"]}')).toEqual({ x: ['y', '{app}'] });
  expect(commands('/commands.json')).toEqual({ a: ['b'] });
});

test.each(['/none.json', '{', '{"x": "y"}', '{"x": []}', '{"x": [1]}', '{"-x": ["y"]}'])('%s is a problem', (text) => {
  expect(read({ LOCKKEEPER_RENDER_COMMANDS: text })).toMatchObject({
    settings: { commands: {} },
    problems: [expect.stringContaining('LOCKKEEPER_RENDER_COMMANDS')],
  });
});

test('terraform plan is allowed by a word', () => {
  const plan = (mode: string, providers = '') =>
    read({ LOCKKEEPER_TERRAFORM_PLAN: mode, LOCKKEEPER_TERRAFORM_PROVIDERS: providers });
  expect(plan('on', '/mirror').settings.terraformPlan).toEqual({ providers: '/mirror' });
  expect(plan('off', '/mirror').settings.terraformPlan).toBe('refused');
  expect(plan('yes', 'mirror').problems).toHaveLength(2);
});
