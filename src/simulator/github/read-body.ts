/** Fields of a JSON body; what has the wrong type or is missing is refused in GitHub's words. */
import { unprocessable } from './api-error.js';
import type { GithubCall } from './github-call.js';

export class GithubBody {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(call: GithubCall | Readonly<Record<string, unknown>>) {
    const value = 'request' in call ? (call as GithubCall).request.body : call;
    this.fields = isObject(value) ? value : {};
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  /** A string; null counts as not given. */
  text(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : wrongType(name, value, 'a string');
  }

  requiredText(name: string): string {
    return this.text(name) ?? missing(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'boolean' ? value : wrongType(name, value, 'a boolean');
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) return wrongType(name, value, 'an array');
    return value.map((one) => (typeof one === 'string' ? one : wrongType(name, one, 'a string')));
  }

  objects(name: string): readonly GithubBody[] | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) return wrongType(name, value, 'an array');
    return value.map((one: unknown) => (isObject(one) ? new GithubBody(one) : wrongType(name, one, 'an object')));
  }

  object(name: string): GithubBody | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return isObject(value) ? new GithubBody(value) : wrongType(name, value, 'an object');
  }

  isNull(name: string): boolean {
    return this.fields[name] === null;
  }

  /** One of the words, or undefined when not given. */
  word<const T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = words.find((one) => one === value);
    if (value !== undefined && found === undefined)
      throw unprocessable(`Invalid request.\n\n${value} is not a member of ${JSON.stringify(words)}.`);
    return found;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(name: string, value: unknown, wanted: string): never {
  throw unprocessable(`Invalid request.\n\nFor 'properties/${name}', ${JSON.stringify(value)} is not ${wanted}.`);
}

function missing(name: string): never {
  throw unprocessable(`Invalid request.\n\n"${name}" wasn't supplied.`);
}
