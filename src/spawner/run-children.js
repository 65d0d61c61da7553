// @ts-check
/**
 * The spawner: a program that starts others for the process that started it (spawner.ts), and ends them and itself when that is gone.
 *
 * To start a child, Node copies the page tables of the whole process on its one thread: 1 ms in a process of 50 MB, several in one of a
 * few hundred, and the bot starts dozens for each pull request. This one stays small, and so imports nothing but Node and its own messages.
 * It is plain JavaScript because it is started as it lies here, compiled or not: a compiler's loader would make it large.
 *
 * Orders come and reports go (messages.ts) on one socket, the file descriptor 3.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { FrameReader, frame } from './frames.js';
import { signalGroup } from './signal-group.js';

/**
 * @import { ChildProcessWithoutNullStreams } from 'node:child_process'
 * @import { Readable } from 'node:stream'
 * @import { GroupSignal, Order, OutputName, Report } from './messages.js'
 */

/** @type {Map<number, ChildProcessWithoutNullStreams>} */
const children = new Map();

/** Outputs that are not read because the reports before them wait to be taken. @type {Set<Readable>} */
const crowded = new Set();

/** Outputs that are not read because whoever wants them does not keep up. @type {Set<Readable>} */
const unwanted = new Set();

const socket = new Socket({ fd: 3 });

/**
 * False when reports wait to be taken.
 *
 * @param {Report} message
 * @param {Buffer} [bytes]
 */
function report(message, bytes) {
  const [head, body] = frame(message, bytes);
  socket.cork();
  let room = socket.write(head);
  if (body !== undefined) room = socket.write(body);
  socket.uncork();
  return room;
}

/** @param {Extract<Order, { kind: 'start' }>} order */
function start({ id, ...order }) {
  const child = spawn(order.program, [...order.arguments], {
    cwd: order.directory,
    env: { ...order.environment },
    // Its own session: a group that can be signalled as one, without a terminal to prompt on.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) {
    child.on('error', (error) => fail(id, error));
    return;
  }
  children.set(id, child);
  report({ kind: 'started', id, pid: child.pid });
  child.stdin.on('drain', () => report({ kind: 'more-input', id }));
  // A program may end without reading its input; its exit status says how that went.
  child.stdin.on('error', () => {
    child.stdin.destroy();
    report({ kind: 'more-input', id });
  });
  follow(id, child, 'stdout');
  follow(id, child, 'stderr');
  // What it left running would keep its output open for ever.
  child.on('exit', () => signal(child, 'SIGKILL'));
  child.on('close', (status) => {
    children.delete(id);
    unwanted.delete(child.stdout);
    unwanted.delete(child.stderr);
    report({ kind: 'ended', id, status });
  });
}

/**
 * @param {number} id
 * @param {unknown} error
 */
function fail(id, error) {
  const { code = 'UNKNOWN', message } = /** @type {NodeJS.ErrnoException} */ (error);
  report({ kind: 'failed', id, code, message });
}

/**
 * @param {number} id
 * @param {ChildProcessWithoutNullStreams} child
 * @param {OutputName} output
 */
function follow(id, child, output) {
  const stream = child[output];
  stream.on('data', (/** @type {Buffer} */ chunk) => {
    if (!report({ kind: 'output', id, output }, chunk)) hold(crowded, stream);
  });
}

/**
 * @param {Set<Readable>} why
 * @param {Readable} stream
 */
function hold(why, stream) {
  why.add(stream);
  stream.pause();
}

/**
 * @param {Set<Readable>} why
 * @param {Readable} stream
 */
function release(why, stream) {
  why.delete(stream);
  if (!crowded.has(stream) && !unwanted.has(stream)) stream.resume();
}

/**
 * @param {ChildProcessWithoutNullStreams} child
 * @param {GroupSignal} name
 */
function signal(child, name) {
  if (child.pid !== undefined) signalGroup(child.pid, name);
}

/**
 * @param {Order} order
 * @param {Buffer} bytes
 */
function obey(order, bytes) {
  if (order.kind === 'start') {
    try {
      start(order);
    } catch (error) {
      // Arguments that no program can be given, such as those that hold a zero byte.
      fail(order.id, error);
    }
    return;
  }
  if (order.kind === 'ask') {
    report({ kind: 'here' });
    return;
  }
  const child = children.get(order.id);
  if (child === undefined) return;
  switch (order.kind) {
    case 'input':
      if (child.stdin.writable && !child.stdin.write(bytes)) report({ kind: 'hold-input', id: order.id });
      return;
    case 'input-end':
      child.stdin.end();
      return;
    case 'signal':
      signal(child, order.signal);
      return;
    case 'hold-output':
      hold(unwanted, child[order.output]);
      return;
    case 'more-output':
      release(unwanted, child[order.output]);
      return;
  }
}

/** Nobody is left to run anything for. */
function end() {
  for (const child of children.values()) signal(child, 'SIGKILL');
  process.exit(0);
}

/** @type {FrameReader<Order>} */
const orders = new FrameReader(obey);
socket.on('data', (chunk) => orders.read(chunk));
socket.on('close', end);
socket.on('error', end);
socket.on('drain', () => {
  for (const stream of crowded) release(crowded, stream);
});
// A terminal's or a service manager's signal is for the process that it works for, which may have children to wait for.
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => undefined);
