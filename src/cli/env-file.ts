/** `.env` in the working directory: settings that `lockkeeper setup` writes and `lockkeeper serve` reads. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with what `.env` adds to it; what is set already wins. Throws a sentence if the file is there and can't be read. */
export function withEnvFile(environment: Environment, directory: string): Environment {
  return { ...parseEnv(readEnvFile(directory)), ...environment };
}

/** Adds settings at the end of the file, where they win over lines before them. Made for its owner's eyes only. */
export function addToEnvFile(directory: string, settings: Readonly<Record<string, string>>): void {
  const before = readEnvFile(directory);
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${written(value)}\n`);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  appendFileSync(join(directory, '.env'), gap + lines.join(''), { mode: 0o600 });
}

/** Nothing in it is special to any reader of such files. */
const PLAIN = /^[\w.,:@%+=/\\-][\w.,:@%+=/\\ -]*$/;

/** Without quotes where it can do without: `docker run --env-file` takes quotes for a part of the value. */
function written(value: string): string {
  return PLAIN.test(value) ? value : `"${value.replaceAll('\n', '\\n')}"`;
}

function readEnvFile(directory: string): string {
  const file = join(directory, '.env');
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if ('code' in cause && cause.code === 'ENOENT') return '';
    throw new Error(`${file} can’t be read: ${cause.message}`, { cause });
  }
}
