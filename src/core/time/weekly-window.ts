/**
 * Weekly windows: `Mon-Thu 09:00-16:00 Europe/Brussels`, in the wall clock of a time zone.
 *
 * Whether a window is open is asked of the wall clock at that moment, so that a day on which the clock changes needs no rule of its own:
 * an hour that is skipped is never open, one that comes twice is open twice. A window may pass midnight (`Fri 22:00-02:00` ends on
 * Saturday) and end at `24:00`.
 */
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

export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;
