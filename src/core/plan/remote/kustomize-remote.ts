/**
 * What a remote reference of a kustomization names.
 *
 * Worked example: `https://github.com/acme/bases//api?ref=v1.2.0` is the directory `api` of that repository at the tag `v1.2.0`;
 * `https://example.test/install.yaml` is a file. https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 *
 * Only what is pinned: a tag, or the whole id of a commit. What a branch holds tomorrow nobody has approved today.
 */

export type KustomizeRemote =
  | {
      readonly kind: 'directory';
      /** To clone from: https, without user and query. */
      readonly repository: string;
      /** From its top; '' for the top itself. */
      readonly path: string;
      readonly ref: string;
    }
  | { readonly kind: 'file'; readonly url: string }
  /** `why`: goes on after the reference, without a full stop. */
  | { readonly kind: 'unsupported'; readonly why: string };

export function readKustomizeRemote(reference: string): KustomizeRemote {
  const text = reference.trim().replace(/^git::(?=https:)/i, '');
  const address = /^(www\.)?github\.com\//i.test(text) ? `https://${text}` : text;
  if (!/^https:\/\//i.test(address) || !URL.canParse(address))
    return unsupported('is not fetched: only https addresses are');
  const url = new URL(address);
  if (url.username !== '' || url.password !== '')
    return unsupported('is not fetched: the address holds a user or password');
  return readAddress(url);
}

function readAddress(url: URL): KustomizeRemote {
  const ref = url.searchParams.get('ref') ?? url.searchParams.get('version');
  const { repository, path } = splitRepository(url);
  if (ref === null && isFile(url)) return { kind: 'file', url: url.href };
  if (repository === null) return unsupported('does not say where its repository ends: put // after it');
  if (ref === null) return unsupported('names no revision: add ?ref= with a tag or the whole id of a commit');
  if (!/^[\w][\w./+-]*$/.test(ref) || ref.includes('..')) return unsupported('names a revision that can’t be one');
  return { kind: 'directory', repository, path, ref };
}

function unsupported(why: string): KustomizeRemote {
  return { kind: 'unsupported', why };
}

/** Where the repository ends: at `//`, after `.git`, after Azure's `_git/NAME`, or on github.com after the second part. */
function splitRepository(url: URL): { readonly repository: string | null; readonly path: string } {
  const forms = [
    /^(\/[^?]*?)\/\/(.*)$/,
    /^(\/.*?\.git)(?:\/(.*))?$/,
    /^(\/.*?\/_git\/[^/]+)(?:\/(.*))?$/,
    ...(/^(www\.)?github\.com$/.test(url.host) ? [/^(\/[^/]+\/[^/]+)(?:\/(.*))?$/] : []),
  ];
  const found = forms.map((form) => form.exec(url.pathname)).find((match) => match !== null);
  if (found === undefined) return { repository: null, path: '' };
  const [, repository = '', path = ''] = found;
  return { repository: `https://${url.host}${repository}`, path: path.split('/').filter(Boolean).join('/') };
}

function isFile({ pathname }: URL): boolean {
  return /\.(ya?ml|json)$/i.test(pathname) && !pathname.includes('//');
}
