/** Reads one text, choice or number. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { nearestName } from '../core/command/nearest-name.js';
import { refuse, type Mention, type Place, type Reading } from './reading.js';
import type { ShapeNode, TextFormat } from './shape.js';

type Only<K extends ShapeNode['kind']> = Extract<ShapeNode, { kind: K }>;

export function readScalar(
  shape: Only<'text' | 'choice' | 'yes-or-no' | 'number'>,
  place: Place,
  reading: Reading,
): unknown {
  const given: unknown = isScalar(place.node) ? place.node.value : undefined;
  if (shape.kind === 'number') return readNumber(shape, given, place, reading);
  if (shape.kind === 'yes-or-no')
    return typeof given === 'boolean' ? given : refuseForm('`true` or `false`', place, reading);
  if (shape.kind === 'text') {
    return typeof given === 'string'
      ? readText(shape.format, given, place, reading)
      : refuseNonText(shape.format, place, reading);
  }
  return typeof given === 'string'
    ? readChoice(shape, given, place, reading)
    : refuseForm(sayChoice(shape), place, reading);
}

function readNumber(shape: Only<'number'>, given: unknown, place: Place, reading: Reading): unknown {
  const { step, min, max } = shape;
  const fits = typeof given === 'number' && (step === 'any' || Number.isInteger(given)) && given >= min && given <= max;
  if (fits) return given;
  const number = step === 'whole' ? 'whole number' : 'number';
  const wanted = min === max ? `the ${number} ${min}` : `a ${number} from ${min} to ${max}`;
  return refuse(reading, place, `${place.label} must be ${wanted}, but is ${sayNode(place.node)}.`);
}

function refuseForm(wanted: string, place: Place, reading: Reading): unknown {
  return refuse(reading, place, `${place.label} must be ${wanted}, but is ${sayNode(place.node)}.`);
}

/** `range: 1.2` is a number to YAML although it would do as text. */
function refuseNonText(format: TextFormat<unknown>, place: Place, reading: Reading): unknown {
  const written = isScalar(place.node) ? place.node.source : undefined;
  const wouldDo = written !== undefined && format.parse(written).kind === 'value';
  if (!wouldDo) return refuseForm(format.says, place, reading);
  return refuse(reading, place, `${place.label} must be text, but is ${sayNode(place.node)}: put it in quotes.`);
}

function readChoice(shape: Only<'choice'>, given: string, place: Place, reading: Reading): unknown {
  if (shape.values.includes(given)) return given;
  if (shape.later.includes(given)) {
    return refuse(reading, place, `${place.label}: \`${given}\` is not supported by this version.`);
  }
  const hint = nearestName(given, shape.values);
  const meant = hint === null ? '.' : `; did you mean \`${hint}\`?`;
  return refuse(reading, place, `${place.label} must be ${sayChoice(shape)}, but is ${sayNode(place.node)}${meant}`);
}

function readText(format: TextFormat<unknown>, given: string, place: Place, reading: Reading): unknown {
  const result = format.parse(given);
  if (result.kind === 'refused') {
    const why = result.why ?? `is ${sayNode(place.node)}`;
    return refuse(reading, place, `${place.label} must be ${format.says}, but ${why}.`);
  }
  noteMention(format.names, { name: given, offset: place.offset }, reading);
  return result.value;
}

/** Remembers what the file names here, so that it can be checked once all is known. */
export function noteMention(role: TextFormat<unknown>['names'], mention: Mention, reading: Reading): void {
  if (role === undefined || (role === 'environment-or-star' && mention.name === '*')) return;
  if (role === 'rule') reading.rules.push(mention);
  else if (role === 'policy-file') reading.policyFiles.push(mention);
  else (role === 'new-environment' ? reading.declared : reading.referred).push(mention);
}

function sayChoice({ values }: Only<'choice'>): string {
  const names = values.map((value) => `\`${value}\``);
  return names.length === 1 ? names.join() : `one of ${names.join(', ')}`;
}

/** What stands there, briefly. */
export function sayNode(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'empty';
  const shown = String(node.value).replaceAll(/[\n\r`]/g, ' ');
  const cut = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return `${typeof node.value === 'string' ? '' : `the ${typeof node.value} `}\`${cut}\``;
}
