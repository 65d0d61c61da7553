/** The bot's own words inside a plan, beside those of renderers. */

/** Of a target whose side before could not be rendered while its side after could. */
export const MENDED_NOTE =
  'As it is on the target branch now it could not be rendered or read whole, so what it held there is not compared: more may differ than is shown';

/** In place of those beyond the limit; they are counted beside it. */
export const MORE_NOTES = 'and more notes';

/** Of a change that removes `.lockkeeper.yaml`. */
export const REMOVED_CONFIGURATION = 'the file is removed: Lockkeeper would stop acting on this repository';
