/** The forms of text that `policy` knows: windows, comparisons, regular expressions, labels, kinds. Each says what it wants. */
import { RE2JS } from 're2js';
import type { Comparison, CostThreshold } from '../core/policy/policy-rules.js';
import { parseWeeklyWindow, type WeeklyWindow } from '../core/time/weekly-window.js';
import type { Conversion, TextFormat } from './shape.js';
import { checkGlob, fileGlob } from './text-formats.js';

const value = <T>(of: T): Conversion<T> => ({ kind: 'value', value: of });
const refused = (why: string | null = null): Conversion<never> => ({ kind: 'refused', why });

export const weeklyWindow: TextFormat<WeeklyWindow> = {
  says: 'a weekly window such as "Mon-Thu 09:00-16:00 Europe/Brussels"',
  pattern: '^\\S+( \\S+){1,2}$',
  parse: (text) => {
    if (text.length > 200) return refused('is longer than 200 characters');
    const reading = parseWeeklyWindow(text);
    return reading.kind === 'window' ? value(reading.window) : refused(reading.why);
  },
};

const COMPARISON = /^(<=|>=|<|>)\s*(\d{1,9}(?:\.\d{1,4})?)\s*(%?)$/;

function readComparison(text: string): (Comparison & { readonly percent: boolean }) | null {
  const parts = COMPARISON.exec(text);
  const operator = OPERATORS.find((each) => each === parts?.[1]);
  if (parts === null || operator === undefined) return null;
  return { operator, value: Number(parts[2]), percent: parts[3] === '%' };
}

const OPERATORS = ['<', '<=', '>', '>='] as const;

export const countComparison: TextFormat<Comparison> = {
  says: 'a comparison such as "<= 10" or "> 500"',
  pattern: '^(<=|>=|<|>)\\s*[0-9]{1,9}$',
  parse: (text) => {
    const read = readComparison(text);
    if (read === null) return refused();
    if (read.percent || !Number.isInteger(read.value)) return refused('is no comparison with a whole number');
    return value({ operator: read.operator, value: read.value });
  },
};

export const costThreshold: TextFormat<CostThreshold> = {
  says: 'a comparison such as "> 100", in the currency of `prices` a month, or "> 20%"',
  pattern: '^(<=|>=|<|>)\\s*[0-9]{1,9}(\\.[0-9]{1,4})?\\s*%?$',
  parse: (text) => {
    const read = readComparison(text);
    if (read === null) return refused();
    return value({ operator: read.operator, value: read.value, unit: read.percent ? 'percent' : 'money' });
  },
};

/** RE2: what it can't match in linear time it does not know, such as backreferences and looking around. */
export const regularExpression: TextFormat<string> = {
  says: 'a regular expression such as ^fix: or OPS-[0-9]+',
  pattern: null,
  parse: (text) => {
    if (text === '') return refused();
    if (text.length > 500) return refused('is longer than 500 characters');
    try {
      RE2JS.compile(text);
      return value(text);
    } catch (cause) {
      // The library has no other way to say that it can't read one.
      const why = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : 'it can’t be read';
      return refused(`RE2, which reads it so that no text takes long, says: ${why}`);
    }
  },
};

export const branchGlob: TextFormat<string> = {
  ...checkGlob,
  says: 'a pattern over names of branches such as main or release-*',
};

/** A pattern over names of other people's checks. */
export const otherCheckGlob: TextFormat<string> = {
  ...checkGlob,
  parse: (text) =>
    text.startsWith('lockkeeper/')
      ? refused('names a check of Lockkeeper itself, which would wait for its own answer')
      : checkGlob.parse(text),
};

export const changedFileGlob: TextFormat<string> = {
  ...fileGlob,
  says: 'a pattern over paths from the top of the repository such as docs/** or **/*.md',
};

export const regoGlob: TextFormat<string> = {
  ...fileGlob,
  says: 'a pattern over files from the top of the repository such as policy/*.rego',
};

/** Read by its path as it is written, so nothing in it may mean another place. */
export const policyFilePath: TextFormat<string> = {
  says: 'a file from the top of the repository such as policy.yaml or .lockkeeper/policy.yaml',
  pattern: '^[^/\\\\*?\\[\\]{}]+(/[^/\\\\*?\\[\\]{}]+)*\\.ya?ml$',
  names: 'policy-file',
  parse: (text) => {
    if (!/^[^\0\n\r\\*?[\]{}]{1,200}\.ya?ml$/.test(text)) return refused();
    if (text === '.lockkeeper.yaml') return refused('is the configuration itself: write the rules under `rules`');
    const parts = text.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..'))
      return refused('is no plain path: write it from the top of the repository, without `.` and `..`');
    return value(text);
  },
};

export const label: TextFormat<string> = {
  says: "a label's name",
  pattern: '^[^\\n\\r]{1,255}$',
  parse: (text) => (/^[^\n\r]{1,255}$/.test(text) && text.trim() === text ? value(text) : refused()),
};

export const resourceKind: TextFormat<string> = {
  says: 'a kind of resources such as ClusterRole',
  pattern: '^[A-Z][A-Za-z0-9]{0,62}$',
  parse: (text) => (/^[A-Z][A-Za-z0-9]{0,62}$/.test(text) ? value(text) : refused()),
};
