import { describe, expect, it } from 'vitest';
import { commitActions, type StandingFile } from '../../../src/adapters/gitlab/commit-actions.js';
import { Forbidden } from '../../../src/core/problem.js';
import type { FileChange } from '../../../src/ports/contents.js';

const HEAD = '1'.repeat(40);
const bytes = (text: string) => Buffer.from(text, 'utf8');
/** `git hash-object` of "a\n". */
const A_BLOB = '78981922613b2afb6025042ff6bd878ac1994e85';
const standing = (
  path: string,
  mode = '100644',
  lastCommit: string | null = null,
): ReadonlyMap<string, StandingFile> => {
  return new Map([[path, { mode, blob: A_BLOB, lastCommit }]]);
};
const none = new Map<string, StandingFile>();
const write = (content: Uint8Array, mode: '100644' | '100755' | '120000' = '100644'): FileChange => {
  return { kind: 'write', path: 'f', content, mode, blob: null };
};

describe('file changes as actions', () => {
  it('makes what is not there, changes what is', () => {
    expect(commitActions([write(bytes('b\n'))], none)).toEqual([
      { action: 'create', filePath: 'f', content: 'b\n', encoding: 'text' },
    ]);
    expect(commitActions([write(bytes('b\n'))], standing('f', '100644', HEAD))).toEqual([
      { action: 'update', filePath: 'f', content: 'b\n', encoding: 'text', lastCommitId: HEAD },
    ]);
  });
  it('leaves out what stands there already', () => {
    expect(commitActions([write(bytes('a\n'))], standing('f'))).toEqual([]);
    expect(commitActions([{ kind: 'delete', path: 'f' }], none)).toEqual([]);
  });
  it('deletes, guarded by what it knows', () => {
    expect(commitActions([{ kind: 'delete', path: 'f' }], standing('f', '100644', HEAD))).toEqual([
      { action: 'delete', filePath: 'f', lastCommitId: HEAD },
    ]);
    expect(commitActions([{ kind: 'delete', path: 'f' }], standing('f'))).toEqual([
      { action: 'delete', filePath: 'f' },
    ]);
  });
  it('sets the executable bit when it differs, and only then', () => {
    const kinds = (change: FileChange, files: ReadonlyMap<string, StandingFile>) =>
      commitActions([change], files).map(({ action, executeFilemode }) => [action, executeFilemode]);
    expect(kinds(write(bytes('b\n'), '100755'), none)).toEqual([
      ['create', undefined],
      ['chmod', true],
    ]);
    expect(kinds(write(bytes('a\n'), '100755'), standing('f'))).toEqual([['chmod', true]]);
    expect(kinds(write(bytes('a\n')), standing('f', '100755'))).toEqual([['chmod', false]]);
    expect(kinds(write(bytes('b\n'), '100755'), standing('f', '100755'))).toEqual([['update', undefined]]);
  });
  it.each<[string, Uint8Array]>([
    ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41)],
    ['a zero byte', bytes('a\0b')],
    ['carriage returns', bytes('a\r\nb')],
  ])('sends %s as base64', (_what, content) => {
    const [action] = commitActions([write(content)], none);
    expect(action).toMatchObject({ encoding: 'base64' });
    expect(Buffer.from(action?.content ?? '', 'base64')).toEqual(Buffer.from(content));
  });
  it('keeps a byte order mark and everything beyond ASCII', () => {
    const text = '\uFEFFgrüße 🚢\n';
    expect(commitActions([write(bytes(text))], none)).toMatchObject([{ content: text, encoding: 'text' }]);
  });
  it('refuses symbolic links, to make and to replace', () => {
    expect(() => commitActions([write(bytes('target'), '120000')], none)).toThrow(Forbidden);
    expect(() => commitActions([write(bytes('b\n'))], standing('f', '120000'))).toThrow(/symbolic links: change f/);
  });
});
