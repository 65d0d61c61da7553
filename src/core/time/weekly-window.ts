/**
 * Weekly windows: `Mon-Thu 09:00-16:00 Europe/Brussels`, in the wall clock of a time zone.
 *
 * Whether a window is open is asked of the wall clock at that moment, so that a day on which the clock changes needs no rule of its own:
 * an hour that is skipped is never open, one that comes twice is open twice. A window may pass midnight (`Fri 22:00-02:00` ends on
 * Saturday) and end at `24:00`.
 */
import type { Instant } from '../ids.js';

export interface WeeklyWindow {
  /** As written, for people. */
  readonly text: string;
  /** On which it begins; 0 is Monday. */
  readonly days: readonly Weekday[];
  /** Minutes after midnight, 0 to 1439. */
  readonly from: number;
  /** Minutes after midnight, 1 to 1440; not more than `from`: it ends on the next day. */
  readonly to: number;
  /** Of the IANA database. */
  readonly zone: string;
}

type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MS_PER_MINUTE = 60_000;

type WindowReading =
  | { readonly kind: 'window'; readonly window: WeeklyWindow }
  /** A clause that goes after "but". */
  | { readonly kind: 'refused'; readonly why: string };

/** `DAYS HH:MM-HH:MM ZONE`; days are `Mon-Fri`, `Sat,Sun`, `Mon-Tue,Thu` or left out for every day. */
export function parseWeeklyWindow(text: string): WindowReading {
  const words = text.trim().split(/\s+/);
  const [first = '', second = '', third] = words;
  const [hoursText, zone] = third === undefined ? [first, second] : [second, third];
  const hours = words.length > 3 ? null : hoursOf(hoursText);
  if (hours === null) return refused('it is not days, hours and a time zone');
  const days = third === undefined ? EVERY_DAY : daysOf(first);
  if (days === null) return refused(`\`${first}\` names no days: they are Mon, Tue, Wed, Thu, Fri, Sat, Sun`);
  const { from, to } = hours;
  const wrong = hoursProblem(hours);
  if (wrong !== null) return refused(wrong);
  if (!isZone(zone)) return refused(`\`${zone}\` is no time zone such as Europe/Brussels or UTC`);
  return { kind: 'window', window: { text: words.join(' '), days, from, to, zone } };
}

function hoursProblem({ from, to }: { readonly from: number; readonly to: number }): string | null {
  if (from >= DAY_MINUTES || to > DAY_MINUTES) return 'its hours are not between 00:00 and 24:00';
  if (to === 0) return 'it ends at 00:00: write 24:00';
  return from === to ? 'it ends when it begins: write 00:00-24:00 for whole days' : null;
}

/** In minutes after midnight, infinite where the minutes are more than 59; null if these are no hours. */
function hoursOf(text: string): { readonly from: number; readonly to: number } | null {
  const parts = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text);
  return parts === null ? null : { from: minuteOf(parts[1], parts[2]), to: minuteOf(parts[3], parts[4]) };
}

function refused(why: string): WindowReading {
  return { kind: 'refused', why };
}

const EVERY_DAY: readonly Weekday[] = [0, 1, 2, 3, 4, 5, 6];

function daysOf(text: string): readonly Weekday[] | null {
  const found = new Set<Weekday>();
  for (const range of text.split(',')) {
    const [first = '', last = first, ...more] = range.split('-');
    const [from, to] = [DAYS.indexOf(first.toLowerCase()), DAYS.indexOf(last.toLowerCase())];
    if (from < 0 || to < 0 || more.length > 0) return null;
    // `Sat-Mon` goes round the end of the week.
    const length = ((to - from + 7) % 7) + 1;
    for (const day of EVERY_DAY) if ((day - from + 7) % 7 < length) found.add(day);
  }
  return EVERY_DAY.filter((day) => found.has(day));
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number {
  return Number(minutes) < 60 ? Number(hours) * 60 + Number(minutes) : Infinity;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // The library has no other way to say that it knows no such zone.
    return false;
  }
}

export function isOpen(window: WeeklyWindow, at: Instant): boolean {
  const minute = minuteOfWeek(window.zone, at);
  return window.days.some((day) => {
    const since = (minute - day * DAY_MINUTES - window.from + WEEK_MINUTES) % WEEK_MINUTES;
    return since < lengthOf(window);
  });
}

function lengthOf({ from, to }: WeeklyWindow): number {
  return to > from ? to - from : to + DAY_MINUTES - from;
}

/**
 * When it next opens or closes, or null for one that never does. Told from the wall clock, and right to the minute unless the clock changes
 * in that very hour: it says when to look again, {@link isOpen} decides.
 */
export function nextChange(window: WeeklyWindow, at: Instant): Instant | null {
  const minute = minuteOfWeek(window.zone, at);
  const open = isOpen(window, at);
  const edges = window.days.map((day) => day * DAY_MINUTES + window.from + (open ? lengthOf(window) : 0));
  const waits = edges
    .map((edge) => ((edge - minute - 1 + 2 * WEEK_MINUTES) % WEEK_MINUTES) + 1)
    .toSorted((a, b) => a - b);
  const start = Math.floor(at / MS_PER_MINUTE) * MS_PER_MINUTE;
  for (const wait of waits) {
    const guess = start + wait * MS_PER_MINUTE;
    // The clock may have been changed on the way.
    const off = (minuteOfWeek(window.zone, guess) - minute - wait + 3 * WEEK_MINUTES + WEEK_MINUTES / 2) % WEEK_MINUTES;
    const then = guess - (off - WEEK_MINUTES / 2) * MS_PER_MINUTE;
    // Windows may touch: the end of one need not close it.
    if (then > at && isOpen(window, then) !== open) return then;
  }
  return null;
}

/** Minutes since Monday 00:00 on the wall clock. */
function minuteOfWeek(zone: string, at: Instant): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  const day = DAYS.indexOf(part('weekday').toLowerCase());
  return day * DAY_MINUTES + Number(part('hour')) * 60 + Number(part('minute'));
}
