/** Control: what is in git, and commits by people. */
import type { FileAction } from '../forge/commits.js';
import type { Forge } from '../forge/forge.js';
import type { ControlCall } from './control-call.js';
import { accepted, ControlError } from './control-call.js';
import type { ControlRoute } from './control-call.js';

const repository = '/repositories/:owner/:repository';

export const contentRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: `${repository}/branches`,
    handle: (call, { forge }) => {
      accepted(forge.repositories.get(call.repository));
      return forge.branches.list(call.repository);
    },
  },
  {
    method: 'GET',
    path: `${repository}/checks`,
    handle: async (call, { forge }) => {
      const sha = await commitOf(call, forge);
      return { sha, checks: forge.checks.summaryOf(call.repository, sha) };
    },
  },
  {
    method: 'GET',
    path: `${repository}/files`,
    handle: async (call, { forge }) => {
      const sha = await commitOf(call, forge);
      const path = call.query('path') ?? '';
      const content = await forge.git(call.repository).readFile(sha, path);
      if (content === undefined) throw new ControlError(404, `there is no file ${path} at ${sha}`);
      return { path, ref: call.query('ref') ?? 'HEAD', sha, text: content.toString('utf8') };
    },
  },
  {
    method: 'GET',
    path: `${repository}/tree`,
    handle: async (call, { forge }) => {
      const sha = await commitOf(call, forge);
      const entries = await forge.git(call.repository).listTree(sha, { recursive: true });
      const folder = (call.query('path') ?? '').replace(/\/*$/, '/').replace(/^\/$/, '');
      return entries
        .filter((entry) => entry.path.startsWith(folder))
        .map((entry) => ({ path: entry.path, type: entry.type, sha: entry.sha }));
    },
  },
  {
    method: 'GET',
    path: `${repository}/commits`,
    handle: async (call, { forge }) => {
      const sha = await commitOf(call, forge);
      const commits = await forge.git(call.repository).log({ from: [sha], limit: Number(call.query('limit') ?? 30) });
      return commits.map((one) => ({
        sha: one.sha,
        message: one.message,
        author: one.author.name,
        parents: one.parents,
      }));
    },
  },
  {
    method: 'POST',
    path: `${repository}/forks`,
    handle: async (call, { forge }) => {
      const { fullName } = accepted(await forge.repositories.fork(call.repository, call.text('actor')));
      return { repository: fullName };
    },
  },
  {
    method: 'POST',
    path: `${repository}/commits`,
    handle: async (call, { forge }) => {
      const start = call.optionalText('start');
      const committed = await forge.commits.commit({
        repository: call.repository,
        actor: call.text('actor'),
        branch: call.text('branch'),
        message: call.text('message'),
        actions: fileActions(call.fields['files']),
        force: call.fields['force'] === true,
        ...(start === undefined ? {} : { start }),
      });
      return accepted(committed);
    },
  },
];

async function commitOf(call: ControlCall, forge: Forge): Promise<string> {
  const found = accepted(forge.repositories.get(call.repository));
  const name = call.query('ref') ?? found.defaultBranch;
  const sha = await forge.git(call.repository).resolveCommit(name);
  if (sha === undefined) throw new ControlError(404, `there is no commit ${name}`);
  return sha;
}

/** `{path: text}` writes, `{path: null}` deletes. */
function fileActions(files: unknown): readonly FileAction[] {
  if (typeof files !== 'object' || files === null) throw new ControlError(400, 'files is needed: {path: text or null}');
  return Object.entries(files).map(([path, text]: [string, unknown]): FileAction => {
    if (text === null) return { kind: 'delete', path };
    if (typeof text !== 'string') throw new ControlError(400, `files: ${path} must be a string or null`);
    return { kind: 'put', path, content: Buffer.from(text) };
  });
}
