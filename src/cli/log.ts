/** pino, with everything that could carry a secret taken out of errors and objects. */
import { pino } from 'pino';
import { maskText } from '../core/mask/mask-text.js';
import type { Log } from '../ports/log.js';

/** JSON lines on standard output, or at the end of a file where standard output is for people. */
export function createLog(level: string, destination: 'stdout' | { readonly file: string } = 'stdout'): Log {
  const secrets = ['authorization', 'token', 'password', 'privateKey', 'secret', 'private-token', 'x-gitlab-token'];
  return pino(
    {
      level,
      redact: {
        paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`, `*.*.*["${name}"]`]),
        censor: '[masked]',
      },
      serializers: { err: describeError },
      formatters: { log: maskStrings },
    },
    pino.destination({ dest: destination === 'stdout' ? 1 : destination.file, sync: true }),
  );
}

/** Only what we know to be harmless: an HTTP client's error carries the request with its credentials. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause instanceof Error ? { cause: maskText(error.cause.message) } : {};
  return { type: error.name, message: maskText(error.message), stack: maskText(error.stack ?? ''), ...cause };
}

/** The last line before the sink: whatever still looks like a secret goes no further. */
function maskStrings(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? maskText(value) : value]),
  );
}
