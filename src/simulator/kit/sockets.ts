import { longestParking } from './limits.ts';
import type { Body } from './memory.ts';
import type { KitParts } from './parts.ts';
import { isThere } from './vehicles.ts';

const MINUTE_MS = 60_000;
/** Sockets at rest stay unlocked so long for the unlocking badge. */
const UNLOCKED_MS = 30_000;

export type SocketDeps = KitParts & {
  readonly tell: (news: Body) => void;
  /** Ends the charge of this point by unlocking its socket. */
  readonly unlock: (point: number) => void;
};

/** The flaps and locks of a kit's sockets, and what the server is told of them. Each point has one socket. */
export class Sockets {
  readonly #deps: SocketDeps;

  constructor(deps: SocketDeps) {
    this.#deps = deps;
  }

  tell(point: number, { isHere, isLocked }: { readonly isHere: boolean; readonly isLocked: boolean }): void {
    const at = new Date(this.#deps.now()).toISOString();
    const sockets = [{ socket: 1, flap: isHere ? 'open' : 'closed', plug: isHere, lock: isLocked }];
    this.#deps.tell({ say: 'sensors', point, at, vehicle: isHere, sockets });
  }

  /** REC-13: once the longest parking is over the socket is unlocked; what it ends is told when the vehicle has left. */
  parked(point: number): void {
    const { memory, speed, later, connector, unlock } = this.#deps;
    const parked = longestParking(memory.settings);
    if (parked === null) return;
    const visit = connector(point)?.visit;
    later((parked * MINUTE_MS) / speed, () => {
      const now = connector(point);
      if (now === undefined || now.visit !== visit) return;
      if (now.phase.name === 'charging') {
        memory.overstayed.set(point, null);
        unlock(point);
      }
      this.tell(point, { isHere: true, isLocked: false });
    });
  }

  /** LAF-09: the unlocking badge ends a charge, or frees a socket for a while; nobody is asked. */
  unlockByBadge(point: number): void {
    const { later, connector, unlock } = this.#deps;
    if (connector(point)?.phase.name === 'charging') unlock(point);
    const before = connector(point);
    const isHere = before !== undefined && isThere(before);
    this.tell(point, { isHere, isLocked: false });
    later(UNLOCKED_MS, () => {
      const now = connector(point);
      if (isHere && now !== undefined && now.visit === before.visit && isThere(now))
        this.tell(point, { isHere, isLocked: true });
    });
  }
}
