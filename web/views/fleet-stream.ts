import type { Html } from './html.ts';
import { liveStream } from './live-stream.ts';

/** Past this many characters an address gets risky, and the stream watches the whole fleet instead. */
const SHOWN_LENGTH_MAX = 6000;

/**
 * The stream names the chargers that the page shows, not the query that found them: by the time it connects, the same
 * query may find others, and a row on the screen must never go without its changes. `asked` goes with them, so that the
 * page can be told what would now be on it; `revision` is the fleet's that it was drawn from.
 */
export function fleetStream(of: {
  readonly chargePointIds: readonly string[];
  readonly revision: number;
  /** More of its address, such as `text=quai`; empty without. */
  readonly asked: string;
}): Html {
  const { chargePointIds, revision, asked } = of;
  const shown = chargePointIds.map((id) => encodeURIComponent(id)).join(',');
  const url = `/fleet/live?since=${revision}${asked && `&${asked}`}${shown.length <= SHOWN_LENGTH_MAX ? `&show=${shown}` : ''}`;
  // Another one at each drawing.
  return liveStream(`live-${revision}-${chargePointIds.length}-${checksum(shown)}`, url);
}

function checksum(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) >>> 0;
  return sum;
}
