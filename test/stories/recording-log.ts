/** A log that stories can ask. */
import type { Log } from '../../src/ports/log.js';

export interface RecordedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: object;
}

export interface RecordingLog extends Log {
  readonly lines: RecordedLine[];
  /** Warnings and errors so far, in words. */
  problems(): readonly string[];
  child(fields: object): RecordingLog;
}

export function recordingLog(lines: RecordedLine[] = [], bound: object = {}): RecordingLog {
  const at = (level: RecordedLine['level']) => (fields: object, message: string) => {
    lines.push({ level, message, fields: { ...bound, ...fields } });
  };
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => recordingLog(lines, { ...bound, ...fields }),
    problems: () => lines.filter((line) => line.level === 'warn' || line.level === 'error').map(describeLine),
  };
}

function describeLine(line: RecordedLine): string {
  const error =
    'err' in line.fields && line.fields.err instanceof Error
      ? ` ${line.fields.err.stack ?? line.fields.err.message}`
      : '';
  return `${line.level}: ${line.message} ${JSON.stringify(line.fields)}${error}`;
}
