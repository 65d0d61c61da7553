/** Policies in Rego that were compiled: asked where there is no opa, from the bytes on the target branch to the comment. */
import { expect } from 'vitest';
import { demoFiles } from '../../src/simulator/demo-seed.js';
import { compileRego } from '../tools/compile-rego.js';
import { findTool } from '../tools/require-tool.js';
import { story, type World } from './world.js';

const POLICY = `policy:
  rego: policy/policy.wasm
  rules:
    - name: anything goes
      require: none
`;

const REGO = `package docs

deny contains sprintf("%s is no Markdown", [file]) if {
  some file in input.pullRequest.files
  endswith(file, ".txt")
}

warn contains "no description" if input.pullRequest.body == ""
`;

/** On the default branch, as a merge would leave it there. */
async function commitToMain({ simulator, clock }: World, path: string, content: Buffer): Promise<void> {
  const { forge } = simulator;
  const git = forge.git('acme/config');
  const before = (await git.branchHead('main')) ?? '';
  const sha = await git.writeBlob(content);
  const tree = await git.writeTree(before, [{ path, mode: '100644', sha }]);
  const by = { name: 'Alice Adams', email: 'alice@acme.test', date: new Date(clock.now()) };
  const after = await git.writeCommit({ tree, parents: [before], author: by, committer: by, message: 'Compile\n' });
  const move = { repository: 'acme/config', actor: 'alice', branch: 'main', before, after };
  expect((await git.exclusive(() => forge.branches.move(move))).ok).toBe(true);
}

story(
  'asks compiled policies, and refuses while there are none',
  async (world) => {
    const { people } = world;
    await people.push('carol', 'words', { start: 'main', files: { 'docs/a.txt': 'one\n' } });
    const number = await people.open('carol', { title: 'Some words', head: 'words' });
    await world.settle();
    expect(await world.sticky(number)).toContain('or .wasm as opa compiles it');
    if (!findTool('opa').found) return;

    await commitToMain(
      world,
      'policy/policy.wasm',
      Buffer.from(await compileRego({ 'docs.rego': REGO }, ['docs']), 'base64'),
    );
    await world.settle();
    const denied = await world.sticky(number);
    expect(denied).toContain('`docs.deny` denies: docs/a.txt is no Markdown');
    expect(denied).toContain('`docs.warn` warns: no description');
    expect(denied).toContain('The policy refuses this');
  },
  { files: { '.lockkeeper.yaml': (demoFiles()['.lockkeeper.yaml'] ?? '').replace(/^policy:\n(?: .*\n)+/m, POLICY) } },
);
