/** Reads single settings of an environment and gathers what is wrong with them. */
import { duration } from '../config/text-formats.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty value counts as not set. */
export class SettingsReader {
  readonly problems: string[] = [];
  constructor(private readonly environment: Environment) {}

  has(name: string): boolean {
    return this.text(name) !== null;
  }

  text(name: string): string | null {
    const value = this.environment[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  url(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    const url = URL.canParse(text) ? new URL(text) : null;
    if (
      url !== null &&
      (url.protocol === 'https:' || url.protocol === 'http:') &&
      url.username === '' &&
      url.password === ''
    )
      return text.replace(/\/+$/, '');
    this.problems.push(`${name} is not an address such as https://git.acme.com (without a user or password in it).`);
    return null;
  }

  integer(name: string, range: { readonly fallback: number; readonly least: number; readonly most: number }): number {
    const text = this.text(name);
    if (text === null) return range.fallback;
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.least && value <= range.most) return value;
    this.problems.push(`${name} is not a whole number from ${range.least} to ${range.most}.`);
    return range.fallback;
  }

  duration(name: string, fallback: number): number {
    const text = this.text(name);
    if (text === null) return fallback;
    const parsed = duration.parse(text);
    if (parsed.kind === 'value' && parsed.value >= 1000) return parsed.value;
    this.problems.push(`${name} is not ${duration.says}, of at least a second.`);
    return fallback;
  }

  oneOf(name: string, known: readonly [string, ...string[]]): string {
    const text = this.text(name);
    if (text === null) return known[0];
    if (!known.includes(text)) this.problems.push(`${name} is not one of ${known.toSorted().join(', ')}.`);
    return text;
  }
}
