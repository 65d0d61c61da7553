/** One request to the control API, with its fields read strictly. */
import type { DialectContext } from '../dialect.js';
import type { HttpFaults } from '../faults/http-faults.js';
import type { Outcome } from '../forge/refusal.js';

export interface ControlContext extends DialectContext {
  readonly faults: HttpFaults;
}

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/_simulator`. */
  readonly path: string;
  readonly handle: (call: ControlCall, context: ControlContext) => unknown;
}

/** Thrown by readers of fields, answered as 400. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class ControlCall {
  constructor(
    private readonly request: {
      readonly parameters: Readonly<Record<string, string>>;
      readonly query: Readonly<Record<string, string | undefined>>;
      readonly body: unknown;
    },
  ) {}

  /** `owner/name` of the path. */
  get repository(): string {
    return `${this.parameter('owner')}/${this.parameter('repository')}`;
  }

  /** The pull request's (or delivery's) number in the path. */
  get number(): number {
    return Number(this.parameter('number'));
  }

  parameter(name: string): string {
    return this.request.parameters[name] ?? '';
  }

  query(name: string): string | undefined {
    return this.request.query[name];
  }

  get fields(): Readonly<Record<string, unknown>> {
    const { body } = this.request;
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new ControlError(400, 'a JSON object is needed');
    return body as Readonly<Record<string, unknown>>;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw new ControlError(400, `${name} must be a string`);
    return value;
  }

  word<const T extends string>(name: string, words: readonly T[]): T {
    const value = this.text(name);
    return words.find((one) => one === value) ?? this.missing(`${name} (one of ${words.join(', ')})`);
  }

  private missing(name: string): never {
    throw new ControlError(400, `${name} is needed`);
  }
}

/** The value; a refusal is answered as 404 or 422 with the refusal in it. */
export function accepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { refusal } = outcome;
  const words = 'message' in refusal ? refusal.message : JSON.stringify(refusal);
  throw new ControlError(refusal.kind === 'not-found' ? 404 : 422, `${refusal.kind}: ${words}`);
}
