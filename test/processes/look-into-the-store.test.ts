/** `lockkeeper deliveries` and `lockkeeper jobs`, on the store that a bot left. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqliteInbox } from '../../src/adapters/sqlite/sqlite-inbox.js';
import type { SqliteWorkQueue } from '../../src/adapters/sqlite/sqlite-work-queue.js';
import { inboxAndQueue, TemporaryStore } from '../contract/temporary-store.js';
import { startProgram } from './programs.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const event = { kind: 'pull-request', repository, number: 3 } as const;

describe('looking into the store', () => {
  let folder: TemporaryStore;
  let inbox: SqliteInbox;
  let queue: SqliteWorkQueue;
  beforeEach(() => {
    folder = new TemporaryStore();
    ({ inbox, queue } = inboxAndQueue(folder.connect()));
  });
  afterEach(() => folder.remove());

  async function run(...args: string[]): Promise<{ status: number | string; output: string; errors: string }> {
    const program = startProgram(args, { DATA_DIR: folder.directory });
    const status = await program.ended;
    return { status, output: program.output(), errors: program.errors() };
  }

  it('lists deliveries, shows one and has it taken up again', { timeout: 60_000 }, async () => {
    await inbox.record({ id: 'd1', source: 'github', name: 'pull_request.opened', receivedAt: 1_000, event });
    await inbox.record({ id: 'd2', source: 'github', name: 'bad\u001b[2Jname', receivedAt: 2_000, event });
    await inbox.settle('github', 'd1', 'nudged attend');
    expect(await run('deliveries', 'list')).toEqual({
      status: 0,
      output:
        '1970-01-01T00:00:02.000Z  github  bad [2Jname          acme/config#3  d2  waiting\n' +
        '1970-01-01T00:00:01.000Z  github  pull_request.opened  acme/config#3  d1  nudged attend\n',
      errors: '',
    });
    const shown = await run('deliveries', 'show', 'd1', '--json');
    expect(JSON.parse(shown.output)).toMatchObject({ id: 'd1', state: 'settled', event });
    expect(await run('deliveries', 'replay', 'd1')).toEqual({
      status: 0,
      output: 'github d1 is taken up again: attend acme/config#3.\n',
      errors: '',
    });
    expect(await queue.claim()).toMatchObject({ lane: 'github:acme/config', key: 'attend:3' });
    expect(await run('deliveries', 'replay', 'd9')).toMatchObject({
      status: 1,
      errors: expect.stringContaining('No delivery d9 is known.'),
    });
  });

  it('lists jobs that were given up and tries them again', { timeout: 60_000 }, async () => {
    await queue.enqueue({ lane: 'a', key: 'attend:3', subject: { kind: 'attend', repository, number: 3 } });
    const claim = await queue.claim();
    if (claim === null) throw new Error('nothing to claim');
    await queue.bury(claim, 'the forge said no');
    const listed = await run('jobs', 'list');
    expect(listed.output).toMatch(/^1 {2}\S+Z {2}a {2}attend:3 {2}the forge said no\n$/);
    expect(await run('jobs', 'retry', '1', '7', '1', '7')).toEqual({
      status: 1,
      output: '1 is tried again.\n',
      errors: 'lockkeeper jobs: No job 7 was given up; lockkeeper jobs list shows those that were.\n',
    });
    expect(await queue.dead()).toEqual([]);
    expect(await queue.claim()).toMatchObject({ key: 'attend:3', attempt: 1 });
  });
});
