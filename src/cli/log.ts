/** pino, with everything that could carry a secret taken out of errors and objects. */
import { pino } from 'pino';
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
    },
    pino.destination({ dest: destination === 'stdout' ? 1 : destination.file, sync: true }),
  );
}

/** Only what we know to be harmless: an HTTP client's error carries the request with its credentials. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
  return { type: error.name, message: error.message, stack: error.stack, ...cause };
}
