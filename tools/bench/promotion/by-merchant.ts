import type { Trace } from '../../spending/trace.js';

/** The places that one merchant's lots and slots have in a trace. */
export interface Places {
  lots: number[];
  slots: number[];
}

/** One merchant's traffic is no other's: what is planned, is planned for each apart. */
export function byMerchant({ lots, slots }: Trace): Map<string, Places> {
  const merchants = new Map<string, Places>();
  const of = (merchantId: string) => {
    let places = merchants.get(merchantId);
    if (!places) merchants.set(merchantId, (places = { lots: [], slots: [] }));
    return places;
  };
  lots.forEach(({ merchantId }, place) => of(merchantId).lots.push(place));
  slots.forEach(({ merchantId }, place) => of(merchantId).slots.push(place));
  return merchants;
}
