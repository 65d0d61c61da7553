/**
 * A chart of an OCI registry, as anybody may pull it.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md and https://helm.sh/docs/topics/registries/
 */
import { createHash } from 'node:crypto';
import { isRecord } from '../../core/plan/canonical.js';
import { listAt, textAt, type ChartSource } from '../../core/plan/helm/chart-release.js';
import type { Fetched, RemoteChart } from '../../ports/remote-sources.js';
import { allowedGet, type AllowedGetOptions, type Got } from './allowed-get.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CHART = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const LARGEST_MANIFEST = 1024 * 1024;
/** Of a packed chart, in bytes. */
export const LARGEST_CHART = 5 * 1024 * 1024;

export async function registryChart(
  options: AllowedGetOptions,
  { repository, name, version }: ChartSource,
): Promise<Fetched<RemoteChart>> {
  const asked = `${repository.replace(/\/+$/, '')}/${name}`;
  const url = new URL(asked.replace(/^oci:/i, 'https:'));
  const api = `${url.origin}/v2${url.pathname}`;
  const registry = new Registry(options, asked);
  // A tag can't hold the `+` of a version.
  const manifest = await registry.get(`${api}/manifests/${version.replaceAll('+', '_')}`, LARGEST_MANIFEST);
  if (manifest.kind !== 'answered') return manifest;
  if (manifest.status === 404) return failed(`${asked} has no version ${version}`);
  if (manifest.status !== 200) return failed(refusal(asked, manifest.status));
  const layer = listAt(parsed(manifest.body), 'layers').find((each) => textAt(each, 'mediaType') === CHART);
  const digest = textAt(layer, 'digest');
  if (digest === null || !/^sha256:[0-9a-f]{64}$/.test(digest)) return failed(`${asked} ${version} is no chart`);
  const blob = await registry.get(`${api}/blobs/${digest}`, LARGEST_CHART);
  if (blob.kind !== 'answered') return blob;
  if (blob.status !== 200) return failed(refusal(asked, blob.status));
  return checkedChart(blob.body, digest, `${asked} ${version}`);
}

/** A chart that is what it was said to be. */
export function checkedChart(archive: Uint8Array, digest: string, called: string): Fetched<RemoteChart> {
  const found = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  if (found !== digest) return failed(`${called} is not what its digest says it is`);
  return { kind: 'fetched', archive, digest };
}

/** Asks as nobody; where a registry wants a token even of nobody, gets one. */
class Registry {
  #token: string | null = null;

  constructor(
    private readonly options: AllowedGetOptions,
    private readonly asked: string,
  ) {}

  async get(url: string, maxBytes: number): Promise<Got> {
    const answer = await this.#ask(url, maxBytes);
    if (answer.kind !== 'answered' || answer.status !== 401 || this.#token !== null) return answer;
    const token = await this.#askForToken(answer.headers['www-authenticate'] ?? '');
    if (typeof token !== 'string') return token ?? answer;
    this.#token = token;
    return this.#ask(url, maxBytes);
  }

  #ask(url: string, maxBytes: number): Promise<Got> {
    const headers = {
      accept: `${MANIFEST}, */*`,
      ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    return allowedGet(this.options, { url, headers, maxBytes, asked: this.asked });
  }

  /** https://distribution.github.io/distribution/spec/auth/token/ Null: nobody gets one here. */
  async #askForToken(challenge: string): Promise<string | Exclude<Got, { kind: 'answered' }> | null> {
    const said = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const { realm = '', service = '', scope = '' } = said;
    if (!/^bearer /i.test(challenge) || !realm.startsWith('https:') || !URL.canParse(realm)) return null;
    const url = new URL(realm);
    url.searchParams.set('service', service);
    url.searchParams.set('scope', scope);
    // The registry's own host is allowed with it; another one, as a redirect would be, only by itself.
    const own = url.host === new URL(this.asked.replace(/^oci:/i, 'https:')).host ? { asked: this.asked } : {};
    const answer = await allowedGet(this.options, { url: url.href, headers: {}, maxBytes: LARGEST_MANIFEST, ...own });
    if (answer.kind !== 'answered') return answer;
    const body = parsed(answer.body);
    return textAt(body, 'token') ?? textAt(body, 'access_token');
  }
}

function refusal(asked: string, status: number): string {
  if (status === 401 || status === 403 || status === 404)
    return `${asked} is not there for everybody (status ${status}): only what needs no credentials is fetched`;
  return `${asked} could not be fetched: the registry answered with status ${status}`;
}

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isRecord(value) ? value : null;
  } catch {
    // No JSON: whoever asked says what is missing.
    return null;
  }
}

function failed(message: string): Fetched<RemoteChart> & { readonly kind: 'failed' } {
  return { kind: 'failed', message };
}
