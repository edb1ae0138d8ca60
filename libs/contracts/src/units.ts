/** What a grant is made of: impressions by placement, impressions for either placement, or cash in fen. */
export const UNITS = ['LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP', 'CNY'] as const;
export type Unit = (typeof UNITS)[number];

/** Where traffic is spent. */
export const PLACEMENTS = ['live', 'short_video'] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** Where an order or a follower came from. */
export const CHANNELS = ['live', 'short_video', 'shelf'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a clip that is cut from a stream shows of it. */
export const CLIP_KINDS = ['explanation', 'highlight', 'teaser'] as const;
export type ClipKind = (typeof CLIP_KINDS)[number];
