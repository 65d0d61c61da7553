/** The merge queue's order: what somebody put first, then by kind as the configuration says, then by the time of joining. */
import type { PullRequestKind } from '../configuration.js';
import type { Ticket } from '../standing/sticky-state.js';

interface QueueEntry {
  readonly number: number;
  readonly kind: PullRequestKind;
  readonly ticket: Ticket;
}

/** Kinds the order does not name come last. */
export function orderQueue<Entry extends QueueEntry>(
  entries: readonly Entry[],
  order: readonly PullRequestKind[],
): readonly Entry[] {
  const rank = (kind: PullRequestKind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  const urgency = ({ ticket }: QueueEntry) => (ticket.urgency === 'now' ? 0 : 1);
  return [...entries].sort(
    (a, b) =>
      urgency(a) - urgency(b) || rank(a.kind) - rank(b.kind) || a.ticket.at - b.ticket.at || a.number - b.number,
  );
}
