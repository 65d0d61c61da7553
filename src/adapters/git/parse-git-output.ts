/** What git prints with `-z`, as values. */
import type { Commit } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';

/** NUL-terminated fields; bytes that are no UTF-8 become U+FFFD. */
export function splitFields(output: Uint8Array): readonly string[] {
  const fields = new TextDecoder('utf-8', { ignoreBOM: true }).decode(output).split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
}

/** `git diff-tree --numstat -z`: `ADDED<TAB>REMOVED<TAB>PATH`, with `-` for both of a binary file. Null where there is one. */
export function sumOfLines(output: Uint8Array): number | null {
  let sum = 0;
  for (const field of splitFields(output)) {
    const [added = '', removed = ''] = field.split('\t', 2);
    if (!/^\d+$/.test(added) || !/^\d+$/.test(removed)) return null;
    sum += Number(added) + Number(removed);
  }
  return sum;
}

/** The first header of a commit is its tree, of a tag its object. */
export function pointedTo(bytes: Uint8Array): Sha | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 80));
  return /^(?:tree|object) ([0-9a-f]{40,64})\n/.exec(head)?.[1] ?? null;
}

/** For `git log -z --format=…`; a message holds no NUL. */
export const LOG_FORMAT = '--format=tformat:%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%s%x00%B';
const LOG_FIELDS = 9;

export function parseLog(output: Uint8Array): readonly Commit[] {
  const fields = splitFieldsKeepingEmpty(output);
  const commits: Commit[] = [];
  for (let start = 0; start + LOG_FIELDS <= fields.length; start += LOG_FIELDS)
    commits.push(toCommit(fields.slice(start, start + LOG_FIELDS)));
  return commits;
}

/** An empty last field is the message of a commit without one. */
function splitFieldsKeepingEmpty(output: Uint8Array): readonly string[] {
  return new TextDecoder().decode(output).split('\0').slice(0, -1);
}

function toCommit(fields: readonly string[]): Commit {
  const [sha = '', parents = '', authorName = '', authorEmail = '', committerName = '', committerEmail = ''] = fields;
  const [seconds = '0', subject = '', message = ''] = fields.slice(6);
  return {
    sha,
    parents: parents === '' ? [] : parents.split(' '),
    subject,
    message,
    authorName,
    authorEmail,
    committerName,
    committerEmail,
    committedAt: Number(seconds) * 1000,
  };
}
