/** Judges answers by GitHub's own descriptions: REST by `@octokit/openapi`, webhooks by `@octokit/webhooks-schemas`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Json = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);
const addFormats = formats.default;

function load(path: string): Json {
  return JSON.parse(readFileSync(require.resolve(path), 'utf8')) as Json;
}

/** OpenAPI 3.0's `nullable` in JSON Schema's words. */
function fromOpenApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromOpenApi);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, discriminator: _discriminator, example: _example, examples: _examples, ...rest } = value as Json;
  const entries = Object.entries(rest).map(
    ([key, one]) => [isEither(key, one) ? 'anyOf' : key, fromOpenApi(one)] as const,
  );
  const schema = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** GitHub describes an installation's account as a user *and* an enterprise; what it means, and sends, is one of them. */
function isEither(key: string, value: unknown): boolean {
  return key === 'allOf' && Array.isArray(value) && value.some((one) => dig(one, 'title') === 'Enterprise');
}

function newAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  // URI templates such as `…/issues{/number}` are described as `uri` in places.
  ajv.addFormat('uri', true);
  return ajv;
}

let rest:
  | { readonly ajv: Ajv; readonly description: Json; readonly compiled: Map<string, ValidateFunction | undefined> }
  | undefined;

function restSchemas(): NonNullable<typeof rest> {
  if (rest === undefined) {
    const description = load('@octokit/openapi/generated/api.github.com.json');
    const ajv = newAjv();
    ajv.addSchema({ $id: 'github', components: fromOpenApi(description['components']) });
    rest = { ajv, description, compiled: new Map() };
  }
  return rest;
}

function dig(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Json)[key] : undefined),
    value,
  );
}

function validatorOf(method: string, path: string, status: number): ValidateFunction | undefined {
  const { ajv, description, compiled } = restSchemas();
  const key = `${method} ${path} ${status}`;
  if (!compiled.has(key)) {
    const operation = dig(description, 'paths', path, method.toLowerCase());
    if (operation === undefined) throw new Error(`GitHub describes no ${method} ${path}`);
    const response = dig(operation, 'responses', String(status));
    if (response === undefined) throw new Error(`GitHub describes no ${status} of ${method} ${path}`);
    const name =
      String(dig(response, '$ref') ?? '')
        .split('/')
        .at(-1) ?? '';
    const described = name === '' ? response : dig(description, 'components', 'responses', name);
    const schema = dig(described, 'content', 'application/json', 'schema');
    const text = JSON.stringify(fromOpenApi(schema) ?? null).replaceAll('"#/components/', '"github#/components/');
    compiled.set(key, schema === undefined ? undefined : ajv.compile(JSON.parse(text) as Json));
  }
  return compiled.get(key);
}

/** What GitHub's description finds wrong with an answer; empty when nothing is. `path` is its template: `/repos/{owner}/{repo}`. */
export function problemsOfAnswer(
  method: string,
  path: string,
  answer: { readonly status: number; readonly data: unknown },
): readonly string[] {
  const validate = validatorOf(method, path, answer.status);
  return validate === undefined || validate(answer.data) ? [] : problems(validate);
}

let webhooks: { readonly ajv: Ajv; readonly definitions: Json } | undefined;

/** What GitHub's description finds wrong with a webhook's payload. */
export function problemsOfWebhook(event: string, payload: unknown): readonly string[] {
  if (webhooks === undefined) {
    const schema = load('@octokit/webhooks-schemas/schema.json');
    webhooks = { ajv: newAjv().addSchema({ ...schema, $id: 'webhooks' }), definitions: schema['definitions'] as Json };
  }
  const name = [`${event}$${String(dig(payload, 'action'))}`, `${event}$event`].find(
    (one) => one in (webhooks?.definitions ?? {}),
  );
  if (name === undefined) return [`GitHub describes no webhook ${event} ${String(dig(payload, 'action'))}`];
  const validate = webhooks.ajv.compile({ $ref: `webhooks#/definitions/${name}` });
  return validate(withoutNewer(payload)) ? [] : problems(validate);
}

/** What GitHub sends by now (its REST description has it) and this older description of webhooks forbids as unknown. */
const newer = ['verified_at', 'client_id'];

function withoutNewer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNewer);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !newer.includes(key));
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutNewer(one)]));
}

function problems(validate: ValidateFunction): readonly string[] {
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
}
