/**
 * Git's `ls-refs`, which every fetch begins with, answered without starting git.
 * https://git-scm.com/docs/protocol-v2#_ls_refs
 */
import type { GitRepository } from './git-repository.js';

const flush = '0000';
const delimiter = '0001';

/** The lines of arguments when a request is `ls-refs` in our reading of it, else undefined. */
export function lsRefsArguments(body: Buffer): readonly string[] | undefined {
  const packets = readPackets(body);
  if (packets?.[0] !== 'command=ls-refs') return undefined;
  const from = packets.indexOf(delimiter);
  return from === -1 ? [] : packets.slice(from + 1);
}

/** Undefined where it takes git itself: tags to peel, a HEAD of nothing yet. */
export async function answerLsRefs(git: GitRepository, wanted: readonly string[]): Promise<string | undefined> {
  const prefixes = wanted.flatMap((line) => (line.startsWith('ref-prefix ') ? [line.slice('ref-prefix '.length)] : []));
  const asked = (name: string): boolean => prefixes.length === 0 || prefixes.some((one) => name.startsWith(one));
  const refs = await git.listRefs('refs/');
  const target = await git.headTarget();
  const head = refs.find((ref) => ref.name === target);
  if (head === undefined || refs.some((ref) => ref.type === 'tag')) return undefined;
  const symref = wanted.includes('symrefs') ? ` symref-target:${target}` : '';
  const lines = [
    ...(asked('HEAD') ? [`${head.sha} HEAD${symref}`] : []),
    ...refs.filter((ref) => asked(ref.name)).map((ref) => `${ref.sha} ${ref.name}`),
  ];
  return lines.map(packet).join('') + flush;
}

function packet(line: string): string {
  const text = `${line}\n`;
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
}

/** Without final newlines; undefined when these are no packets. */
function readPackets(bytes: Buffer): readonly string[] | undefined {
  const packets: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const prefix = bytes.toString('latin1', at, at + 4);
    const length = Number.parseInt(prefix, 16);
    if (prefix === flush) return packets;
    if (prefix === delimiter) packets.push(delimiter);
    else if (length > 4) packets.push(bytes.toString('utf8', at + 4, at + length).replace(/\n$/, ''));
    else return undefined;
    at += Math.max(4, length);
  }
  return undefined;
}
