/** Which repository is played on, with whom, and what is to happen. */
import { parseConfiguration } from '../../config/parse-configuration.js';
import type { Configuration } from '../../core/configuration.js';
import { demoFiles, demoRepository } from '../../simulator/demo-seed.js';
import { castOf } from './cast.js';
import { readOwnRepository } from './own-repository.js';
import { writeScript, type ReleaseScript, type WrittenScript } from './release-script.js';

export interface DemoStory {
  readonly script: ReleaseScript;
  readonly configuration: Configuration;
  /** Path of the repository to copy, or null for the demo's own files. */
  readonly copyOf: string | null;
}

type StoryReading =
  | { readonly kind: 'story'; readonly story: DemoStory }
  | { readonly kind: 'none'; readonly problems: readonly string[] };

/** The version that the demo's own repository is brought to. */
const DEMO_VERSION = '1.1.0';

/** The demo's own repository, from 1.0.0 to 1.1.0. */
export async function demoStory(): Promise<DemoStory> {
  const texts = demoFiles();
  const parsed = parseConfiguration(texts['.lockkeeper.yaml'] ?? '', '.lockkeeper.yaml');
  if (parsed.kind === 'invalid')
    throw new Error(`The demo’s configuration is broken: ${JSON.stringify(parsed.problems)}`);
  const { configuration } = parsed;
  const files = {
    paths: () => Promise.resolve(Object.keys(texts)),
    text: (path: string) => Promise.resolve(texts[path] ?? ''),
  };
  const written = await writeScript({
    repository: demoRepository,
    branch: 'main',
    configuration,
    files,
    version: DEMO_VERSION,
  });
  return { script: scriptOf(written), configuration, copyOf: null };
}

function scriptOf(written: WrittenScript): ReleaseScript {
  if (written.kind === 'written') return written.script;
  throw new Error(`The demo’s repository has nothing to release: ${written.reason}`);
}

/** A forge lets the bot read the teams of the repository's own organisation, so it is the one that the teams are of. */
function ownerFor(configuration: Configuration): string {
  return castOf(configuration).teams[0]?.split('/')[0] ?? 'acme';
}

/** The user's own repository, from what it is at to the next version. */
export async function ownStory(path: string): Promise<StoryReading> {
  const own = await readOwnRepository(path);
  if (own.kind === 'unfit') return { kind: 'none', problems: own.problems };
  const { branch, configuration, files } = own;
  const repository = `${ownerFor(configuration)}/config`;
  const written = await writeScript({ repository, branch, configuration, files });
  if (written.kind === 'nothing-to-release') return { kind: 'none', problems: [written.reason] };
  return { kind: 'story', story: { script: written.script, configuration, copyOf: own.path } };
}
