/** A program for spawner.test.ts: starts a child, prints who runs, and then does as it is told: ends by itself, or waits for the child. */
import { startChild } from '../../src/spawner/start-child.js';

const [what] = process.argv.slice(2);
// The child's parent is the spawner; its own group has one more, to be ended with it.
const script = what === 'wait' ? 'sleep 600 & echo $PPID $$ $!; wait' : 'echo $PPID $$ $$';
const child = startChild({ program: 'sh', arguments: ['-c', script], environment: {} });
child.stderr.resume();
child.stdout.on('data', (text: Buffer) => process.stdout.write(text));
child.stdin.end();
