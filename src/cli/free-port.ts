/** Finds a port on the loopback interface before the program that will listen there is started. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to connections going out (from 32768 on Linux, 49152 elsewhere): none of those can take what was found
 * before the program listens. Programs that look at the same time rarely draw the same.
 */
const LOWEST = 10_240;
const HIGHEST = 32_767;
const MOST_DRAWS = 100;

/** `preferred` if it is given and nobody listens there, else any free one. Another program may still be the first to listen on it. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let draws = 0; draws < MOST_DRAWS; draws += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port was found on 127.0.0.1 in ${MOST_DRAWS} draws between ${LOWEST} and ${HIGHEST}.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
