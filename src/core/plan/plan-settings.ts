/** What of `.lockkeeper.yaml` shapes what a plan says beside the difference itself. */

export interface PlanSettings {
  readonly images: readonly ImageSource[];
  readonly prices: Prices | null;
}

/** Where an image's versions are made. */
export interface ImageSource {
  /** Without tag or digest. */
  readonly image: string;
  /** The repository's address, or a link with `{from}` and `{to}`; null where it is not known. */
  readonly source: string | null;
  /** How the source's git tags are made of the image's: `v{version}`; null where they are the same. */
  readonly tag: string | null;
}

/** For a month, each null where nothing is said. */
export interface Prices {
  /** As people write it after the amount: `EUR`. */
  readonly currency: string;
  /** For a core. */
  readonly cpu: number | null;
  /** For a GiB. */
  readonly memory: number | null;
  /** For a GiB. */
  readonly storage: number | null;
}

/** While nothing of the configuration is known. */
export const NO_SETTINGS: PlanSettings = { images: [], prices: null };
