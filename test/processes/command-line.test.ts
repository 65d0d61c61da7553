import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/cli/free-port.js';
import { startProgram, type Program } from './programs.js';

let directory = '';
const started: Program[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'command-line-'));
});
afterEach(async () => {
  for (const program of started.splice(0)) await program.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Program {
  const program = startProgram(args, environment);
  started.push(program);
  return program;
}

async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const program = start(args, environment);
  const status = await program.ended;
  return { status, output: program.output(), errors: program.errors() };
}

describe('lockkeeper', () => {
  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({
      status: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      errors: '',
    });
  });

  it.each([
    [['dmeo'], 'unknown command', '(Did you mean demo?)'],
    [['demo', '--onec'], "unknown option '--onec'", '(Did you mean --once?)'],
    [['demo', '--forge', 'gitea'], 'Allowed choices are github, gitlab.', ''],
    [['simulator', '--forge', 'github', '--port', '70000'], 'a whole number from 0 to 65535', ''],
    [['simulator', '--forge', 'github', '--webhook-url', 'here'], 'It must be an address such as ', ''],
  ])('says what is wrong with %s', async (args, sentence, hint) => {
    const { status, output, errors } = await run(args);
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toContain(sentence);
    expect(errors).toContain(hint);
    expect(errors).toContain('lockkeeper --help lists the commands and options');
  });
});

describe('lockkeeper serve', () => {
  it('names everything that is missing or wrong in its environment, and shows no value', async () => {
    const { status, output, errors } = await run(['serve'], {
      APP_ID: 'seven',
      PRIVATE_KEY: 'a-key-that-is-none',
      GITLAB_URL: 'https://somebody:hunter2@git.acme.test',
      PORT: '70000',
    });
    expect({ status, output }).toEqual({ status: 2, output: '' });
    for (const name of [
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'GITLAB_URL',
      'GITLAB_TOKEN',
      'GITLAB_WEBHOOK_SECRET',
      'PORT',
    ])
      expect(errors).toMatch(new RegExp(`^  - ${name} `, 'm'));
    expect(errors).not.toMatch(/seven|a-key-that-is-none|hunter2|70000/);
  });

  it('refuses to start without any forge', async () => {
    const { status, errors } = await run(['serve']);
    expect(status).toBe(2);
    expect(errors).toContain('No forge is set.');
  });

  it('says in a sentence that its port is taken, and ends', async () => {
    const port = await freePort();
    const settings = {
      GITHUB_TOKEN: 'none',
      WEBHOOK_SECRET: 'none',
      GITHUB_API_URL: 'http://127.0.0.1:9/api/v3',
      PORT: String(port),
    };
    const first = start(['serve'], { ...settings, DATA_DIR: join(directory, 'one') });
    await first.until(/is listening/);
    const second = await run(['serve'], { ...settings, DATA_DIR: join(directory, 'two') });
    expect(second.status).toBe(1);
    expect(second.errors).toContain('EADDRINUSE');
  });
});

describe('lockkeeper simulator', () => {
  const seedFile = async (text: string): Promise<string> => {
    const file = join(directory, 'seed.yaml');
    await writeFile(file, text);
    return file;
  };

  it('holds what a seed file says, and ends cleanly', async () => {
    const seed = await seedFile(
      'users: [{ login: zoe }]\nrepositories: [{ name: zoe/config, files: { a.txt: hello, empty.txt: "" } }]\n',
    );
    const program = start(
      ['simulator', '--forge', 'gitlab', '--port', '0', '--seed', seed, '--webhook-url', 'http://127.0.0.1:9/hooks'],
      {
        TMPDIR: directory,
      },
    );
    const [, url = ''] = await program.until(/runs at (\S+)[^]*Ctrl-C ends it/);
    expect(program.output()).toContain('zoe: zoe-token');
    expect(program.output()).toContain('http://127.0.0.1:9/hooks');
    const answer = await fetch(`${url}/api/v4/projects/zoe%2Fconfig/repository/files/a.txt/raw?ref=main`, {
      headers: { 'private-token': 'zoe-token' },
    });
    expect(await answer.text()).toBe('hello');
    expect(await program.end('SIGTERM')).toBe(0);
    expect(program.errors()).toBe('');
  });

  it('names every problem of a seed file', async () => {
    const seed = await seedFile('users: [{ login: a, nam: b }]\nrepositories: [{ private: maybe }]\n');
    const { status, output, errors } = await run(['simulator', '--forge', 'github', '--seed', seed]);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(errors).toContain('seed.users[0] has no key nam; known are login, name, email, kind, tokens.');
    expect(errors).toContain('seed.repositories[0] needs name.');
    expect(errors).toContain('seed.repositories[0].private must be true or false.');
  });

  it('says that a seed file is not there, or no YAML', async () => {
    const missing = await run(['simulator', '--forge', 'github', '--seed', join(directory, 'none.yaml')]);
    expect(missing).toMatchObject({ status: 2, errors: expect.stringContaining('there is no such file') });
    const broken = await run(['simulator', '--forge', 'github', '--seed', await seedFile('users: [')]);
    expect(broken).toMatchObject({ status: 2, errors: expect.stringContaining('seed.yaml: ') });
  });
});
