/** `lockkeeper jobs`: the jobs that were given up, and trying them again. */
import type { DeadJob } from '../../ports/work-queue.js';
import { columns } from './columns.js';
import { withStorage } from './with-storage.js';

const COMMAND = 'lockkeeper jobs';

/** Oldest first. Resolves to the exit status, as the other does. */
export async function listJobs(output: 'text' | 'json', environment: NodeJS.ProcessEnv): Promise<number> {
  return withStorage({ command: COMMAND, environment }, async ({ queue }) => {
    const buried = await queue.dead();
    if (output === 'json') for (const job of buried) console.log(JSON.stringify(shown(job)));
    else if (buried.length === 0) console.log('No job was given up.');
    else for (const line of columns(buried.map(lineOf))) console.log(line);
    return 0;
  });
}

/** The bot that uses the same store takes them up within a second, or when it starts. */
export async function retryJobs(
  wanted: { readonly ids: readonly string[] } | 'all',
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  return withStorage({ command: COMMAND, environment }, async ({ queue }) => {
    const ids = wanted === 'all' ? (await queue.dead()).map((job) => job.id) : new Set(wanted.ids);
    let [again, unknown] = [0, 0];
    for (const id of ids) {
      if ((await queue.unbury(id)) === 'enqueued') {
        console.log(`${id} is tried again.`);
        again += 1;
        continue;
      }
      // Of all, one may have been tried again, or have succeeded, since they were listed: it is no longer among them.
      if (wanted === 'all') continue;
      console.error(`${COMMAND}: No job ${id} was given up; lockkeeper jobs list shows those that were.`);
      unknown += 1;
    }
    if (again + unknown === 0) console.log('No job was given up.');
    return unknown === 0 ? 0 : 1;
  });
}

function shown(job: DeadJob): object {
  const { at, ...rest } = job;
  return { ...rest, at: new Date(at).toISOString() };
}

function lineOf(job: DeadJob): readonly string[] {
  return [job.id, new Date(job.at).toISOString(), job.lane, job.key, job.reason];
}
