/** The `actions` of `POST repository/commits` as file actions of the forge. */

import type { FileAction } from '../forge/commits.js';
import { invalidParameter, refuse } from './gitlab-answer.js';
import { GitlabInput } from './gitlab-input.js';

type Age = { readonly lastCommit?: string };

const ACTIONS = ['create', 'update', 'delete', 'move', 'chmod'] as const;

/** A path that could leave the repository or reach into git's own folder is refused, as Gitaly does. */
function checkedPath(path: string): string {
  const bad = path
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
  return bad ? refuse(400, 'invalid path: Path cannot include directory traversal') : path;
}

function contentOf(input: GitlabInput): Buffer | undefined {
  const text = input.text('content');
  const encoding = input.oneOf('encoding', ['text', 'base64']) ?? 'text';
  return text === undefined ? undefined : Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}

function parseMove(input: GitlabInput, path: string, age: Age): FileAction {
  const previousPath = checkedPath(input.text('previous_path') ?? refuse(400, 'You must provide a previous path'));
  const content = contentOf(input);
  return { kind: 'move', path, previousPath, ...(content === undefined ? {} : { content }), ...age };
}

function parseCreate(input: GitlabInput, path: string): FileAction {
  const executable = input.flag('execute_filemode') === true ? { executable: true } : {};
  return { kind: 'create', path, content: contentOf(input) ?? Buffer.alloc(0), ...executable };
}

function parseAction(value: unknown): FileAction {
  if (typeof value !== 'object' || value === null) return invalidParameter('actions is invalid');
  const input = new GitlabInput({ ...value });
  const kind = input.oneOf('action', ACTIONS) ?? invalidParameter('actions[0][action] is missing');
  const path = checkedPath(input.requiredText('file_path'));
  const lastCommit = input.text('last_commit_id');
  const age: Age = lastCommit === undefined ? {} : { lastCommit };
  switch (kind) {
    case 'create':
      return parseCreate(input, path);
    case 'update':
      return { kind, path, content: contentOf(input) ?? refuse(400, 'You must provide content'), ...age };
    case 'delete':
      return { kind, path, ...age };
    case 'chmod':
      return { kind, path, executable: input.flag('execute_filemode') ?? false, ...age };
    case 'move':
      return parseMove(input, path, age);
  }
}

export function parseCommitActions(value: unknown): readonly FileAction[] {
  if (value === undefined) return invalidParameter('actions is missing');
  return Array.isArray(value) ? value.map(parseAction) : invalidParameter('actions is invalid');
}
