import { describe, expect, it } from 'vitest';
import { findReleases } from './find-releases.js';

const release = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: api, namespace: web}\nspec: ${spec}\n`;
const source = (kind: string, spec: string, namespace = 'web'): string =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: {name: r, namespace: ${namespace}}\nspec: ${spec}\n`;
const application = (from: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: api}\nspec: {source: ${from}}\n`;
const chart = (more: string): string =>
  `{chart: {spec: {chart: redis, sourceRef: {kind: HelmRepository, name: r}${more}}}}`;
const oci = '{chartRef: {kind: OCIRepository, name: r}}';

const asked = (...texts: readonly string[]) => findReleases(texts, () => false).find(({ kind }) => kind !== 'nothing');

describe('a chart that is not in the repository', () => {
  it.each([
    [
      [release(chart(', version: 1.2.3')), source('HelmRepository', '{url: "https://c.test/x"}')],
      'https://c.test/x',
      '1.2.3',
    ],
    [
      [release(chart(', version: v1.2.3')), source('HelmRepository', '{type: oci, url: "oci://r.test/x"}')],
      'oci://r.test/x',
      'v1.2.3',
    ],
    [
      [release(oci), source('OCIRepository', '{url: "oci://r.test/x/redis", ref: {tag: 1.2.3-rc.1}}')],
      'oci://r.test/x',
      '1.2.3-rc.1',
    ],
    [[application('{chart: redis, repoURL: "https://c.test", targetRevision: 1.2.3}')], 'https://c.test', '1.2.3'],
    [[application('{chart: redis, repoURL: r.test/x, targetRevision: 1.2.3}')], 'oci://r.test/x', '1.2.3'],
  ])('is one of a repository, %#', (texts, repository, version) => {
    expect(asked(...texts)).toMatchObject({ kind: 'remote-release', chart: { repository, name: 'redis', version } });
  });

  it.each([
    [[release(chart(', version: 1.2.3'))], 'HelmRepository/r is not among the manifests of this target'],
    [[release(chart(', version: 1.2.3')), source('HelmRepository', '{}', 'other')], 'is not among the manifests'],
    [
      [release(chart(', version: 1.2.3')), source('HelmRepository', '{secretRef: {name: s}}')],
      'HelmRepository/r needs credentials',
    ],
    [
      [release(chart(', version: ">=1.0"')), source('HelmRepository', '{url: "https://c.test"}')],
      'only one version is fetched, and >=1.0 is not one',
    ],
    [[release(chart('')), source('HelmRepository', '{url: "https://c.test"}')], 'and * is not one'],
    [
      [release('{chart: {spec: {chart: x, sourceRef: {kind: Bucket, name: r}}}}')],
      'charts are not fetched from Bucket',
    ],
    [
      [release(oci), source('OCIRepository', '{url: "oci://r.test/x", ref: {semver: ">1"}}')],
      'a digest or a range is not one',
    ],
    [[application('{chart: redis, repoURL: "https://c.test", targetRevision: 1.*}')], 'and 1.* is not one'],
    [[application('{chart: ../x, repoURL: "https://c.test", targetRevision: 1.0.0}')], 'its name can’t be one'],
    [[application('{chart: redis}')], 'takes its chart redis from a repository: shown as'],
  ])('is left as its manifest, and why is said, %#', (texts, why) => {
    expect(asked(...texts)).toEqual({ kind: 'elsewhere', note: expect.stringContaining(why) });
  });
});
