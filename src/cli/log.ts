/** pino, with everything that could carry a secret taken out of errors and objects. */
import { pino, type Logger } from 'pino';
import { maskText } from '../core/mask/mask-text.js';
import type { Log } from '../ports/log.js';

/** JSON lines on standard output, or at the end of a file where standard output is for people. */
export function createLog(level: string, destination: 'stdout' | { readonly file: string } = 'stdout'): Log {
  const logger = pino(
    { level, serializers: { err: describeError }, formatters: { log: maskFields } },
    pino.destination({ dest: destination === 'stdout' ? 1 : destination.file, sync: true }),
  );
  return masking(logger);
}

/** Sentences of libraries and forges come through here, and what a child says of itself goes past the formatters. */
function masking(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, maskText(message)),
    info: (fields, message) => logger.info(fields, maskText(message)),
    warn: (fields, message) => logger.warn(fields, maskText(message)),
    error: (fields, message) => logger.error(fields, maskText(message)),
    child: (fields) => masking(logger.child(maskFields({ ...fields }))),
  };
}

/** Only what we know to be harmless: an HTTP client's error carries the request with its credentials. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause instanceof Error ? { cause: maskText(error.cause.message) } : {};
  return { type: error.name, message: maskText(error.message), stack: maskText(error.stack ?? ''), ...cause };
}

/** Names under which everything is secret, whatever it looks like. */
const SECRET_NAMES = new Set([
  'authorization',
  'token',
  'password',
  'privateKey',
  'secret',
  'private-token',
  'x-gitlab-token',
]);

/** The last line before the sink: whatever is or looks like a secret goes no further, however deep it lies in lists and objects. */
function maskFields(fields: Record<string, unknown>): Record<string, unknown> {
  const masked = Object.entries(fields).map(([key, value]) => [
    key,
    SECRET_NAMES.has(key) ? '[masked]' : maskStrings(value),
  ]);
  return Object.fromEntries(masked) as Record<string, unknown>;
}

function maskStrings(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskStrings);
  return isPlain(value) ? maskFields(value) : value;
}

/** Errors and the like have serializers of their own. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
