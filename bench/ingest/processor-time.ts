/** What a process of a benchmark spends of the processors: asked of it, since only it knows what all of its threads took. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const QUESTION = 'processor time';

/** In the process that is measured. */
export function tellProcessorTime(): void {
  process.on('message', (message) => {
    if (message === QUESTION) process.send?.(processorTime());
  });
}

/** In µs since the process began: its own and what the kernel did for it, of all its threads. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Of a child that {@link tellProcessorTime | tells}. */
export async function askProcessorTime(child: ChildProcess): Promise<number> {
  const answered = once(child, 'message');
  child.send(QUESTION);
  const [spent] = (await answered) as [number];
  return spent;
}
