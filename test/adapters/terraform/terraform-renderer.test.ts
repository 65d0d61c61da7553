import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTerraformRenderer } from '../../../src/adapters/terraform/create-terraform-renderer.js';
import { createProcesses } from '../../../src/adapters/process/create-processes.js';
import type { RenderResult } from '../../../src/ports/renderer.js';
import { processes } from '../../contract/git-origin.js';
import { renderedText, RenderWorld, type Files } from '../../contract/renderer-contract.js';
import { describeWithTool } from '../../tools/require-tool.js';

const world = new RenderWorld();
beforeAll(() => world.start());
afterAll(() => world.close());

function renderWith(files: Files, more: { plan?: 'refused' | { providers: null }; path?: string } = {}) {
  const renderer = createTerraformRenderer({
    processes: more.path === undefined ? processes : createProcesses({ path: more.path }),
    temporaryDirectory: world.temporaryDirectory,
    plan: more.plan ?? 'refused',
    fingerprint: (value) => `f${value.length}`,
  });
  return world.render(renderer, files);
}

const notes = (result: RenderResult): string => (result.kind === 'rendered' ? result.notes.join('\n') : '');

const main = `variable "phrase" {
  type      = string
  sensitive = true
  default   = "hunter2"
}
variable "size" { default = 1 }
resource "terraform_data" "api" {
  count = 2
  input = { size = var.size, phrase = var.phrase }
}
output "phrase" {
  value     = var.phrase
  sensitive = true
}
`;

describe('a plan as JSON', () => {
  const plan = {
    format_version: '1.2',
    variables: { phrase: { value: 'hunter2' } },
    planned_values: {
      outputs: { open: { sensitive: false, value: 'x' }, phrase: { sensitive: true, value: 'hunter2' } },
      root_module: {
        resources: [
          {
            address: 'db.main',
            mode: 'managed',
            type: 'db',
            values: { size: 3, pin: 'hunter2', users: [{ name: 'a', pin: 'hunter2' }], later: 'hunter2' },
            sensitive_values: { pin: true, users: [{ pin: true }] },
          },
        ],
        child_modules: [{ resources: [{ address: 'module.m.ip.a', mode: 'managed', type: 'ip', values: {} }] }],
      },
    },
    resource_changes: [
      { address: 'db.main', change: { actions: ['delete', 'create'], after_sensitive: { later: true } } },
      { address: 'db.old', change: { actions: ['delete'], before: { pin: 'hunter2' } } },
    ],
    prior_state: { values: 'hunter2' },
  };

  test('is shown without any tool, what is sensitive masked', async () => {
    const files = { 'app/main.tf': main, 'app/dev.tfplan.json': JSON.stringify(plan) };
    const result = await renderWith(files, { path: '/nonexistent' });
    const text = renderedText(result);
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"metadata":{"name":"db.main"},"values":{"size":3,"pin":"masked:f7"');
    expect(text).toContain('module.m.ip.a');
    expect(text).toContain('"name":"open"},"values":"x"');
    expect(notes(result)).toMatch(/replaces db\.main\nThe plan deletes db\.old\n.*whether it fits/);
  });

  test.each(['{', '[]', '{"format_version":"1.2"}', 'null'])('%s is none', async (text) => {
    expect(await renderWith({ 'app/dev.tfplan.json': text })).toMatchObject({
      kind: 'failed',
      file: 'app/dev.tfplan.json',
      message: expect.stringContaining('terraform show -json'),
    });
  });
});

test('files are text where no plan may be made, and a note says so', async () => {
  const result = await renderWith({
    'app/main.tf': main,
    'app/dev.tfvars': 'phrase        = "hunter2"\nsize = 2\ndb_password = <<EOT\nhunter2\nEOT\nlast = 1\n',
    'app/more.tfvars.json': '{"phrase": "hunter2", "size": 4}',
    'app/.terraform/modules/x.tf': 'never = "shown"\n',
  });
  const text = renderedText(result);
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain('never');
  for (const shown of ['masked:f9', 'size = 2', 'last = 1', '"size":4', 'var.phrase']) expect(text).toContain(shown);
  expect(notes(result)).toContain('shown as text');
});

test('a plan file without terraform is a missing tool', async () => {
  const files = { 'app/main.tf': main, 'app/dev.tfplan': 'x' };
  expect(await renderWith(files, { path: '/nonexistent:/bin:/usr/bin' })).toMatchObject({
    kind: 'tool-missing',
    tool: 'terraform',
  });
});

describeWithTool('terraform', 'with terraform', () => {
  test('a plan file is shown by terraform', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-test-'));
    try {
      writeFileSync(join(folder, 'main.tf'), main);
      const environment = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, CHECKPOINT_DISABLE: '1' } };
      spawnSync('terraform', ['init', '-input=false'], environment);
      execFileSync('terraform', ['plan', '-input=false', '-out=dev.tfplan'], environment);
      const plan = readFileSync(join(folder, 'dev.tfplan'));
      const text = renderedText(await renderWith({ 'app/main.tf': main, 'app/dev.tfplan': plan }));
      expect(text).toContain('terraform_data.api[1]');
      expect(text).not.toContain('hunter2');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a broken plan file has terraform’s own words', async () => {
    const result = await renderWith({ 'app/dev.tfplan': 'x' });
    expect(result).toMatchObject({ kind: 'failed', file: 'app/dev.tfplan' });
    expect(JSON.stringify(result)).not.toContain(world.temporaryDirectory);
  });

  const allowed = { plan: { providers: null } } as const;

  test('a plan is made where the server allows it, without the backend and the state', async () => {
    const files = {
      'app/main.tf': `terraform {\n  backend "s3" {\n    bucket = "x"\n  }\n}\n${main}`,
      'app/dev.tfvars': 'size = 7\n',
      'app/terraform.tfstate': 'no state at all',
    };
    const text = renderedText(await renderWith(files, allowed));
    expect(text).toContain('"name":"terraform_data.api[0]"');
    expect(text).toMatch(/"size":7|masked:/);
    expect(text).not.toContain('hunter2');
    expect(await world.leftovers()).toEqual([]);
  });

  test('providers are not fetched', async () => {
    const files = { 'app/main.tf': 'resource "random_id" "a" {\n  byte_length = 1\n}\n' };
    expect(await renderWith(files, allowed)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('hashicorp/random'),
    });
  });
});
