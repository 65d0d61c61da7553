/** The parameters of a request: GitLab takes each from the query string or the body alike. */

import { invalidParameter } from './gitlab-answer.js';

export class GitlabInput {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.values[name];
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return invalidParameter(`${name} is invalid`);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) return invalidParameter(`${name} is missing`);
    if (value.trim() === '') return invalidParameter(`${name} is empty`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (value === true || value === 'true' || value === '1' || value === 1) return true;
    if (value === false || value === 'false' || value === '0' || value === 0) return false;
    return invalidParameter(`${name} is invalid`);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    const number = Number(value);
    return Number.isInteger(number) ? number : invalidParameter(`${name} is invalid`);
  }

  date(name: string): Date | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? invalidParameter(`${name} is invalid`) : date;
  }

  /** `name[]=a&name[]=b`, a JSON array, or words between commas. */
  list(name: string): readonly string[] | undefined {
    const value = this.values[`${name}[]`] ?? this.values[name];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value.map(String);
    return String(value)
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    return found ?? invalidParameter(`${name} does not have a valid value`);
  }
}
