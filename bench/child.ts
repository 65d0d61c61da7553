/** Programs of a benchmark in processes of their own: each is given one order, and answers when it is ready. Tests run the benchmarks compiled. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

export async function startChild(file: URL, order: object): Promise<{ child: ChildProcess; answer: unknown }> {
  const compiled = import.meta.url.endsWith('.js');
  // Compiled programs lie beside one another.
  const program = compiled ? new URL(`${basename(file.pathname, '.ts')}.js`, import.meta.url) : file;
  const child = fork(fileURLToPath(program), {
    execArgv: compiled ? [] : ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file.pathname} ended with ${code}`);
  });
  child.send(order);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  ended.catch(() => undefined);
  return { child, answer };
}

/** It ends by itself when it is let go of. */
export async function stopChild(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
