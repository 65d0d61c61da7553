/** Histories that no person would write, for git itself to judge: criss-cross, octopus, several roots, dates that lie, unusual names. */

export type Chance = (below: number) => number;

/** The same numbers for the same seed. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES = [
  'a',
  'a.b',
  'a-b',
  'A',
  'a b',
  'ä',
  '日本',
  'q"uote',
  'back\\slash',
  'tab\t',
  'new\nline',
  '..x',
  '*',
  '\u{1f600}',
  '﹅',
];
const MODES = ['100644', '100644', '100755', '120000', '160000'];
const PEOPLE = ['Zoë "Z" x <zoe@example.test>', 'A <a>', '日本 <b@example.test>'];
const ODD_PEOPLE = ['B. <b c@d>', '<nameless@example.test>', 'C <>'];
const MESSAGES = [
  'One line\n',
  'No newline',
  '',
  '\n\n  Late subject  \nsecond line \n\nBody\r\nmore\n\n\n',
  'Grüße \u{1f600}\n\nTrailer: yes\n',
  '\ufeffmarked\n',
  ' \t\n',
];

/** What `git fast-import` takes: each commit has the mark of its place, from 1, and is the branch `cN`. */
export function randomHistory(seed: number, size: number): string {
  const chance = chanceOf(seed);
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => from[chance(from.length)] as T;
  const style = pick(['growing', 'equal', 'lying'] as const);
  const lines: string[] = [];
  for (let at = 1; at <= size; at += 1) {
    const reach = Math.min(at - 1, 6);
    const count = at === 1 || chance(12) === 0 ? 0 : pick([1, 1, 1, 2, 2, 3]);
    const parents = new Set(Array.from({ length: count }, () => at - 1 - chance(reach)));
    const date = 1_700_000_000 + { growing: at * 60, equal: Math.floor(at / 5), lying: chance(600) }[style];
    const message = Buffer.from(pick(MESSAGES));
    lines.push(`commit refs/heads/c${at}`, `mark :${at}`);
    const person = (): string => pick(chance(40) === 0 ? ODD_PEOPLE : PEOPLE);
    lines.push(`author ${person()} ${date - chance(99)} +0230`, `committer ${person()} ${date} -0100`);
    if (chance(60) === 0) lines.push('encoding ISO-8859-1');
    lines.push(`data ${message.length}`, message.toString());
    for (const [index, parent] of [...parents].entries()) lines.push(`${index === 0 ? 'from' : 'merge'} :${parent}`);
    for (let change = chance(4); change > 0; change -= 1) lines.push(...randomChange(chance, pick));
    lines.push('');
  }
  return `${lines.join('\n')}\ndone\n`;
}

function randomChange(chance: Chance, pick: <T>(from: readonly T[]) => T): readonly string[] {
  const depth = 1 + chance(4);
  const path = Array.from({ length: depth }, () => pick(NAMES)).join('/');
  const quoted = `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  if (chance(4) === 0) return [`D ${quoted}`];
  const mode = pick(MODES);
  if (mode === '160000') return [`M 160000 ${String(chance(10)).repeat(40)} ${quoted}`];
  const content = `content ${chance(5)}`;
  return [`M ${mode} inline ${quoted}`, `data ${content.length}`, content];
}
