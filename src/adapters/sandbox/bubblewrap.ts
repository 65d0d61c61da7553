/**
 * How bubblewrap (https://github.com/containers/bubblewrap) is told to run a program: without a network, in namespaces of its own for
 * processes, IPC, host name and users, without capabilities, on a disk that holds the system's programs (read only), what the request
 * names, and nothing else. It ends with us, and everything in it ends with it.
 */
import { dirname } from 'node:path';
import type { Disk } from '../../ports/processes.js';

/** The system's programs, libraries, and how they are found; none of it is anybody's secret. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/nix/store', '/gnu/store'] as const;
const SETTINGS = ['/etc/alternatives', '/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d', '/etc/localtime'];

/** Of everything that is written to places that are forgotten, each. */
const SCRATCH_BYTES = 256 * 1024 * 1024;

interface Confined {
  readonly disk: Disk;
  /** Of programs that must be seen, wherever they lie. */
  readonly programs: readonly string[];
  /** Where programs are looked for. */
  readonly path: readonly string[];
  readonly directory: string;
}

/** Namespaces, rights and identity of its own, and nothing of the machine's. */
const APART: readonly string[] =
  '--unshare-all --unshare-user --disable-userns --die-with-parent --new-session --cap-drop ALL --uid 65534 --gid 65534 --hostname sandbox --proc /proc --dev /dev'.split(
    ' ',
  );

/** Arguments for `bwrap`, before the program. */
export function bubblewrapArguments({ disk, programs, path, directory }: Confined): readonly string[] {
  const seen = [...SYSTEM, ...SETTINGS, ...path, ...programs.map(dirname)];
  return [
    ...APART,
    ...scratch('/tmp'),
    ...[...new Set(seen)].flatMap((place) => ['--ro-bind-try', place, place]),
    ...disk.scratch.flatMap(scratch),
    ...disk.read.flatMap((place) => ['--ro-bind', place, place]),
    ...disk.write.flatMap((place) => ['--bind', place, place]),
    '--remount-ro',
    '/',
    '--chdir',
    directory,
    '--',
  ];
}

function scratch(place: string): readonly string[] {
  return ['--size', String(SCRATCH_BYTES), '--tmpfs', place];
}
