import { describe, it } from 'vitest';
import { killBetweenSteps } from './kill-between-steps.js';

describe('a release on gitlab while the bot is killed between every two steps', () => {
  it('arrives, and nothing is doubled', { timeout: 180_000 }, () => killBetweenSteps('gitlab', 'kept'));

  it('arrives though DATA_DIR is deleted each time', { timeout: 180_000 }, () => killBetweenSteps('gitlab', 'deleted'));
});
