/** How a seed's repository and forge are set up: every combination comes up. */
import type { ForgeKind } from '../../src/core/ids.js';
import type { ConfigurationVariant, ForgeRules, QueueVariant } from './ground.js';
import type { Random } from './random.js';

export interface Setting {
  readonly variant: ConfigurationVariant;
  readonly rules: ForgeRules;
  /** Whether the bot keeps answers of the forge with their ETags. */
  readonly answers: 'kept' | 'not kept';
}

export function drawSetting(random: Random, forge: ForgeKind): Setting {
  const rules: ForgeRules = {
    demands: random.chance(0.6) ? 'checks' : 'none',
    said: random.one('by protection', 'by ruleset', 'by ruleset that the bot may pass'),
    heads: random.chance(0.25) ? 'up to date' : 'any',
    merges: random.one('by any method', 'by any method', 'by fast-forward', 'by squash', 'semi-linearly'),
  };
  const variant: ConfigurationVariant = {
    testMerge: random.chance(0.7) ? 'auto' : 'manual',
    testPromotion: random.chance(0.8) ? 'auto' : 'manual',
    method: drawMethod(random, forge === 'gitlab' ? rules.merges : 'by any method'),
    soak: random.chance(0.15) ? '30m' : null,
    approveCommand: random.chance(0.3) ? 'on' : 'off',
    queue: drawQueue(random),
  };
  return { variant, rules, answers: random.chance(0.5) ? 'kept' : 'not kept' };
}

/** Mostly one that the forge allows: with another nothing is ever merged. */
function drawMethod(random: Random, merges: ForgeRules['merges']): ConfigurationVariant['method'] {
  const drawn = random.one<ConfigurationVariant['method']>('squash', 'squash', 'merge', 'rebase');
  if (merges === 'by any method' || random.chance(0.15)) return drawn;
  if (merges === 'semi-linearly') return random.one('merge', 'squash');
  return merges === 'by squash' ? 'squash' : 'rebase';
}

export function drawQueue(random: Random): QueueVariant {
  return {
    parallel: random.chance(0.6) ? 'on' : 'off',
    verify: random.chance(0.4) ? 'head' : 'batch',
    rebase: random.one('never', 'if-needed'),
    speculate: random.one('off', 'plans', 'checks'),
  };
}

/** In a sentence or two. */
export function tellSetting({ variant, rules, answers }: Setting, forge: ForgeKind): string {
  const { demands, said, heads, merges } = rules;
  const own = forge === 'github' ? `${said}, heads ${heads}` : `merging ${merges}`;
  const { queue, ...others } = variant;
  const keys = Object.entries({ ...others, ...queue }).map(([key, value]) => `${key} ${value ?? 'none'}`);
  return `the forge demands ${demands === 'checks' ? 'checks' : 'nothing'} (${own}), answers are ${answers}; ${keys.join(', ')}`;
}
