/** The policy's facts as people make them: pushes that render the same, commits of others, owners, sizes, and policies in Rego. */
import { expect } from 'vitest';
import { demoFiles } from '../../src/simulator/demo-seed.js';
import type { Seed } from '../../src/simulator/seed.js';
import { findTool } from '../tools/require-tool.js';
import { story, type World } from './world.js';

const SETTINGS = 'apps/api/envs/prod/settings.yaml';

function withPolicy(policy: string): string {
  const before = demoFiles()['.lockkeeper.yaml'] ?? '';
  return before.replace(/^policy:\n(?: .*\n)+/m, policy);
}

/** Anybody who may write may push to the default branch. */
function unprotected(seed: Seed): Seed {
  return { ...seed, repositories: (seed.repositories ?? []).map((repository) => ({ ...repository, protections: [] })) };
}

/** As somebody's *Update branch* does it. */
async function mergeMainInto(world: World, branch: string): Promise<void> {
  const { forge } = world.simulator;
  const git = forge.git('acme/config');
  const [main, head] = [await git.resolveCommit('main'), await git.resolveCommit(branch)];
  if (main === undefined || head === undefined) throw new Error(`no main or no ${branch}`);
  const merged = await git.mergeTrees(main, head);
  if (merged.kind !== 'clean') throw new Error('a conflict');
  const carol = { name: 'Carol Clark', email: 'carol@acme.test', date: new Date(world.clock.now()) };
  const sha = await git.writeCommit({
    tree: merged.tree,
    parents: [head, main],
    author: carol,
    committer: carol,
    message: `Merge main into ${branch}\n`,
  });
  const moved = await forge.branches.update({
    repository: 'acme/config',
    actor: 'carol',
    branch,
    to: sha,
    mode: 'only-forward',
  });
  if (!moved.ok) throw new Error(JSON.stringify(moved.refusal));
}

const COMMITTERS = `policy:
  rules:
    - name: production needs two people of SRE
      if: { environments: [prod] }
      require: { approvals: 2, from: { teams: [acme/sre] }, not: [author, committers] }
    - name: the rest needs one
      require: { approvals: 1 }
`;

story(
  'keeps approvals over a merge of the target branch that renders the same, and loses them to anybody’s work',
  async (world) => {
    const { people } = world;
    const before = (await people.file(SETTINGS)) ?? '';
    await people.push('carol', 'quieter', { start: 'main', files: { [SETTINGS]: `${before}  LEVEL: quiet\n` } });
    const number = await people.open('carol', { title: 'Log less in prod', head: 'quieter' });
    await world.settle();
    await people.review('alice', number);
    await people.review('bob', number);
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');

    await people.push('alice', 'main', { files: { 'README.md': 'Elsewhere\n' } });
    await mergeMainInto(world, 'quieter');
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');

    // Bob works on it himself: what was approved before is something else, and he is no second pair of eyes any more.
    await people.push('bob', 'quieter', { files: { [SETTINGS]: `${before}  LEVEL: silent\n` } });
    await world.settle();
    expect(await world.sticky(number)).toContain('before the last push');
    await people.review('alice', number, 'withdrawn');
    await people.review('alice', number);
    await people.review('bob', number, 'withdrawn');
    await people.review('bob', number);
    await world.settle();
    const sticky = await world.sticky(number);
    expect(sticky).toContain('counts: `alice` approved');
    expect(sticky).toContain('but has commits in this');
    expect(sticky).not.toContain('The policy is satisfied');
  },
  { files: { '.lockkeeper.yaml': withPolicy(COMMITTERS) }, change: unprotected },
);

const FACTS = `policy:
  rego: policy/*.rego
  rules:
    - name: few lines outside of targets need their owner
      if: { only-files: ["docs/**"], size: { lines: "<= 3", files: "< 2" } }
      require: { approvals: 1, from: { codeowners: true }, not: [author] }
    - name: the rest needs somebody of SRE
      require: { approvals: 1, from: { teams: [acme/sre] }, not: [author] }
`;

const REGO = `package docs

deny contains msg if {
  some file in input.pullRequest.files
  endswith(file, ".txt")
  msg := sprintf("%s is no Markdown", [file])
}

warn contains sprintf("%d targets", [count(input.manifests)]) if input.plan.changes == "other"
`;

story(
  'asks owners, counts lines, and lets policies in Rego deny',
  async (world) => {
    const { people } = world;
    await people.push('carol', 'words', { start: 'main', files: { 'docs/a.md': 'one\ntwo\n' } });
    const number = await people.open('carol', { title: 'Some words', head: 'words' });
    await people.review('bob', number);
    await world.settle();
    const sticky = await world.sticky(number);
    if (!findTool('opa').found) {
      expect(sticky).toContain('`opa` is missing');
      expect(sticky).toContain('The policy refuses this');
      return;
    }
    expect(sticky).toContain('few lines outside of targets need their owner');
    expect(sticky).toContain('does not count: `bob`');
    expect(sticky).toContain('`docs.warn` warns: 0 targets');
    await people.review('alice', number);
    await world.settle();
    expect(await world.sticky(number)).toContain('The policy is satisfied');

    await people.push('carol', 'words', { files: { 'docs/b.txt': 'three\nfour\n' } });
    await world.settle();
    const larger = await world.sticky(number);
    expect(larger).toContain('the rest needs somebody of SRE');
    expect(larger).toContain('`docs.deny` denies: docs/b.txt is no Markdown');
    expect(larger).toContain('The policy refuses this');
  },
  {
    files: {
      '.lockkeeper.yaml': withPolicy(FACTS),
      'policy/docs.rego': REGO,
      CODEOWNERS: '/docs/ @alice\n',
    },
  },
);
