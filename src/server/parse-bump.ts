/** The body of `POST /api/v1/bumps`: JSON text to a request, or everything that is wrong with it at once. */
import { nearestName } from '../core/command/nearest-name.js';
import type { BumpRequest } from '../core/event.js';
import type { ForgeKind, RepositoryId } from '../core/ids.js';
import {
  checkDigest,
  checkId,
  checkImage,
  checkRepository,
  checkSource,
  checkTag,
  type Checked,
} from './bump-fields.js';

interface FieldProblem {
  /** The field's name, or null where it is about the whole body. */
  readonly field: string | null;
  readonly message: string;
}

export interface ParsedBump {
  readonly repository: RepositoryId;
  readonly request: BumpRequest;
  /** The caller's own id of the request, or null. */
  readonly id: string | null;
}

type BumpReading =
  | { readonly kind: 'bump'; readonly bump: ParsedBump }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] };

interface BumpContext {
  readonly forges: readonly ForgeKind[];
  /** The `Idempotency-Key` header, or null. */
  readonly idempotencyKey: string | null;
}

const FIELDS = ['forge', 'repository', 'image', 'tag', 'digest', 'source', 'id'] as const;

export function parseBump(body: Uint8Array, context: BumpContext): BumpReading {
  const fields = parseObject(body);
  if (typeof fields === 'string') return { kind: 'problems', problems: [{ field: null, message: fields }] };
  const form = new Form(fields);
  form.refuseUnknown();
  const forge = form.forge(context.forges);
  const repository = form.required('repository', (text) => checkRepository(text, forge));
  const image = form.required('image', checkImage);
  const tag = form.required('tag', checkTag);
  const digest = form.optional('digest', checkDigest);
  const source = form.optional('source', checkSource);
  const id = form.id(context.idempotencyKey);
  if (form.problems.length > 0 || forge === null || repository === null || image === null || tag === null) {
    return { kind: 'problems', problems: form.problems };
  }
  const request: BumpRequest = { image, tag, digest, source };
  return { kind: 'bump', bump: { repository: { forge, path: repository }, request, id } };
}

/** The fields, or what is wrong with the body in a sentence that repeats nothing of it. */
function parseObject(body: Uint8Array): ReadonlyMap<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return body.length === 0 ? 'The body is empty; it must be a JSON object.' : 'The body is not JSON in UTF-8.';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'The body must be a JSON object.';
  return new Map(Object.entries(value));
}

/** Reads fields one by one and collects what is wrong with them. A field that is null counts as not given. */
class Form {
  readonly problems: FieldProblem[] = [];
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(fields: ReadonlyMap<string, unknown>) {
    this.#fields = fields;
  }

  refuseUnknown(): void {
    for (const name of this.#fields.keys()) {
      if ((FIELDS as readonly string[]).includes(name)) continue;
      const nearest = nearestName(name, FIELDS);
      const advice = nearest ? `Did you mean "${nearest}"?` : `Known are ${FIELDS.join(', ')}.`;
      this.problems.push({ field: name.slice(0, 100), message: `This field is unknown. ${advice}` });
    }
  }

  forge(configured: readonly ForgeKind[]): ForgeKind | null {
    const forge = this.#fields.get('forge') ?? null;
    if (forge === null) {
      if (configured.length === 1) return configured[0] ?? null;
      this.#refuse('forge', `Say which forge: ${configured.join(' or ')}.`);
      return null;
    }
    const known = configured.find((one) => one === forge);
    if (known) return known;
    this.#refuse(
      'forge',
      `This must be ${configured.map((one) => `"${one}"`).join(' or ')}, which is configured here.`,
    );
    return null;
  }

  required(field: string, check: (text: string) => Checked): string | null {
    if ((this.#fields.get(field) ?? null) === null) {
      this.#refuse(field, 'This field is required.');
      return null;
    }
    return this.optional(field, check);
  }

  optional(field: string, check: (text: string) => Checked): string | null {
    const value = this.#fields.get(field) ?? null;
    if (value === null) return null;
    if (typeof value !== 'string') {
      this.#refuse(field, 'This must be a string.');
      return null;
    }
    const checked = check(value);
    if ('problem' in checked) {
      this.#refuse(field, checked.problem);
      return null;
    }
    return checked.value;
  }

  id(header: string | null): string | null {
    const field = this.optional('id', checkId);
    if (header === null) return field;
    const checked = checkId(header);
    if ('problem' in checked) {
      this.#refuse('Idempotency-Key', checked.problem);
      return null;
    }
    if (field === null || field === header) return header;
    this.#refuse('id', 'This differs from the Idempotency-Key header. Send one of them.');
    return null;
  }

  #refuse(field: string, message: string): void {
    this.problems.push({ field, message });
  }
}
