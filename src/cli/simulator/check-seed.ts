/** What is wrong with a seed file: every problem at once, each with the place it is at. */

/** Problems of a value found at `path`; none where it is fine. */
type Check = (value: unknown, path: string) => readonly string[];

const text: Check = (value, path) => (typeof value === 'string' && value !== '' ? [] : [`${path} must be a text.`]);
const content: Check = (value, path) => (typeof value === 'string' ? [] : [`${path} must be a text.`]);
const flag: Check = (value, path) => (typeof value === 'boolean' ? [] : [`${path} must be true or false.`]);
const number: Check = (value, path) =>
  Number.isSafeInteger(value) && Number(value) > 0 ? [] : [`${path} must be a whole number above 0.`];

function oneOf(...words: readonly string[]): Check {
  return (value, path) => (words.includes(String(value)) ? [] : [`${path} must be one of ${words.join(', ')}.`]);
}

function either(first: Check, second: Check): Check {
  return (value, path) => (first(value, path).length === 0 ? [] : second(value, path));
}

function listOf(each: Check): Check {
  return (value, path) =>
    Array.isArray(value) ? value.flatMap((one, index) => each(one, `${path}[${index}]`)) : [`${path} must be a list.`];
}

function mapOf(each: Check): Check {
  return (value, path) =>
    isMapping(value)
      ? Object.entries(value).flatMap(([key, one]) => each(one, `${path}.${key}`))
      : [`${path} must be a mapping.`];
}

/** Keys that end in `!` must be there. */
function record(fields: Readonly<Record<string, Check>>): Check {
  const known = new Map(Object.entries(fields).map(([key, check]) => [key.replace('!', ''), check]));
  const needed = Object.keys(fields).flatMap((key) => (key.endsWith('!') ? [key.slice(0, -1)] : []));
  return (value, path) => {
    if (!isMapping(value)) return [`${path} must be a mapping.`];
    const missing = needed.filter((key) => !(key in value)).map((key) => `${path} needs ${key}.`);
    const wrong = Object.entries(value).flatMap(([key, one]) => {
      const check = known.get(key);
      return (
        check?.(one, `${path}.${key}`) ?? [`${path} has no key ${key}; known are ${[...known.keys()].join(', ')}.`]
      );
    });
    return [...missing, ...wrong];
  };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const level = oneOf('none', 'read', 'triage', 'write', 'maintain', 'admin');
const webhook = record({ 'url!': text, secret: text, signingToken: text });

const seed = record({
  users: listOf(
    record({ 'login!': text, name: text, email: text, kind: oneOf('person', 'bot'), tokens: listOf(text) }),
  ),
  organisations: listOf(
    record({ 'login!': text, name: text, owners: listOf(text), members: listOf(text), teams: mapOf(listOf(text)) }),
  ),
  repositories: listOf(
    record({
      'name!': text,
      description: text,
      private: flag,
      defaultBranch: text,
      files: mapOf(content),
      copyOf: text,
      collaborators: mapOf(level),
      teams: mapOf(level),
      protections: listOf(
        record({
          'pattern!': text,
          requiredChecks: listOf(text),
          strict: flag,
          requiredApprovals: either(number, oneOf('0')),
          dismissStaleReviews: flag,
          enforceAdmins: flag,
          push: oneOf('nobody', 'read', 'triage', 'write', 'maintain', 'admin'),
          merge: oneOf('nobody', 'read', 'triage', 'write', 'maintain', 'admin'),
          allowForcePushes: flag,
        }),
      ),
      webhooks: listOf(webhook),
      settings: record({
        mergeMethods: listOf(oneOf('merge', 'squash', 'rebase')),
        deleteBranchOnMerge: flag,
        pipelinesMustSucceed: flag,
        pipelineJobs: listOf(text),
        resetApprovalsOnPush: flag,
        semiLinear: flag,
      }),
    }),
  ),
  apps: listOf(
    record({
      'id!': number,
      'slug!': text,
      name: text,
      publicKey: text,
      webhook: record({ 'url!': text, 'secret!': text }),
      installations: listOf(
        record({ 'id!': number, 'account!': text, repositories: either(oneOf('all'), listOf(text)) }),
      ),
    }),
  ),
});

/** Of a value as JSON or YAML gives it. */
export function checkSeed(value: unknown): readonly string[] {
  return seed(value, 'seed');
}
