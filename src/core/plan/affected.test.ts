import { describe, expect, it } from 'vitest';
import { affectedTargets, isBelow } from './affected.js';
import { WHOLE_REPOSITORY, type Closure } from './dependencies/closure.js';

const target = (app: string, env: string) => ({ name: { app, env }, directory: `apps/${app}/${env}` });
const targets = [target('api', 'dev'), target('api', 'prod'), target('web', 'dev')];
const closures: Readonly<Record<string, Closure>> = {
  // Unknown: it may read anything.
  'apps/api/dev': WHOLE_REPOSITORY,
  'apps/api/prod': {
    paths: new Set(['.sops.yaml', 'docs/CODEOWNERS', 'shared/labels.yaml', 'apps/api/prod/kustomization.yaml']),
    directories: new Set(['apps/base']),
  },
};
const closureOf = ({ directory }: { readonly directory: string }): readonly Closure[] => [
  closures[directory] ?? { paths: new Set(), directories: new Set() },
];

describe('affectedTargets', () => {
  it.each<[string[], string[], string[]]>([
    [[], [], []],
    // A target's own directory, whatever its closure says.
    [['apps/web/dev/note.txt'], ['apps/api/dev', 'apps/web/dev'], []],
    [['apps/web/dev2/a.yaml'], ['apps/api/dev'], ['apps/web/dev2/a.yaml']],
    [['shared/labels.yaml'], ['apps/api/dev', 'apps/api/prod'], []],
    [['shared/labels.yaml.bak'], ['apps/api/dev'], ['shared/labels.yaml.bak']],
    [['apps/base/deep/er/a.yaml'], ['apps/api/dev', 'apps/api/prod'], []],
    // A directory that became a file or a link.
    [['apps/base'], ['apps/api/dev', 'apps/api/prod'], []],
    // Read, and still what rules the repository: a target's rules must not be those that guard it.
    [['.sops.yaml', 'docs/CODEOWNERS'], ['apps/api/dev', 'apps/api/prod'], ['all']],
    [['apps/base2/a.yaml'], ['apps/api/dev'], ['apps/base2/a.yaml']],
    [['README.md', '.lockkeeper.yaml', '.github/x.yml', '.gitlab-ci.yml', 'LICENSE', 'CODEOWNERS'], [], ['all']],
    [['docs/README.md'], ['apps/api/dev'], ['all']],
    [['.lockkeeper.yaml.bak'], ['apps/api/dev'], ['all']],
    [['.githubx/a'], ['apps/api/dev'], ['all']],
  ])('%j touches %j', (changed, touched, outside) => {
    const affected = affectedTargets(changed, targets, closureOf);
    expect(affected.targets.map((each) => each.directory)).toEqual(touched);
    expect(affected.outside).toEqual(outside[0] === 'all' ? changed : outside);
  });

  it('takes what a target read on either side', () => {
    const read = (path: string): Closure => ({ paths: new Set([path]), directories: new Set() });
    const sides = (): readonly Closure[] => [read('old.yaml'), read('new.yaml')];
    for (const path of ['old.yaml', 'new.yaml'])
      expect(affectedTargets([path], [target('api', 'dev')], sides)).toMatchObject({ targets: [{}], outside: [] });
    expect(affectedTargets(['none.yaml'], [target('api', 'dev')], sides).targets).toEqual([]);
  });

  it('takes the top of the repository as a directory', () => {
    expect(isBelow('a', '')).toBe(true);
    expect(isBelow('ab/c', 'a')).toBe(false);
    expect(isBelow('a', 'a')).toBe(false);
  });
});
