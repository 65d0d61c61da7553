/** Builds Kubernetes objects for tests. */

export const object = (apiVersion: string, kind: string, rest: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...metadata },
  ...rest,
});
