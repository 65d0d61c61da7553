import { describe, expect, it } from 'vitest';
import { initialState, observed, type StickyState } from './sticky-state.js';

const seen = (state: StickyState, head: string, digest: string | null, ...reviewedAt: readonly number[]): StickyState =>
  observed(state, { head, digest, reviews: reviewedAt.map((at) => ({ at })) });

describe('what is remembered of a pull request', () => {
  it('counts reviews of a head from the start, until its plan changes', () => {
    const first = seen(initialState('h1'), 'h1', 'd1', 10);
    expect(first).toMatchObject({ head: 'h1', digest: 'd1', since: 0 });
    expect(seen(first, 'h1', null, 10)).toEqual(first);
    expect(seen(first, 'h1', 'd1', 10, 20)).toEqual(first);
    expect(seen(first, 'h1', 'd2', 10, 20)).toMatchObject({ digest: 'd2', since: 21 });
  });

  it('keeps earlier heads with what was planned for them last', () => {
    const first = seen(seen(initialState('h1'), 'h1', 'd1', 5), 'h1', 'd2', 5);
    const second = seen(first, 'h2', null);
    expect(second).toMatchObject({ head: 'h2', digest: null, since: 0 });
    expect(second.earlier).toEqual([{ head: 'h1', digest: 'd2', since: 6 }]);
    expect(seen(second, 'h2', 'd2').earlier).toEqual(second.earlier);
    // A head that was never planned stood for nothing.
    expect(seen(second, 'h3', 'd3').earlier).toEqual(second.earlier);
  });

  it('knows a head again that it had before', () => {
    const first = seen(seen(initialState('h1'), 'h1', 'd1', 5), 'h1', 'd2', 5);
    const back = seen(seen(first, 'h2', 'd3'), 'h1', 'd2', 5);
    expect(back).toMatchObject({
      head: 'h1',
      digest: 'd2',
      since: 6,
      earlier: [{ head: 'h2', digest: 'd3', since: 0 }],
    });
    // Reviews that were given before the plan changed must not count again.
    expect(seen(seen(first, 'h2', 'd3'), 'h1', 'd4', 5, 8)).toMatchObject({ digest: 'd4', since: 9 });
  });

  it('forgets all but the newest heads', () => {
    let state = initialState('h0');
    for (let index = 0; index < 30; index += 1) state = seen(state, `h${String(index)}`, 'd');
    expect(state.earlier).toHaveLength(20);
    expect(state.earlier?.at(-1)?.head).toBe('h28');
  });

  it('reads what older versions wrote', () => {
    const { earlier: _, ...old } = initialState('h1');
    expect(seen({ ...old, digest: 'd1' }, 'h2', 'd1').earlier).toEqual([{ head: 'h1', digest: 'd1', since: 0 }]);
  });
});
