/** The state of one reading of a file: problems found so far, and what it names where. */
import type { Node } from 'yaml';
import type { OffsetProblem, YamlSource } from './yaml-source.js';

/** Takes the place of a value that could not be read; a problem says why. */
export const INVALID: unique symbol = Symbol('invalid');

/** A place where the file names something. */
export interface Mention {
  readonly name: string;
  readonly offset: number;
}

export interface Reading {
  readonly source: YamlSource;
  readonly problems: OffsetProblem[];
  /** Environments that the file makes. */
  readonly declared: Mention[];
  /** Environments that it speaks of. */
  readonly referred: Mention[];
  /** Policy rules. */
  readonly rules: Mention[];
  /** The file that holds the policy. */
  readonly policyFiles: Mention[];
}

/** What is read, where in the file, and what it is called in messages. */
export interface Place {
  readonly node: Node | null;
  readonly label: string;
  /** Where to complain. */
  readonly offset: number;
  /** How many nested shapes it stands in. */
  readonly nesting: number;
}

export function beginReading(source: YamlSource): Reading {
  return { source, problems: [...source.problems], declared: [], referred: [], rules: [], policyFiles: [] };
}

/** Notes a problem. `message` is a sentence whose first letter may be small. */
export function refuse(reading: Reading, place: { readonly offset: number }, message: string): typeof INVALID {
  reading.problems.push({ offset: place.offset, message: message.slice(0, 1).toUpperCase() + message.slice(1) });
  return INVALID;
}
