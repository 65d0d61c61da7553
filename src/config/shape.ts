/**
 * How parts of `.lockkeeper.yaml` are described: as data, so that the reader, the JSON Schema and the reference page are all made
 * from one table and cannot disagree.
 *
 * Worked example: `fields('queue', { method: optional(choice(['merge', 'squash']), 'How…', 'squash') })` reads `{method: squash}`
 * to `{method: 'squash'}`, `{}` to `{method: null}`, and refuses `{metod: squash}` with "did you mean `method`?".
 */

/** What one scalar text must look like and what it is turned into. */
export interface TextFormat<T> {
  /** Completes "must be …": `a duration such as 30m, 24h or 7d`. */
  readonly says: string;
  /** For editors: what the reader accepts is at most this. Null where no expression says it. */
  readonly pattern: string | null;
  readonly parse: (text: string) => Conversion<T>;
  /** What the text names, to be checked once the whole file is read: an environment that must exist, a new one, a rule, the policy's file. */
  readonly names?: 'environment' | 'new-environment' | 'environment-or-star' | 'rule' | 'policy-file';
}

export type Conversion<T> =
  | { readonly kind: 'value'; readonly value: T }
  /** A clause that explains more than "must be …", or null. */
  | { readonly kind: 'refused'; readonly why: string | null };

/** A complaint of a whole group of keys, at one of them or (null) at the group. */
export interface Complaint {
  readonly key: string | null;
  readonly message: string;
}

export interface Field<T> {
  readonly shape: Shape<unknown>;
  readonly presence: 'required' | 'optional';
  readonly description: string;
  /** What holds when the key is absent, for people; null for required keys. */
  readonly absent: string | null;
  readonly produces?: T;
}

type FieldTable = Readonly<Record<string, Field<unknown>>>;

export interface FieldsShape {
  readonly kind: 'fields';
  /** Names the group on the reference page. */
  readonly title: string;
  readonly fields: FieldTable;
  /** Keys of the vocabulary that this version refuses because it would not act on them. */
  readonly later: readonly string[];
  /** Exactly one of these is to be given: for editors; `check` says it to people. Empty where nothing of the kind holds. */
  readonly either: readonly string[];
  /** `key:` with nothing after it: all defaults, or a mistake. */
  readonly empty: 'defaults' | 'refused';
  readonly check: (values: Readonly<Record<string, unknown>>) => readonly Complaint[];
}

export type ShapeNode =
  | { readonly kind: 'text'; readonly format: TextFormat<unknown> }
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly later: readonly string[] }
  | { readonly kind: 'yes-or-no' }
  | { readonly kind: 'number'; readonly step: 'whole' | 'any'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'list';
      readonly of: Shape<unknown>;
      readonly min: number;
      readonly max: number;
      /** A single item may stand for a list of one. */
      readonly single: 'allowed' | 'refused';
    }
  /** Accepted only while it is empty: the key is in the vocabulary, its content is not acted on yet. */
  | { readonly kind: 'empty-list' }
  | FieldsShape
  | { readonly kind: 'entries'; readonly key: TextFormat<string>; readonly of: Shape<unknown>; readonly max: number }
  /** Told apart by form: text, or a mapping. */
  | { readonly kind: 'by-form'; readonly scalar: Shape<unknown>; readonly mapping: Shape<unknown> }
  /** Told apart by whether the mapping has any of these keys. */
  | {
      readonly kind: 'by-key';
      readonly keys: readonly string[];
      readonly matching: Shape<unknown>;
      readonly otherwise: Shape<unknown>;
    }
  /** Has itself among its parts, `most` times within each other. `name` is unique. */
  | { readonly kind: 'nested'; readonly name: string; readonly most: number; readonly of: () => Shape<unknown> }
  | { readonly kind: 'later' };

/** A description that reads to a `T`. */
export type Shape<T> = ShapeNode & { readonly produces?: T };

export type Produced<S> = S extends { readonly produces?: infer T } ? T : never;

type Values<F extends FieldTable> = { readonly [K in keyof F]: Produced<F[K]> };

export function text<T>(format: TextFormat<T>): Shape<T> {
  return { kind: 'text', format };
}

export function choice<const V extends readonly string[]>(values: V, later: readonly string[] = []): Shape<V[number]> {
  return { kind: 'choice', values, later };
}

export const yesOrNo: Shape<boolean> = { kind: 'yes-or-no' };

export function nested<T>(name: string, most: number, of: () => Shape<T>): Shape<T> {
  return { kind: 'nested', name, most, of };
}

export function wholeNumber(min: number, max: number): Shape<number> {
  return { kind: 'number', step: 'whole', min, max };
}

export function decimalNumber(min: number, max: number): Shape<number> {
  return { kind: 'number', step: 'any', min, max };
}

export function list<T>(of: Shape<T>, size: { readonly min: number; readonly max: number }): Shape<readonly T[]> {
  return { kind: 'list', of, ...size, single: 'refused' };
}

export function oneOrMany<T>(of: Shape<T>, max: number): Shape<readonly T[]> {
  return { kind: 'list', of, min: 1, max, single: 'allowed' };
}

export const emptyList: Shape<readonly never[]> = { kind: 'empty-list' };

/** The whole value belongs to a later version: always refused. */
export const later: Shape<never> = { kind: 'later' };

export function required<T>(shape: Shape<T>, description: string): Field<T> {
  return { shape, presence: 'required', description, absent: null };
}

/** Reads to null when absent; `absent` says what then holds. */
export function optional<T>(shape: Shape<T>, description: string, absent: string): Field<T | null> {
  return { shape, presence: 'optional', description, absent };
}

export function fields<F extends FieldTable>(
  title: string,
  table: F,
  more: {
    readonly later?: readonly string[];
    readonly either?: readonly (keyof F & string)[];
    readonly empty?: 'defaults';
    readonly check?: (values: Values<F>) => readonly Complaint[];
  } = {},
): Shape<Values<F>> {
  const { check } = more;
  return {
    kind: 'fields',
    title,
    fields: table,
    later: more.later ?? [],
    either: more.either ?? [],
    empty: more.empty ?? 'refused',
    // The reader calls it only with values that it has read by this very table.
    check: check === undefined ? () => [] : (values) => check(values as Values<F>),
  };
}

/** A mapping whose keys are names; reads to pairs in the order of the file. */
export function entries<T>(
  key: TextFormat<string>,
  of: Shape<T>,
  max: number,
): Shape<readonly (readonly [string, T])[]> {
  return { kind: 'entries', key, of, max };
}

export function byForm<A, B>(scalar: Shape<A>, mapping: Shape<B>): Shape<A | B> {
  return { kind: 'by-form', scalar, mapping };
}

export function byKey<A, B>(keys: readonly string[], matching: Shape<A>, otherwise: Shape<B>): Shape<A | B> {
  return { kind: 'by-key', keys, matching, otherwise };
}

/** The shapes that this one is made of. */
export function innerShapes(shape: ShapeNode): readonly ShapeNode[] {
  switch (shape.kind) {
    case 'fields':
      return Object.values(shape.fields).map((field) => field.shape);
    case 'list':
    case 'entries':
      return [shape.of];
    case 'by-form':
      return [shape.scalar, shape.mapping];
    case 'by-key':
      return [shape.matching, shape.otherwise];
    case 'nested':
      return [shape.of()];
    default:
      return [];
  }
}
