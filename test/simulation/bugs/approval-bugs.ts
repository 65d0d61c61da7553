/** Bugs of what people said and may do. */
import type { PullRequests } from '../../../src/ports/pull-requests.js';
import { intercept } from '../world/intercept.js';
import { bug, withPulls, type PlantedBug } from './planted-bug.js';

export const APPROVAL_BUGS = {
  'reviews-remembered': bug('Reviews that were read once are not read again.', () => {
    const seen = new Map<number, Awaited<ReturnType<PullRequests['reviews']>>>();
    return {
      forge: (forge) =>
        withPulls(forge, (pulls) => ({
          reviews: async (repository, number) => {
            const known = seen.get(number);
            if (known !== undefined && known.length > 0) return known;
            const read = await pulls.reviews(repository, number);
            seen.set(number, read);
            return read;
          },
        })),
    };
  }),
  'old-approvals-count': bug('Approvals count for whatever the head is.', () => ({
    forge: (forge) =>
      withPulls(forge, (pulls) => ({
        reviews: async (repository, number) => {
          const [reviews, pull] = [await pulls.reviews(repository, number), await pulls.read(repository, number)];
          return reviews.map((review) => ({ ...review, commit: pull?.head.sha ?? review.commit }));
        },
      })),
  })),
  'permission-unasked': bug('Everybody may do everything.', () => ({
    forge: (forge) => ({ ...forge, people: intercept(forge.people, { permission: async () => 'admin' }) }),
  })),
} as const satisfies Readonly<Record<string, PlantedBug>>;
