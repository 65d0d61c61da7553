/** The JSON Schema of `.lockkeeper.yaml` for editors, made from the description that the reader uses. */
import { configurationShape } from './configuration-shape.js';
import { policyFile } from './policy-shapes.js';
import { innerShapes, type Field, type FieldsShape, type ShapeNode, type TextFormat } from './shape.js';

interface JsonSchema {
  readonly [key: string]: unknown;
}

/** Draft 2020-12. It cannot see what only the whole file tells, such as whether an environment exists: `lockkeeper` checks more. */
export function configurationSchema(): JsonSchema {
  return documentOf(configurationShape, {
    title: '.lockkeeper.yaml',
    description: 'How Lockkeeper promotes releases in this configuration repository.',
  });
}

/** Of the file that `policy.file` names, and of an organisation's `policy.yaml`. */
export function policyFileSchema(): JsonSchema {
  return documentOf(policyFile, {
    title: 'A policy of Lockkeeper',
    description: 'Who must agree to pull requests, in a file of its own.',
  });
}

function documentOf(shape: ShapeNode, about: { readonly title: string; readonly description: string }): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...about,
    ...schemaOf(shape),
    $defs: Object.fromEntries(nestedIn(shape).map(({ name, of }) => [name, schemaOf(of())])),
  };
}

/** Each once. */
function nestedIn(root: ShapeNode): readonly Extract<ShapeNode, { kind: 'nested' }>[] {
  const found = new Map<string, Extract<ShapeNode, { kind: 'nested' }>>();
  const visit = (shape: ShapeNode): void => {
    if (shape.kind === 'nested') {
      if (found.has(shape.name)) return;
      found.set(shape.name, shape);
    }
    innerShapes(shape).forEach(visit);
  };
  visit(root);
  return [...found.values()];
}

function schemaOf(shape: ShapeNode): JsonSchema {
  switch (shape.kind) {
    case 'text':
      return textSchema(shape.format);
    case 'choice':
    case 'yes-or-no':
    case 'number':
      return scalarSchema(shape);
    case 'list':
      return listSchema(shape);
    case 'fields':
      return fieldsSchema(shape);
    case 'entries':
      return entriesSchema(shape);
    case 'by-form':
    case 'by-key':
      return anyOf(innerShapes(shape));
    case 'nested':
      return { $ref: `#/$defs/${shape.name}` };
    default:
      return NOTHING[shape.kind];
  }
}

/** What is refused, or accepted only while it is empty. */
const NOTHING = { later: { not: {} }, 'empty-list': { type: 'array', maxItems: 0 } } as const;

function entriesSchema(shape: Extract<ShapeNode, { kind: 'entries' }>): JsonSchema {
  return {
    type: 'object',
    propertyNames: textSchema(shape.key),
    additionalProperties: schemaOf(shape.of),
    minProperties: 1,
    maxProperties: shape.max,
  };
}

function scalarSchema(shape: Extract<ShapeNode, { kind: 'choice' | 'yes-or-no' | 'number' }>): JsonSchema {
  if (shape.kind === 'choice') return { enum: shape.values };
  if (shape.kind === 'yes-or-no') return { type: 'boolean' };
  return { type: shape.step === 'whole' ? 'integer' : 'number', minimum: shape.min, maximum: shape.max };
}

function anyOf(shapes: readonly ShapeNode[]): JsonSchema {
  const possible = shapes.filter(({ kind }) => kind !== 'later').map(schemaOf);
  const [only] = possible;
  return only !== undefined && possible.length === 1 ? only : { anyOf: possible };
}

function textSchema(format: TextFormat<unknown>): JsonSchema {
  const pattern = format.pattern === null ? { minLength: 1 } : { pattern: format.pattern };
  return { type: 'string', ...pattern };
}

function listSchema(shape: Extract<ShapeNode, { kind: 'list' }>): JsonSchema {
  const items = schemaOf(shape.of);
  const array = { type: 'array', items, minItems: shape.min, maxItems: shape.max };
  return shape.single === 'allowed' ? { anyOf: [items, array] } : array;
}

function fieldsSchema(shape: FieldsShape): JsonSchema {
  const properties = Object.entries(shape.fields).map(([name, field]) => [name, fieldSchema(field)] as const);
  const required = Object.entries(shape.fields).filter(([, { presence }]) => presence === 'required');
  return {
    type: shape.empty === 'defaults' ? ['object', 'null'] : 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required: required.map(([name]) => name) } : {}),
    properties: Object.fromEntries(properties),
    ...(shape.either.length > 0
      ? { oneOf: shape.either.map((name) => ({ properties: { [name]: true }, required: [name] })) }
      : {}),
  };
}

function fieldSchema(field: Field<unknown>): JsonSchema {
  const absent = field.absent === null ? '' : ` Default: ${field.absent}.`;
  return { description: `${field.description}${absent}`, ...schemaOf(field.shape) };
}
