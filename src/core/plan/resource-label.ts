/** What a resource is called in warnings and lists. */

/** `Kind/name`, or the file of what is no Kubernetes object. */
export function resourceLabel({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return kind === '' ? name : `${kind}/${name}`;
}
