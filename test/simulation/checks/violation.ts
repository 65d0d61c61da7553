/** What the checks say when something is broken. */
export type InvariantName =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'one comment'
  | 'own branch'
  | 'false stop'
  | 'method'
  | 'order'
  | 'rest'
  | 'error';

export interface Violation {
  readonly invariant: InvariantName;
  readonly words: string;
}

/** Notes that an invariant was broken. */
export type Accuse = (invariant: InvariantName, words: string) => void;
