/** Reads a CODEOWNERS file as its forge does: what the forge passes over is passed over, and named. */
import type { ForgeKind } from '../ids.js';
import type { CodeOwnersFault, CodeOwnersProblem } from './code-owners-problem.js';
import type { CodeOwner, CodeOwners, OwnerEntry, OwnerSection } from './code-owners.js';
import { githubPattern, gitlabPattern } from './path-pattern.js';

/** Longer patterns are nobody's; a path has at most 4,096 characters. */
const MAX_PATTERN = 4_096;

export function parseCodeOwners(text: string, file: string, forge: ForgeKind): CodeOwners {
  const lines = text.split(/\r\n|\n/).map((line, index) => ({ text: line, line: index + 1 }));
  const written = lines.filter((line) => !/^\s*(#|$)/.test(line.text));
  return forge === 'github' ? parseGithub(written, file) : parseGitlab(written, file);
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** A space after a backslash is part of its word, and the backslash is not. */
function wordsOf(line: string): readonly [Word, ...Word[]] {
  const words = [...line.matchAll(/(?:\\.|[^\s\\]|\\(?!.))+/g)].map((match) => ({
    text: match[0].replace(/\\(\s)/g, '$1'),
    column: match.index + 1,
  }));
  const [first = { text: '', column: 1 }, ...rest] = words;
  return [first, ...rest];
}

function parseGithub(lines: readonly Line[], file: string): CodeOwners {
  const problems: CodeOwnersProblem[] = [];
  const entries = lines.flatMap((line): OwnerEntry[] => {
    const [pattern, ...owners] = wordsOf(line.text);
    const comment = owners.findIndex((word) => word.text.startsWith('#'));
    const named = (comment === -1 ? owners : owners.slice(0, comment)).map((word) => ({
      word,
      owner: githubOwner(word.text),
    }));
    const malformed = named.find(({ owner }) => owner === null);
    const why: CodeOwnersFault | null =
      patternFault(pattern.text) ??
      (malformed === undefined ? null : { kind: 'no-owner-of-github', word: malformed.word.text });
    if (why !== null) {
      problems.push({ file, line: line.line, column: (malformed?.word ?? pattern).column, why });
      return [];
    }
    return [
      {
        kind: 'owned',
        line: line.line,
        pattern: githubPattern(pattern.text),
        owners: named.flatMap(({ owner }) => (owner === null ? [] : [owner])),
      },
    ];
  });
  return { file, problems, sections: [{ name: null, demand: 'required', approvals: 1, entries }] };
}

/** What GitHub's patterns can't hold: https://docs.github.com/articles/about-code-owners#syntax-exceptions. */
function patternFault(pattern: string): CodeOwnersFault | null {
  if (pattern.startsWith('!')) return { kind: 'negated' };
  if (pattern.startsWith('\\#')) return { kind: 'hash' };
  if (/[[\]]/.test(pattern)) return { kind: 'range' };
  return pattern.length > MAX_PATTERN ? { kind: 'too-long', most: MAX_PATTERN } : null;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function githubOwner(word: string): CodeOwner | null {
  const team = /^@([\w-]+\/[\w.-]+)$/.exec(word)?.[1];
  if (team !== undefined) return { kind: 'team', team };
  const login = /^@([\w-]+)$/.exec(word)?.[1];
  if (login !== undefined) return { kind: 'user', login };
  return EMAIL.test(word) ? { kind: 'email', email: word } : null;
}

interface Heading {
  readonly name: string;
  readonly demand: OwnerSection['demand'];
  readonly approvals: number;
  readonly owners: string;
}

interface GitlabReading {
  readonly file: string;
  readonly problems: CodeOwnersProblem[];
  /** By name in lower case, in the order of the file. */
  readonly sections: Map<string, OwnerSection & { readonly entries: OwnerEntry[] }>;
  section: string;
  defaults: readonly CodeOwner[];
}

function parseGitlab(lines: readonly Line[], file: string): CodeOwners {
  const reading: GitlabReading = {
    file,
    problems: [],
    sections: new Map([['', { name: null, demand: 'required', approvals: 1, entries: [] }]]),
    section: '',
    defaults: [],
  };
  for (const line of lines) {
    const heading = parseHeading(line.text);
    if (heading === null) addEntry(reading, line);
    else openSection(reading, heading, line);
  }
  return { file, problems: reading.problems, sections: [...reading.sections.values()] };
}

function parseHeading(line: string): Heading | null {
  const match = /^\s*(\^)?\[([^\]]+)\](?:\[([^\]]*)\])?(?:\s+(.*))?$/.exec(line);
  const name = match?.[2]?.trim() ?? '';
  if (match === null || name === '') return null;
  return {
    name,
    demand: match[1] === undefined ? 'required' : 'optional',
    // GitLab takes anything but a whole number of 1 or more for 1.
    approvals: /^\d{1,4}$/.test(match[3] ?? '') ? Math.max(1, Number(match[3])) : 1,
    owners: match[4] ?? '',
  };
}

/** Sections of one name are one: required if either is, with the larger number. */
function openSection(reading: GitlabReading, heading: Heading, { line }: Line): void {
  const key = heading.name.toLowerCase();
  const before = reading.sections.get(key);
  const required = heading.demand === 'required' || before?.demand === 'required';
  reading.sections.set(key, {
    name: before?.name ?? heading.name,
    demand: required ? 'required' : 'optional',
    approvals: Math.max(heading.approvals, before?.approvals ?? 1),
    entries: before?.entries ?? [],
  });
  reading.section = key;
  reading.defaults = heading.owners.trim() === '' ? [] : readOwners(reading, wordsOf(heading.owners), line);
}

function addEntry(reading: GitlabReading, { text, line }: Line): void {
  const section = reading.sections.get(reading.section);
  if (section === undefined) return;
  const [first, ...rest] = wordsOf(text);
  const { file, problems } = reading;
  const at = { file, line, column: first.column };
  if (/^\^?\[/.test(first.text)) problems.push({ ...at, why: { kind: 'no-heading' } });
  if (first.text.length > MAX_PATTERN) {
    problems.push({ ...at, why: { kind: 'too-long', most: MAX_PATTERN } });
    return;
  }
  const excluded = first.text.startsWith('!');
  const pattern = (excluded ? first.text.slice(1) : first.text).replace(/^\\#/, '#');
  const own = excluded ? [] : readOwners(reading, rest, line);
  const entry: OwnerEntry = {
    kind: excluded ? 'excluded' : 'owned',
    line,
    pattern: gitlabPattern(pattern),
    owners: own.length > 0 || excluded ? own : reading.defaults,
  };
  section.entries.push(entry);
}

function readOwners(reading: GitlabReading, words: readonly Word[], line: number): readonly CodeOwner[] {
  return words.flatMap((word) => {
    const owner = gitlabOwner(word.text);
    if (owner !== null) return [owner];
    // After a `#` people mean a comment, which GitLab does not know: what names owners there does own, the rest is passed over.
    if (!words.some(({ text, column }) => text.startsWith('#') && column <= word.column)) {
      const why = { kind: 'no-owner-of-gitlab', word: word.text } as const;
      reading.problems.push({ file: reading.file, line, column: word.column, why });
    }
    return [];
  });
}

function gitlabOwner(word: string): CodeOwner | null {
  const role = /^@@(developer|maintainer|owner)s?$/i.exec(word)?.[1]?.toLowerCase();
  if (role === 'developer' || role === 'maintainer' || role === 'owner') return { kind: 'role', role };
  const team = /^@([\w.-]+(?:\/[\w.-]+)+)$/.exec(word)?.[1];
  if (team !== undefined) return { kind: 'team', team };
  const name = /^@([\w.-]+)$/.exec(word)?.[1];
  if (name !== undefined) return { kind: 'user-or-team', name };
  return EMAIL.test(word) ? { kind: 'email', email: word } : null;
}
