/**
 * The whole plan under an address that can't be guessed: who was given the link may read, nobody else can tell that there is anything.
 *
 * `/plans/github/acme/config/7/<digest>?key=<HMAC of that path>`; the same key opens the forms `.json` and `.diff`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { repositoryKey, type ForgeKind, type RepositoryId } from '../../core/ids.js';
import type { Plan } from '../../core/plan/plan.js';
import { planDiff } from '../../text/plan-diff.js';
import { planJson } from '../../text/plan-json.js';
import { PLAN_GONE, planPage, PLAN_STYLE, type PagePolicy } from '../../text/plan-page.js';
import { pullRequestName } from '../../text/pull-request-name.js';
import type { App } from '../app.js';
import { keptVerdict } from '../policy/kept-verdict.js';

/** The address of a plan's page, or null where the bot has no public address. */
export function planPageUrl(app: App, place: PlanPlace): string | null {
  if (app.planPages === undefined) return null;
  const path = pathOf(place);
  return `${app.planPages.url}${path}?key=${app.planPages.sign(path)}`;
}

interface PlanPlace {
  readonly repository: RepositoryId;
  readonly number: number;
  readonly digest: string;
}

function pathOf({ repository, number, digest }: PlanPlace): string {
  const parts = [repository.forge, ...repository.path.split('/'), String(number), digest];
  return `/plans/${parts.map(encodeURIComponent).join('/')}`;
}

/** Where the cache keeps the name under which the latest plan with this digest lies. */
export function planPageKey({ repository, number, digest }: PlanPlace): string {
  return `plan-page/2/${repositoryKey(repository)}#${number}/${digest}`;
}

export interface PlanPageRequest {
  readonly forge: string;
  /** `acme/config` */
  readonly path: string;
  readonly number: string;
  readonly digest: string;
  readonly form: 'html' | 'json' | 'diff';
  readonly key: string;
}

export type PlanPageAnswer =
  /** No such page, or not the key to it: nobody is told which. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'gone'; readonly sentence: string }
  /** `style`: SHA-256 of the only style that the page may have, base64; null for forms without any. */
  | { readonly kind: 'plan'; readonly body: string; readonly style: string | null };

export async function readPlanPage(app: App, request: PlanPageRequest): Promise<PlanPageAnswer> {
  const place = placeOf(request);
  if (app.planPages === undefined || place === null) return { kind: 'unknown' };
  if (!isSame(app.planPages.sign(pathOf(place)), request.key)) return { kind: 'unknown' };
  const key = await app.cache.get(planPageKey(place));
  const text = key === null ? null : await app.cache.get(key);
  if (text === null) return { kind: 'gone', sentence: PLAN_GONE };
  const policy = request.form === 'html' ? await pagePolicy(app, place) : undefined;
  return { kind: 'plan', ...formatted(JSON.parse(text) as Plan, request, { place, policy }) };
}

function placeOf({ forge, path, number, digest }: PlanPageRequest): PlanPlace | null {
  if (!isForge(forge) || !/^[1-9]\d{0,15}$/.test(number) || !/^[0-9a-f]{64}$/.test(digest)) return null;
  return { repository: { forge, path }, number: Number(number), digest };
}

function isForge(text: string): text is ForgeKind {
  return text === 'github' || text === 'gitlab';
}

/** Of what was judged last: one plan may be that of several heads. */
async function pagePolicy(app: App, place: PlanPlace): Promise<PagePolicy> {
  const kept = await keptVerdict(app, place);
  if (kept === null) return { kind: 'not-judged' };
  const { head, digest, verdict } = kept;
  return digest === place.digest ? { kind: 'judged', head, verdict } : { kind: 'of-another-plan', head };
}

function formatted(
  plan: Plan,
  { form, key }: PlanPageRequest,
  { place, policy }: { readonly place: PlanPlace; readonly policy: PagePolicy | undefined },
): { body: string; style: string | null } {
  switch (form) {
    case 'json':
      return { body: `${JSON.stringify(planJson(plan), null, 2)}\n`, style: null };
    case 'diff':
      return { body: planDiff(plan, 'page'), style: null };
    case 'html': {
      const links = (['json', 'diff'] as const).map((other) => ({
        words: other.toUpperCase(),
        href: `${place.digest}.${other}?key=${encodeURIComponent(key)}`,
      }));
      const { repository, number } = place;
      const title = `Plan of ${repository.path}${pullRequestName(repository.forge, number)}`;
      const body = planPage(plan, { title, links, ...(policy === undefined ? {} : { policy }) });
      return { body, style: digestOf(PLAN_STYLE).toString('base64') };
    }
  }
}

/** Digests are of one length whatever was given, which `timingSafeEqual` needs. */
function isSame(wanted: string, given: string): boolean {
  return timingSafeEqual(digestOf(wanted), digestOf(given));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
