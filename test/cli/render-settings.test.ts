import { expect, test } from 'vitest';
import { readRenderSettings } from '../../src/cli/render-settings.js';

const read = (environment: Record<string, string>) =>
  readRenderSettings(environment, (path) => (path === '/commands.json' ? '{"a": ["b"]}' : null));

test('nothing more is allowed by default', () => {
  expect(read({})).toEqual({ settings: { commands: {}, terraformPlan: 'refused', remoteSources: [] }, problems: [] });
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

test('remote sources are places between commas or blanks', () => {
  const places = (text: string) => read({ LOCKKEEPER_REMOTE_SOURCES: text });
  expect(places(' https://github.com/acme, oci://ghcr.io/acme/charts\n').settings.remoteSources).toEqual([
    { scheme: 'https', host: 'github.com', path: ['acme'] },
    { scheme: 'oci', host: 'ghcr.io', path: ['acme', 'charts'] },
  ]);
  expect(places('github.com https://me:secret@a.test https://b.test')).toEqual({
    settings: expect.objectContaining({ remoteSources: [{ scheme: 'https', host: 'b.test', path: [] }] }),
    problems: [
      'LOCKKEEPER_REMOTE_SOURCES holds what names no place such as https://github.com/acme or oci://ghcr.io/acme/charts: github.com, https://a.test.',
    ],
  });
});
