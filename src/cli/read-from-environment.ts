/** Reads settings from the environment and from `.env` in the working directory. */
import { withEnvFile } from './env-file.js';

/** What `read` makes of both. A file that can't be read is a problem like any other, not an exception. */
export function readFromEnvironment<Reading>(
  environment: NodeJS.ProcessEnv,
  read: (environment: NodeJS.ProcessEnv) => Reading,
): Reading | { readonly kind: 'invalid'; readonly problems: readonly string[] } {
  try {
    return read(withEnvFile(environment, process.cwd()));
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return { kind: 'invalid', problems: [cause.message] };
  }
}
