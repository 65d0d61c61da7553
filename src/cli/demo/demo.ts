/** `lockkeeper demo`: a local forge, the real bot, and a release played before one's eyes. */
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilStopped } from '../until-stopped.js';
import type { DemoOptions } from './demo-options.js';
import { demoStory, ownStory, type DemoStory } from './demo-story.js';
import { invitation } from './invitation.js';
import { endingSentence, jsonNarrator, sentenceNarrator } from './narrate.js';
import { playRelease } from './play-release.js';
import { startWorld, type DemoWorld } from './start-world.js';

/** Resolves to the exit status: 0, 1 if a step did not happen, 2 if the repository can't be played on. */
export async function demo(options: DemoOptions, environment: NodeJS.ProcessEnv): Promise<number> {
  const reading =
    options.repository === null
      ? ({ kind: 'story', story: await demoStory() } as const)
      : await ownStory(options.repository);
  if (reading.kind === 'none') {
    console.error(`lockkeeper demo can’t play on ${options.repository ?? ''}:`);
    for (const problem of reading.problems) console.error(`  ${problem}`);
    return 2;
  }
  const stopped = untilStopped();
  const world = await startWorld({ forge: options.forge, story: reading.story, path: environment['PATH'] ?? '' });
  try {
    const played = play(options, reading.story, world);
    const first = await Promise.race([played, stopped]);
    if (typeof first === 'string') return 130;
    if (options.after === 'once') return first;
    if (options.output === 'sentences') console.log(invitation(options.forge, reading.story.script, world));
    await stopped;
    if (options.output === 'sentences') console.log('\nEnding both.');
    return first;
  } finally {
    await world.close();
  }
}

async function play(options: DemoOptions, { script }: DemoStory, world: DemoWorld): Promise<number> {
  const start = Date.now();
  const elapsed = (): number => Date.now() - start;
  const narrator = options.output === 'json' ? jsonNarrator : sentenceNarrator;
  const { forgeUrl, botUrl, apiToken } = world;
  const narrate = narrator((line) => console.log(line), elapsed);
  const { ending, failure } = await playRelease({ forgeUrl, botUrl, apiToken, script, narrate });
  console.log(options.output === 'json' ? JSON.stringify(ending) : `\n${endingSentence(ending)}`);
  if (failure !== null) console.error(`The bot’s log is kept in ${await keepLog(world.logFile)}`);
  return ending.ok ? 0 : 1;
}

/** Outside of the folder that is removed at the end. */
async function keepLog(file: string): Promise<string> {
  const kept = join(tmpdir(), `lockkeeper-demo-failed-${process.pid}.log`);
  await copyFile(file, kept);
  return kept;
}
