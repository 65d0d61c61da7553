/** What the tools ran in that rendered what people pushed. */
export function sandboxText(kind: 'bubblewrap' | 'limits-only'): string {
  switch (kind) {
    case 'bubblewrap':
      return 'Rendered in a sandbox: bubblewrap, without a network, on a disk of its own.';
    case 'limits-only':
      return 'Rendered within limits only, without a sandbox: bubblewrap is not installed, or may not make namespaces here.';
  }
}
