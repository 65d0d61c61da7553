/** For tests that say nothing about logging. */
import type { Log } from '../../../src/ports/log.js';

const silent = () => undefined;

export const quietLog: Log = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => quietLog,
};
