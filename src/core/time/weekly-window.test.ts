import { describe, expect, it } from 'vitest';
import { isOpen, nextChange, parseWeeklyWindow, type WeeklyWindow } from './weekly-window.js';

function windowOf(text: string): WeeklyWindow {
  const reading = parseWeeklyWindow(text);
  if (reading.kind === 'refused') throw new Error(reading.why);
  return reading.window;
}

describe('a window', () => {
  it.each([
    ['Mon-Thu 09:00-16:00 Europe/Brussels', [0, 1, 2, 3], 540, 960],
    ['sat,SUN 00:00-24:00 UTC', [5, 6], 0, 1440],
    ['Sat-Mon,Wed 22:00-02:00 UTC', [0, 2, 5, 6], 1320, 120],
    ['09:00-16:00 UTC', [0, 1, 2, 3, 4, 5, 6], 540, 960],
  ])('%s', (text, days, from, to) => {
    expect(windowOf(text)).toMatchObject({ text, days, from, to });
  });

  it.each([
    ['Mon-Thu 09:00-16:00', 'it is not days, hours and a time zone'],
    ['Mon 9-16 UTC', 'it is not days, hours and a time zone'],
    ['', 'it is not days, hours and a time zone'],
    ['Mon - Thu 09:00-16:00 UTC', 'it is not days, hours and a time zone'],
    ['Moonday 09:00-16:00 UTC', '`Moonday` names no days: they are Mon, Tue, Wed, Thu, Fri, Sat, Sun'],
    ['Mon-Tue-Wed 09:00-16:00 UTC', '`Mon-Tue-Wed` names no days: they are Mon, Tue, Wed, Thu, Fri, Sat, Sun'],
    ['Mon 09:00-25:00 UTC', 'its hours are not between 00:00 and 24:00'],
    ['Mon 09:60-10:00 UTC', 'its hours are not between 00:00 and 24:00'],
    ['Mon 24:00-10:00 UTC', 'its hours are not between 00:00 and 24:00'],
    ['Mon 09:00-09:00 UTC', 'it ends when it begins: write 00:00-24:00 for whole days'],
    ['Mon 09:00-00:00 UTC', 'it ends at 00:00: write 24:00'],
    ['Mon 09:00-10:00 Europe/Brussel', '`Europe/Brussel` is no time zone such as Europe/Brussels or UTC'],
  ])('%s is refused', (text, why) => {
    expect(parseWeeklyWindow(text)).toEqual({ kind: 'refused', why });
  });

  // 2026-03-29 the clocks of Brussels go from 02:00 to 03:00, on 2026-10-25 from 03:00 to 02:00: both Sundays.
  it.each([
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-11-19T08:00:00Z', true],
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-11-19T07:59:59Z', false],
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-11-19T15:00:00Z', false],
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-11-20T10:00:00Z', false],
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-07-16T07:00:00Z', true],
    ['Fri 22:00-02:00 UTC', '2026-11-21T01:59:00Z', true],
    ['Fri 22:00-02:00 UTC', '2026-11-21T02:00:00Z', false],
    ['Fri 22:00-02:00 UTC', '2026-11-20T01:00:00Z', false],
    ['Sun 22:00-02:00 UTC', '2026-11-23T01:00:00Z', true],
    ['Sun 00:00-24:00 UTC', '2026-11-22T23:59:00Z', true],
    ['Sun 00:00-24:00 UTC', '2026-11-23T00:00:00Z', false],
    ['Sun 02:30-03:00 Europe/Brussels', '2026-03-29T01:00:00Z', false],
    ['Sun 02:30-03:00 Europe/Brussels', '2026-10-25T00:30:00Z', true],
    ['Sun 02:30-03:00 Europe/Brussels', '2026-10-25T01:30:00Z', true],
    ['Sun 03:00-04:00 Europe/Brussels', '2026-03-29T01:00:00Z', true],
    ['00:00-24:00 Asia/Kathmandu', '2026-03-29T01:00:00Z', true],
  ])('%s at %s: %s', (text, at, open) => {
    expect(isOpen(windowOf(text), Date.parse(at))).toBe(open);
  });

  it.each([
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-11-19T08:00:30Z', '2026-11-19T15:00:00Z'],
    ['Mon-Thu 09:00-16:00 Europe/Brussels', '2026-11-20T10:00:00Z', '2026-11-23T08:00:00Z'],
    ['Sun 09:00-16:00 Europe/Brussels', '2026-03-28T12:00:00Z', '2026-03-29T07:00:00Z'],
    ['Sun 09:00-16:00 Europe/Brussels', '2026-10-24T12:00:00Z', '2026-10-25T08:00:00Z'],
    ['Sat,Sun 00:00-24:00 UTC', '2026-11-21T12:00:00Z', '2026-11-23T00:00:00Z'],
    ['Fri 22:00-02:00 UTC', '2026-11-21T01:00:00Z', '2026-11-21T02:00:00Z'],
  ])('%s at %s changes at %s', (text, at, then) => {
    expect(new Date(nextChange(windowOf(text), Date.parse(at)) ?? 0).toISOString()).toBe(then.replace('Z', '.000Z'));
  });

  it('never changes if it is always open', () => {
    expect(nextChange(windowOf('00:00-24:00 UTC'), 0)).toBeNull();
  });
});
