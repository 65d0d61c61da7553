/** What every renderer promises, on trees in real git. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMirrors, type GitMirrors } from '../../src/adapters/git/create-mirrors.js';
import type { Mirror } from '../../src/ports/repository.js';
import type { Renderer, RenderResult, RenderSource } from '../../src/ports/renderer.js';
import { GitOrigin, processes, silentLog, type Planted } from './git-origin.js';

export type Files = Readonly<Record<string, Planted>>;

export class RenderWorld {
  #origin: GitOrigin | null = null;
  #mirrors: GitMirrors | null = null;
  #mirror: Mirror | null = null;

  async start(): Promise<void> {
    this.#origin = await GitOrigin.make();
    this.#origin.setRef('refs/heads/main', this.#origin.commit({ 'README.md': 'empty\n' }));
    this.#mirrors = createMirrors({ dataDirectory: join(this.origin.folder, 'data'), processes, log: silentLog });
    this.#mirror = await this.#mirrors.of({
      repository: { forge: 'github', path: 'acme/config' },
      cloneUrl: this.origin.directory,
      credentials: async () => ({ username: '', password: '' }),
    });
  }

  get origin(): GitOrigin {
    if (this.#origin === null) throw new Error('not started');
    return this.#origin;
  }

  get mirror(): Mirror {
    if (this.#mirror === null) throw new Error('not started');
    return this.#mirror;
  }

  /** Where a renderer under test may write. */
  get temporaryDirectory(): string {
    return this.origin.folder;
  }

  async render(renderer: Renderer, files: Files, more: string | Partial<RenderSource> = {}): Promise<RenderResult> {
    const commit = this.origin.commit(files);
    if (!(await this.mirror.has(commit))) throw new Error('the commit did not arrive');
    const { mirror } = this;
    const source = { mirror, tree: await mirror.treeOf(commit), directory: 'app', target: { app: 'api', env: 'dev' } };
    return renderer.render({ ...source, ...(typeof more === 'string' ? { directory: more } : more) });
  }

  /** What a renderer left behind. */
  async leftovers(): Promise<readonly string[]> {
    return (await readdir(this.temporaryDirectory)).filter((name) => name.startsWith('lockkeeper-'));
  }

  async close(): Promise<void> {
    await this.#mirrors?.close();
    await this.#origin?.remove();
  }
}

export const configMap = (name: string, value = '1'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: "${value}"\n`;

/** All the text of a rendering; fails for any other result. */
export function renderedText(result: RenderResult): string {
  if (result.kind !== 'rendered') throw new Error(JSON.stringify(result));
  return result.streams.map((stream) => stream.text).join('---\n');
}

export interface RendererUnderTest {
  make(world: RenderWorld): Renderer;
  readonly name: Renderer['name'];
  /** What makes this renderer render the named files of `app`. */
  target(files: Files): Files;
}

export function describeRendererContract(subject: RendererUnderTest): void {
  const world = new RenderWorld();
  beforeAll(() => world.start());
  afterAll(() => world.close());
  const files = (planted: Files) =>
    subject.target(Object.fromEntries(Object.entries(planted).map(([path, file]) => [`app/${path}`, file])));

  test('says which tool and version it is', async () => {
    const renderer = subject.make(world);
    expect(renderer.name).toBe(subject.name);
    expect(await renderer.version()).toMatch(new RegExp(`${subject.name} v?\\d`));
  });

  test('renders the manifests of the directory, the same each time', async () => {
    const renderer = subject.make(world);
    const tree = files({ 'a.yaml': configMap('one'), 'b.yaml': `${configMap('two')}---\n${configMap('three')}` });
    const first = await world.render(renderer, { ...tree, 'other/c.yaml': configMap('four') });
    const text = renderedText(first);
    expect(['one', 'two', 'three', 'four'].filter((name) => text.includes(`name: ${name}`))).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(await world.render(renderer, { ...tree, 'README.md': 'more\n' })).toEqual(first);
  });

  test('follows a symbolic link that stays in its directory', async () => {
    const tree = files({ 'a.yaml': configMap('one'), 'b.yaml': { mode: '120000', content: 'real/b.yml' } });
    const result = await world.render(subject.make(world), { ...tree, 'app/real/b.yml': configMap('two') });
    expect(renderedText(result)).toContain('name: two');
  });

  test.each(['/etc/hostname', '../../etc/hostname', '../../../../../etc/hostname'])(
    'refuses the symbolic link %s',
    async (target) => {
      const tree = files({ 'a.yaml': configMap('one'), 'b.yaml': { mode: '120000', content: target } });
      const result = await world.render(subject.make(world), tree);
      expect(result).toMatchObject({ kind: 'failed', message: expect.stringMatching(/leads out of the repository$/) });
      expect(result.kind === 'failed' && result.file).toMatch(/^app\//);
    },
  );

  test('fails with words for a file that is no text, and leaves nothing behind', async () => {
    const tree = files({ 'a.yaml': Uint8Array.from([0xff, 0xfe, 0, 1, 2]) });
    expect((await world.render(subject.make(world), tree)).kind).toBe('failed');
    expect(await world.leftovers()).toEqual([]);
  });

  test('renders several trees at once', async () => {
    const renderer = subject.make(world);
    const names = ['one', 'two', 'three', 'four'];
    const results = await Promise.all(
      names.map((name) => world.render(renderer, files({ 'a.yaml': configMap(name) }))),
    );
    results.forEach((result, index) => expect(renderedText(result)).toContain(`name: ${names[index]}`));
    expect(await world.leftovers()).toEqual([]);
  });
}
