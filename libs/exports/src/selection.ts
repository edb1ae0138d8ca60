/** Which entries to export. */
export interface Selection {
  /** The time by which an entry belongs to the period: when it was recorded, or when its fact happened. */
  by: 'recorded' | 'occurred';
  /** RFC 3339, UTC: the first instant of the period; null for the beginning. */
  from: string | null;
  /** RFC 3339, UTC: the first instant behind it; null for the end. */
  to: string | null;
  /** Entries whose cause names this program, and those that move lots of it. */
  program: string | null;
  merchant: string | null;
}

export const WHOLE: Selection = {
  by: 'recorded',
  from: null,
  to: null,
  program: null,
  merchant: null,
};

/** In words, for the head of a file. */
export function describeSelection(selection: Selection): string {
  const { by, from, to, program, merchant } = selection;
  return [
    'all entries',
    ...(from ? [`${by} from ${from}`] : []),
    ...(to ? [`${by} before ${to}`] : []),
    ...(program ? [`of the program ${JSON.stringify(program)}`] : []),
    ...(merchant ? [`of the merchant ${JSON.stringify(merchant)}`] : []),
  ].join(', ');
}
