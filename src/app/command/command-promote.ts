/** `/promote` and `/why`: the promotions that concern one pull request. */
import type { Command } from '../../core/command/commands.js';
import { decidePromotion } from '../../core/promotion/decide-promotion.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import {
  firstEnvironmentAnswer,
  noApplicationAnswer,
  promotionAnswer,
  unknownApplicationAnswer,
  whyAnswer,
} from '../../text/answers.js';
import { policyReasons } from '../../text/policy-text.js';
import { blockerList } from '../../text/readiness-text.js';
import type { App } from '../app.js';
import { gatherPromotion, gatherPromotionGround, possiblePromotions } from '../promotion/gather-promotion.js';
import type { Snapshot } from '../pull-request/gather-pull-request.js';
import { promoteOne } from '../promotion/promote.js';
import { touchedApplications } from '../plan/touched-applications.js';

export interface PromoteRequest {
  readonly command: Extract<Command, { name: 'promote' }>;
  readonly by: string;
}

export async function promoteByCommand(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  request: PromoteRequest,
): Promise<string> {
  const { env, apps: named, version } = request.command;
  const { environments } = snapshot.repository.configuration;
  const rules = environments.find((environment) => environment.name === env);
  if (rules === undefined || rules.after.length === 0) return firstEnvironmentAnswer(env);
  const ground = await gatherPromotionGround(snapshot.repository);
  const known = possiblePromotions(ground.targets, snapshot.repository.configuration)
    .filter((target) => target.env === env)
    .map((target) => target.app);
  const stranger = named.find((each) => !known.includes(each));
  if (stranger !== undefined) return unknownApplicationAnswer(stranger, known);
  const apps =
    named.length > 0
      ? named
      : (await touchedApplications(snapshot, ground.targets)).filter((each) => known.includes(each));
  if (apps.length === 0) return noApplicationAnswer(env);
  const answers: string[] = [];
  for (const each of apps) {
    answers.push(
      promotionAnswer(
        await promoteOne(app, lock, ground, { destination: { app: each, env }, askedBy: request.by, version }),
      ),
    );
  }
  return answers.join('\n\n');
}

/** What stands between this pull request and being merged, and between what it touches and the next environments. */
export async function explainWaiting(app: App, snapshot: Snapshot): Promise<string> {
  const { pullRequest, readiness, verdict, state } = snapshot;
  const parts: string[] = [];
  if (pullRequest.state === 'open') {
    if (readiness.state === 'ready')
      parts.push(
        state.ticket === null
          ? 'It is ready to merge; the comment above says how.'
          : 'It is in the merge queue and ready.',
      );
    else parts.push(`It is not merged because:\n\n${blockerList(readiness.blockers)}`);
    if (verdict.state !== 'passed') parts.push(`The policy:\n\n${policyReasons(verdict)}`);
  }
  const ground = await gatherPromotionGround(snapshot.repository);
  const apps = await touchedApplications(snapshot, ground.targets);
  const destinations = possiblePromotions(ground.targets, snapshot.repository.configuration).filter((target) =>
    apps.includes(target.app),
  );
  for (const destination of destinations) {
    const gathered = await gatherPromotion(app, ground, destination, { asked: 'not-asked', version: null });
    parts.push(
      promotionAnswer({
        destination,
        decision: decidePromotion(gathered.facts),
        pullRequest: gathered.facts.open?.pullRequest ?? null,
      }),
    );
  }
  return whyAnswer(parts);
}
