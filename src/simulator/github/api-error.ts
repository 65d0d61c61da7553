/** An answer that is an error, thrown from anywhere below a route handler and sent by the one error handler. */
import type { Outcome, Refusal } from '../forge/refusal.js';

const documentation = 'https://docs.github.com/rest';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(`${status} ${String(body['message'])}`);
  }
}

function answer(status: number, message: string, more: Readonly<Record<string, unknown>> = {}): ApiError {
  return new ApiError(status, { message, ...more, documentation_url: documentation, status: String(status) });
}

export const notFoundError = (): ApiError => answer(404, 'Not Found');
export const forbiddenError = (message: string): ApiError => answer(403, message);
export const unauthorizedError = (message: string): ApiError => answer(401, message);
export const unprocessable = (message: string): ApiError => answer(422, message);

/** 422 with one entry in `errors`. */
export function validationError(error: Readonly<Record<string, unknown>> | string): ApiError {
  return answer(422, typeof error === 'string' ? 'Unprocessable Entity' : 'Validation Failed', { errors: [error] });
}

type Words = { readonly [K in Refusal['kind']]: (refusal: Extract<Refusal, { readonly kind: K }>) => ApiError };

const words: Words = {
  'not-found': notFoundError,
  forbidden: (refusal) =>
    forbiddenError(refusal.need === 'app' ? refusal.message : 'Resource not accessible by integration'),
  invalid: (refusal) => invalidError(refusal),
  'already-exists': ({ resource, message }) =>
    resource === 'Reference' ? unprocessable(message) : validationError({ resource, code: 'custom', message }),
  'head-moved': () => answer(409, 'Head branch was modified. Review and try the merge again.'),
  'not-fast-forward': () => unprocessable('Update is not a fast forward'),
  'protected-branch': () => unprocessable('Cannot update this protected ref.'),
  'merge-conflict': () => answer(405, 'Pull Request is not mergeable'),
  'not-mergeable': (refusal) => answer(405, refusal.message),
  'own-pull-request': (refusal) => validationError(refusal.message),
};

/** A refusal of the state in GitHub's words; routes whose words differ look at the refusal first. */
export function refusalError<K extends Refusal['kind']>(refusal: Extract<Refusal, { readonly kind: K }>): ApiError {
  return (words[refusal.kind as K] as Words[K])(refusal);
}

function invalidError(refusal: Extract<Refusal, { readonly kind: 'invalid' }>): ApiError {
  const { resource, field, message } = refusal;
  if (resource === 'Reference') return unprocessable(message);
  if (message === 'invalid') return validationError({ resource, field, code: 'invalid' });
  return validationError({ resource, field, code: 'custom', message });
}

/** The value, or throws the refusal as an answer. */
export function granted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw refusalError(outcome.refusal);
}
