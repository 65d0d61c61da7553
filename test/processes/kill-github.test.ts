import { describe, it } from 'vitest';
import { killAtEffects } from './kill-at-effects.js';

describe('a release on github with SQLite while the bot is killed before and after every kind of effect, its data deleted at times', () => {
  it('arrives, and nothing is doubled', { timeout: 600_000 }, () => killAtEffects({ forge: 'github', redis: null }));
});
