/** The forms of text that `.lockkeeper.yaml` knows: durations, globs, image references, names. Each says what it wants. */
import { Range } from 'semver';
import { parseFieldPath } from '../core/yaml/field-path.js';
import type { Conversion, TextFormat } from './shape.js';

const value = <T>(of: T): Conversion<T> => ({ kind: 'value', value: of });
const refused = (why: string | null = null): Conversion<never> => ({ kind: 'refused', why });

function matching(says: string, pattern: RegExp, max: number): TextFormat<string> {
  return {
    says,
    pattern: pattern.source,
    parse: (text) => {
      if (text.length > max) return refused(`is longer than ${max} characters`);
      return pattern.test(text) ? value(text) : refused();
    },
  };
}

const MILLISECONDS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_DURATION = 365 * 86_400_000;

/** Reads to milliseconds. */
export const duration: TextFormat<number> = {
  says: 'a duration such as 90s, 30m, 24h or 7d',
  pattern: '^[0-9]{1,8}[smhd]$',
  parse: (text) => {
    const parts = /^([0-9]{1,8})([smhd])$/.exec(text);
    const unit = MILLISECONDS[parts?.[2] ?? ''];
    if (parts === null || unit === undefined) return refused();
    const length = Number(parts[1]) * unit;
    return length > LONGEST_DURATION ? refused('is longer than 365d') : value(length);
  },
};

/** A glob is matched in time that grows with its length and its alternatives, over every file and by every rule: all are few. */
const GLOB_LIMITS = { characters: 200, stars: 8, alternatives: 16 };

function globProblem(text: string): string | null {
  if (text.length > GLOB_LIMITS.characters) return `is longer than ${GLOB_LIMITS.characters} characters`;
  if (text.startsWith('!')) return 'begins with `!`, and negation is not supported';
  if (/[?*+@!]\(/.test(text)) return 'holds an extended pattern such as `+(…)`, which is not supported';
  if (text.includes('\\')) return 'holds a backslash';
  if ((text.match(/\*+/g) ?? []).length > GLOB_LIMITS.stars) return `has more than ${GLOB_LIMITS.stars} \`*\``;
  return braceProblem(text);
}

function braceProblem(text: string): string | null {
  if (text.includes('..') && text.includes('{')) return 'holds a range such as `{1..9}`, which is not supported';
  let open = 0;
  let alternatives = 1;
  for (const character of text) {
    if (character === '{') open += 1;
    if (character === '}') open -= 1;
    if (open < 0 || open > 1) return 'has braces that are nested or do not match';
    if (open === 1 && character === ',') alternatives *= 2;
  }
  if (open !== 0) return 'has braces that are nested or do not match';
  return alternatives > GLOB_LIMITS.alternatives ? 'has too many alternatives in braces' : null;
}

/** A pattern over names of checks. */
export const checkGlob: TextFormat<string> = {
  says: 'a pattern over names of checks such as ci/*',
  pattern: null,
  parse: (text) => {
    if (text === '') return refused();
    const why = globProblem(text);
    return why === null ? value(text) : refused(why);
  },
};

/** A pattern over paths below a target's directory. */
export const fileGlob: TextFormat<string> = {
  says: "a pattern over paths in the target's directory such as **/*.yaml",
  pattern: null,
  parse: (text) => {
    if (text === '') return refused();
    const why = globProblem(text) ?? relativeProblem(text);
    return why === null ? value(text) : refused(why);
  },
};

/** A pattern over paths of the whole repository. */
export const inputGlob: TextFormat<string> = {
  ...fileGlob,
  says: 'a pattern over paths from the top of the repository such as shared/**',
};

function relativeProblem(path: string): string | null {
  if (path.startsWith('/')) return 'begins with `/`; paths begin inside the repository';
  if (path.endsWith('/')) return 'ends with `/`';
  const bad = path.split('/').find((part) => part === '' || part === '.' || part === '..');
  return bad === undefined ? null : `has the part \`${bad}\``;
}

const PLACEHOLDERS = ['{app}', '{env}'];

/** Where targets live: `apps/{app}/envs/{env}`. */
export const layoutPath: TextFormat<string> = {
  says: 'a path such as apps/{app}/envs/{env}',
  pattern: '^[^/\\\\].*$',
  parse: (text) => {
    if (text === '') return refused();
    if (text.length > 256) return refused('is longer than 256 characters');
    const why = relativeProblem(text) ?? placeholderProblem(text.split('/'));
    return why === null ? value(text) : refused(why);
  },
};

function placeholderProblem(parts: readonly string[]): string | null {
  for (const part of parts) {
    if (/[{}]/.test(part) && !PLACEHOLDERS.includes(part)) {
      return `has the part \`${part}\`: only \`{app}\` and \`{env}\` are known, each as a whole part between slashes`;
    }
    if (/[*?\\]/.test(part)) return `has the part \`${part}\`: patterns are not supported here`;
  }
  if (!parts.includes('{env}')) return 'lacks `{env}`, so the environment of a file could not be told';
  const twice = PLACEHOLDERS.find((name) => parts.indexOf(name) !== parts.lastIndexOf(name));
  return twice === undefined ? null : `has \`${twice}\` twice`;
}

const IMAGE = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/;

/** An image's name without tag or digest. */
export const imageName: TextFormat<string> = {
  says: 'an image such as ghcr.io/acme/api',
  pattern: IMAGE.source,
  parse: (text) => {
    if (text.length > 255) return refused('is longer than 255 characters');
    if (text.includes('@')) return refused(`names a digest; write only \`${text.slice(0, text.indexOf('@'))}\``);
    const colon = text.lastIndexOf(':');
    if (colon > 0 && !text.slice(colon).includes('/')) {
      return refused(`names a tag; write only \`${text.slice(0, colon)}\``);
    }
    return IMAGE.test(text) ? value(text) : refused();
  },
};

/** A range as npm's semver reads it. */
export const semverRange: TextFormat<string> = {
  says: 'a range of versions such as ">=1.0.0 <2" or ^1.4',
  pattern: null,
  parse: (text) => {
    if (text.trim() === '' || text.length > 200) return refused();
    try {
      return value(new Range(text).raw);
    } catch {
      // The library has no other way to say that this is no range.
      return refused();
    }
  },
};

/** Names that `commands` gives another meaning. */
const RESERVED_ENVIRONMENTS = ['users', 'teams', 'permission'];
const ENVIRONMENT = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const environmentName = matching('the name of an environment such as prod', ENVIRONMENT, 63);

export const environmentDeclaration: TextFormat<string> = {
  ...environmentName,
  names: 'new-environment',
  parse: (text) =>
    RESERVED_ENVIRONMENTS.includes(text)
      ? refused('is a word that `commands` needs; name the environment otherwise')
      : environmentName.parse(text),
};

export const environmentReference: TextFormat<string> = { ...environmentName, names: 'environment' };

export const environmentOrStar: TextFormat<string> = {
  says: 'the name of an environment, or "*" for every one',
  pattern: `^\\*$|${ENVIRONMENT.source}`,
  names: 'environment-or-star',
  parse: (text) => (text === '*' ? value(text) : environmentName.parse(text)),
};

export const applicationName = matching(
  'the name of an application such as api',
  /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/,
  100,
);

export const login = matching(
  'a login such as alice, without @',
  /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_-])?(\[bot\])?$/,
  255,
);

export const team = matching(
  "a team such as acme/sre (on GitLab a group's full path), without @",
  /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
  255,
);

/** `images[*].newTag`, `image.tag`, `metadata.labels."app.kubernetes.io/version"`. */
export const fieldPath: TextFormat<string> = {
  says: 'a path to a field such as image.tag or images[*].newTag',
  pattern: null,
  parse: (text) => {
    if (text.length > 200) return refused('is longer than 200 characters');
    return parseFieldPath(text) === null ? refused() : value(text);
  },
};

export const relativeFile: TextFormat<string> = {
  says: "a file in the target's directory such as values.yaml",
  pattern: '^[^/\\\\*?]',
  parse: (text) => {
    if (text === '' || /[*?\\]/.test(text)) return refused();
    if (text.length > 200) return refused('is longer than 200 characters');
    const why = relativeProblem(text);
    return why === null ? value(text) : refused(why);
  },
};

/** Where helm looks: `{app}` and `{env}` may stand anywhere in it. */
function helmPathProblem(text: string): string | null {
  if (text.length > 256) return 'is longer than 256 characters';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'is an address: only what the repository holds is rendered';
  if (/[*?\\\0\n]/.test(text)) return 'holds a character that paths here can’t have';
  return unknownPlaceholder(text);
}

function unknownPlaceholder(text: string): string | null {
  return /[{}]/.test(text.replaceAll(/\{(app|env)\}/g, '')) ? 'has braces: only `{app}` and `{env}` are known' : null;
}

export const chartPath: TextFormat<string> = {
  says: 'a directory such as charts/{app} or ../../chart',
  pattern: '^[^/\\\\*?]',
  parse: (text) => {
    if (text === '') return refused();
    const why = text.startsWith('/') ? 'begins with `/`; paths begin inside the repository' : helmPathProblem(text);
    return why === null ? value(text) : refused(why);
  },
};

export const valuesPath: TextFormat<string> = {
  says: 'a file such as {env}.yaml or /values/{app}.yaml',
  pattern: '^[^\\\\*?]',
  parse: (text) => {
    if (text === '' || text.endsWith('/')) return refused();
    const why = helmPathProblem(text);
    return why === null ? value(text) : refused(why);
  },
};

/** A release or a namespace. What helm makes of it when filled in is helm's to say. */
export const namePattern: TextFormat<string> = {
  says: 'a name such as {app} or {app}-{env}',
  pattern: '^[a-z0-9{][a-z0-9.{}-]*$',
  parse: (text) => {
    if (text.length > 100) return refused('is longer than 100 characters');
    if (!/^[a-z0-9{][a-z0-9.{}-]*$/.test(text)) return refused();
    const why = unknownPlaceholder(text);
    return why === null ? value(text) : refused(why);
  },
};

export const commandName = matching('the name of a command such as jsonnet', /^[A-Za-z0-9][A-Za-z0-9._-]*$/, 63);

export const ruleName: TextFormat<string> = {
  says: 'a name of at most 100 characters on one line',
  pattern: '^\\S[^\\n\\r]{0,99}$',
  names: 'rule',
  parse: (text) => (/^\S[^\n\r]{0,99}$/.test(text) ? value(text) : refused()),
};
