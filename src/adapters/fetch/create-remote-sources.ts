/** Everything that renderings may read beyond the repository, from the places that the server's settings name. */
import { createHash } from 'node:crypto';
import { showReference } from '../../core/plan/dependencies/remote-reference.js';
import { isAllowed, type AllowedPlace } from '../../core/plan/remote/allowance.js';
import type { Fetched, RemoteFile, RemoteSources, RemoteTree } from '../../ports/remote-sources.js';
import { allowedGet, notAllowed } from './allowed-get.js';
import { publicAddress, type FoundAddress, type HttpsGet } from './https-get.js';
import { registryChart } from './registry-chart.js';
import { repositoryChart } from './repository-chart.js';

interface RemoteSourcesOptions {
  readonly allowed: readonly AllowedPlace[];
  readonly get: HttpsGet;
  /** Fetches a repository; it is told where to connect to. */
  readonly trees: {
    fetch(request: {
      readonly url: string;
      readonly ref: string;
      readonly connectTo: string | null;
    }): Promise<Fetched<RemoteTree>>;
  };
  /** In ms. */
  readonly now: () => number;
  /** Public ones only when absent. */
  readonly addressOf?: (hostname: string) => Promise<FoundAddress>;
}

/** In bytes. */
const LARGEST_FILE = 5 * 1024 * 1024;
/** What was fetched is asked for again by the next plan once it is this old, in ms: a tag may have moved, though it should not. */
const FRESH = 10 * 60_000;
/** Of at most {@link LARGEST_FILE} each, but for repositories, which are on the disk. */
const MOST_REMEMBERED = 40;

export function createRemoteSources(options: RemoteSourcesOptions): RemoteSources {
  const { allowed } = options;
  const remembered = new Remembered(options.now);
  const settings = createHash('sha256').update(JSON.stringify(allowed)).digest('hex').slice(0, 16);
  return {
    version: `remote sources ${settings}`,
    tree: (source) => remembered.of(`tree ${source.url} ${source.ref}`, () => fetchTree(options, source)),
    file: (url) => remembered.of(`file ${url}`, () => fetchFile(options, url)),
    chart: (source) =>
      remembered.of(`chart ${source.repository} ${source.name} ${source.version}`, async () => {
        if (!URL.canParse(source.repository.replace(/^oci:/i, 'https:')))
          return { kind: 'failed', message: `${showReference(source.repository)} is no address of charts` };
        return /^oci:/i.test(source.repository) ? registryChart(options, source) : repositoryChart(options, source);
      }),
  };
}

async function fetchTree(
  { allowed, trees, addressOf = publicAddress }: RemoteSourcesOptions,
  { url, ref }: { readonly url: string; readonly ref: string },
): Promise<Fetched<RemoteTree>> {
  if (!isAllowed(allowed, url)) return { kind: 'not-allowed', message: notAllowed(url) };
  const { hostname, port } = new URL(url);
  const found = await addressOf(hostname);
  if (found.kind === 'failed') return { kind: 'failed', message: `${url} ${found.why}` };
  const address = found.address.includes(':') ? `[${found.address}]` : found.address;
  return trees.fetch({ url, ref, connectTo: `${hostname}:${port === '' ? '443' : port}:${address}` });
}

async function fetchFile(options: RemoteSourcesOptions, url: string): Promise<Fetched<RemoteFile>> {
  const got = await allowedGet(options, { url, headers: {}, maxBytes: LARGEST_FILE });
  if (got.kind !== 'answered') return got;
  if (got.status !== 200)
    return { kind: 'failed', message: `${showReference(url)} could not be fetched: it came with status ${got.status}` };
  if (/^text\/html/i.test(got.headers['content-type'] ?? ''))
    return { kind: 'failed', message: `${showReference(url)} is a page for people, not a file of manifests` };
  return { kind: 'fetched', content: got.body };
}

/** What was fetched a short while ago; what failed is tried again. */
class Remembered {
  readonly #known = new Map<string, { readonly at: number; readonly value: Promise<Fetched<unknown>> }>();

  constructor(private readonly now: () => number) {}

  of<T>(key: string, fetch: () => Promise<Fetched<T>>): Promise<Fetched<T>> {
    const known = this.#known.get(key);
    // Values of one key are of one kind.
    if (known !== undefined && this.now() - known.at < FRESH) return known.value as Promise<Fetched<T>>;
    const value = fetch();
    this.#known.delete(key);
    this.#known.set(key, { at: this.now(), value });
    const forget = (): void => {
      if (this.#known.get(key)?.value === value) this.#known.delete(key);
    };
    value.then((fetched) => (fetched.kind === 'fetched' ? undefined : forget()), forget);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return value;
  }
}
