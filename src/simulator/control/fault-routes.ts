/** Control: webhooks as they were sent, and faults of webhooks and of the API. */
import type { DeliveryFault } from '../delivery/deliveries.js';
import type { HttpFault, HttpFaultEffect } from '../faults/http-faults.js';
import type { ControlCall } from './control-call.js';
import { ControlError } from './control-call.js';
import type { ControlContext, ControlRoute } from './control-call.js';

export const faultRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/deliveries',
    handle: (call, { deliveries }) => {
      const state = call.query('state');
      return deliveries.list().filter((one) => state === undefined || one.state === state);
    },
  },
  {
    method: 'POST',
    path: '/deliveries/next',
    handle: async (_call, { deliveries }) => ({ sent: (await deliveries.deliverNext()) === undefined ? 0 : 1 }),
  },
  {
    method: 'POST',
    path: '/deliveries/all',
    handle: async (_call, { deliveries }) => ({ sent: await deliveries.deliverAll() }),
  },
  {
    method: 'POST',
    path: '/deliveries/faults',
    handle: (call, { deliveries }) => deliveries.plan(deliveryFault(call)),
  },
  { method: 'DELETE', path: '/deliveries/faults', handle: (_call, { deliveries }) => deliveries.clearFaults() },
  { method: 'POST', path: '/deliveries/:number/:what', handle: treatDelivery },
  { method: 'GET', path: '/faults', handle: (_call, { faults }) => faults.list() },
  { method: 'POST', path: '/faults', handle: (call, { faults }) => faults.plan(httpFault(call)) },
  { method: 'DELETE', path: '/faults', handle: (_call, { faults }) => faults.clear() },
];

async function treatDelivery(call: ControlCall, { deliveries }: ControlContext): Promise<void> {
  const treatments = {
    redeliver: async () => (await deliveries.redeliver(call.number)) !== undefined,
    lose: () => deliveries.lose(call.number),
    double: () => deliveries.double(call.number),
    delay: () => deliveries.delay(call.number),
  };
  const found = Object.entries(treatments).find(([name]) => name === call.parameter('what'));
  if (found === undefined || !(await found[1]()))
    throw new ControlError(404, `no delivery ${call.number} to ${call.parameter('what')}`);
}

function deliveryFault(call: ControlCall): DeliveryFault {
  const [event, action] = [call.optionalText('event'), call.optionalText('action')];
  return {
    kind: call.word('kind', ['lose', 'double', 'delay']),
    ...(event === undefined ? {} : { event }),
    ...(action === undefined ? {} : { action }),
    ...counts(call, ['times', 'after']),
  };
}

function httpFault(call: ControlCall): HttpFault {
  const method = call.optionalText('method');
  return {
    path: call.text('path'),
    ...(method === undefined ? {} : { method }),
    ...counts(call, ['nth', 'times']),
    effect: effectOf(call.fields['effect']),
  };
}

function counts(call: ControlCall, names: readonly string[]): Readonly<Record<string, number>> {
  const given = names.flatMap((name) => {
    const value = call.fields[name];
    return typeof value === 'number' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}

const effects = ['status', 'time-out', 'connection-reset', 'act-then-lose-answer', 'act-then-500'];

function effectOf(value: unknown): HttpFaultEffect {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !effects.includes(String(value.kind))) {
    throw new ControlError(400, `effect.kind is needed: one of ${effects.join(', ')}`);
  }
  if (value.kind === 'status' && !('status' in value && typeof value.status === 'number'))
    throw new ControlError(400, 'effect.status is needed');
  return value as HttpFaultEffect;
}
