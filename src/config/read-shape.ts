/** Reads a YAML tree by its description: every problem is noted at its place, and reading goes on with the next part. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { nearestName } from '../core/command/nearest-name.js';
import { unreachable } from '../core/unreachable.js';
import { noteMention, readScalar, sayNode } from './read-scalar.js';
import { INVALID, refuse, type Place, type Reading } from './reading.js';
import type { Field, FieldsShape, Shape, ShapeNode } from './shape.js';

type Only<K extends ShapeNode['kind']> = Extract<ShapeNode, { kind: K }>;

/** The value that `shape` describes, or INVALID with at least one problem noted. */
export function readShape<T>(shape: Shape<T>, reading: Reading): T | typeof INVALID {
  const root = reading.source.root;
  const place: Place = { node: root, label: 'the file', offset: offsetOf(root, 0), nesting: 0 };
  // What the tables produce is what their types say: both are made by the same functions of shape.ts.
  return read(shape, place, reading) as T | typeof INVALID;
}

function offsetOf(node: unknown, otherwise: number): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : otherwise;
}

function read(shape: ShapeNode, at: Place, reading: Reading): unknown {
  const place = followAlias(at, reading);
  if (place === INVALID) return INVALID;
  switch (shape.kind) {
    case 'text':
    case 'choice':
    case 'yes-or-no':
    case 'number':
      return readScalar(shape, place, reading);
    case 'list':
      return readList(shape, place, reading);
    case 'empty-list':
    case 'later':
      return readLater(shape, place, reading);
    case 'fields':
      return readFields(shape, place, reading);
    case 'entries':
      return readEntries(shape, place, reading);
    default:
      return readIndirect(shape, place, reading);
  }
}

function readLater(shape: Only<'empty-list' | 'later'>, place: Place, reading: Reading): unknown {
  if (shape.kind === 'later') return refuse(reading, place, `${place.label} is not supported by this version.`);
  if (isSeq(place.node) && place.node.items.length === 0) return [];
  return refuse(reading, place, `${place.label} is not supported by this version; only \`[]\` is accepted.`);
}

function readIndirect(shape: Only<'nested' | 'by-form' | 'by-key'>, place: Place, reading: Reading): unknown {
  switch (shape.kind) {
    case 'nested':
      return readNested(shape, place, reading);
    case 'by-form':
    case 'by-key':
      return read(chooseShape(shape, place.node), place, reading);
    default:
      return unreachable(shape);
  }
}

function readNested(shape: Only<'nested'>, place: Place, reading: Reading): unknown {
  const nesting = place.nesting + 1;
  if (nesting > shape.most) {
    return refuse(reading, place, `${place.label} stands in more than ${shape.most} groups within each other.`);
  }
  return read(shape.of(), { ...place, nesting }, reading);
}

function chooseShape(shape: Only<'by-form' | 'by-key'>, node: Node | null): ShapeNode {
  if (shape.kind === 'by-form') return isMap(node) ? shape.mapping : shape.scalar;
  const matches = isMap(node) && node.items.some((pair) => shape.keys.includes(keyText(pair) ?? ''));
  return matches ? shape.matching : shape.otherwise;
}

/** Shapes are finite, so that aliases of aliases, or of what they stand in, are followed only as deep as a value may go. */
function followAlias(place: Place, reading: Reading): Place | typeof INVALID {
  if (!isAlias(place.node)) return place;
  const { source } = place.node;
  const node = reading.source.resolve(place.node);
  if (node === null || isAlias(node)) return refuse(reading, place, `\`*${source}\` stands for nothing above it.`);
  return { ...place, node };
}

function readList(shape: Only<'list'>, place: Place, reading: Reading): unknown {
  const { node, label } = place;
  if (!isSeq(node)) {
    if (shape.single === 'allowed' && node !== null && !(isScalar(node) && node.value === null)) {
      const only = read(shape.of, place, reading);
      return only === INVALID ? INVALID : [only];
    }
    return refuse(reading, place, `${label} must be a list, but is ${sayNode(node)}.`);
  }
  if (node.items.length < shape.min) return refuse(reading, place, `${label} must not be an empty list.`);
  if (node.items.length > shape.max) {
    return refuse(reading, place, `${label} has ${node.items.length} items, more than the ${shape.max} allowed.`);
  }
  const values = node.items.map((item) =>
    read(
      shape.of,
      {
        node: item as Node | null,
        label: `each of ${label}`,
        offset: offsetOf(item, place.offset),
        nesting: place.nesting,
      },
      reading,
    ),
  );
  return values.includes(INVALID) ? INVALID : values;
}

function readFields(shape: FieldsShape, place: Place, reading: Reading): unknown {
  const given = keysOfFields(shape, place, reading);
  if (given === INVALID) return INVALID;
  const before = reading.problems.length;
  for (const [name, key] of given) if (!Object.hasOwn(shape.fields, name)) refuseKey(shape, name, key, reading);
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    values[name] = readField(name, field, { ...place, key: given.get(name) ?? null }, reading);
  }
  const sound = reading.problems.length === before && !Object.values(values).includes(INVALID);
  return sound ? checkFields(values, shape, { place, given }, reading) : INVALID;
}

function checkFields(
  values: Readonly<Record<string, unknown>>,
  shape: FieldsShape,
  at: { readonly place: Place; readonly given: ReadonlyMap<string, Key> },
  reading: Reading,
): unknown {
  const complaints = shape.check(values);
  for (const { key, message } of complaints) {
    refuse(reading, { offset: at.given.get(key ?? '')?.offset ?? at.place.offset }, message);
  }
  return complaints.length > 0 ? INVALID : values;
}

function keysOfFields(shape: FieldsShape, place: Place, reading: Reading): ReadonlyMap<string, Key> | typeof INVALID {
  const { node, label } = place;
  if (isMap(node)) return readKeys(node, place, reading);
  const empty = node === null || (isScalar(node) && node.value === null);
  if (empty && shape.empty === 'defaults') return new Map();
  return refuse(reading, place, `${label} must be a mapping, but is ${sayNode(node)}.`);
}

interface Key {
  readonly offset: number;
  readonly value: Node | null;
}

function readField(
  name: string,
  field: Field<unknown>,
  place: Place & { readonly key: Key | null },
  reading: Reading,
): unknown {
  const { key } = place;
  if (key === null) {
    if (field.presence === 'optional') return null;
    // A key may have been lost to the syntax error that is reported already.
    if (reading.source.problems.length > 0) return INVALID;
    return refuse(reading, place, `\`${name}\` is missing in ${place.label}.`);
  }
  const offset = offsetOf(key.value, key.offset);
  return read(field.shape, { ...place, node: key.value, label: `\`${name}\``, offset }, reading);
}

function refuseKey(shape: FieldsShape, name: string, key: Key, reading: Reading): void {
  const shown = `\`${name.slice(0, 60)}\``;
  if (shape.later.includes(name)) {
    refuse(reading, key, `${shown} is not supported by this version.`);
    return;
  }
  if (name === '<<') {
    refuse(reading, key, 'merge keys (`<<`) are not supported; write the keys out.');
    return;
  }
  const names = Object.keys(shape.fields);
  const hint = nearestName(name, names);
  const meant =
    hint === null ? `known here: ${names.map((each) => `\`${each}\``).join(', ')}.` : `did you mean \`${hint}\`?`;
  refuse(reading, key, `Unknown key ${shown}; ${meant}`);
}

function readEntries(shape: Only<'entries'>, place: Place, reading: Reading): unknown {
  const { node, label } = place;
  if (!isMap(node)) return refuse(reading, place, `${label} must be a mapping, but is ${sayNode(node)}.`);
  if (node.items.length === 0) return refuse(reading, place, `${label} must not be empty.`);
  if (node.items.length > shape.max) {
    return refuse(reading, place, `${label} has ${node.items.length} entries, more than the ${shape.max} allowed.`);
  }
  const before = reading.problems.length;
  const pairs: [string, unknown][] = [];
  for (const [name, key] of readKeys(node, place, reading)) {
    const parsed = shape.key.parse(name);
    if (parsed.kind === 'refused') {
      refuse(
        reading,
        key,
        `\`${name.slice(0, 60)}\` must be ${shape.key.says}${parsed.why === null ? '' : `, but ${parsed.why}`}.`,
      );
    } else {
      noteMention(shape.key.names, { name, offset: key.offset }, reading);
    }
    const offset = offsetOf(key.value, key.offset);
    pairs.push([name, read(shape.of, { ...place, node: key.value, label: `\`${name}\``, offset }, reading)]);
  }
  return reading.problems.length > before || pairs.some(([, value]) => value === INVALID) ? INVALID : pairs;
}

/** The keys of a mapping in order; doubled keys and keys that are no text are problems and left out. */
function readKeys(map: YAMLMap, place: Place, reading: Reading): Map<string, Key> {
  const keys = new Map<string, Key>();
  for (const pair of map.items) {
    const offset = offsetOf(pair.key, place.offset);
    const name = keyText(pair);
    if (name === null) refuse(reading, { offset }, `a key of ${place.label} is not a plain name.`);
    else if (keys.has(name)) refuse(reading, { offset }, `\`${name.slice(0, 60)}\` is given twice in ${place.label}.`);
    else keys.set(name, { offset, value: pair.value as Node | null });
  }
  return keys;
}

function keyText(pair: Pair): string | null {
  if (!isScalar(pair.key)) return null;
  const { value, source } = pair.key;
  if (typeof value === 'string') return value;
  return value === null || source === undefined ? null : source;
}
