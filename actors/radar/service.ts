import { replyWith, type Effect } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import { may, seesEverything, type Viewer } from '#src/domain/office/viewer.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { RadarBoard } from './board.ts';
import type { CertificateTerm, RadarRequest, RadarView } from './messages.ts';

export const RADAR: ActorId = 'radar';

/** Answers with what is the viewer's: a stranger is nobody's, so only who sees everything sees it. */
export function radarService(deps: {
  readonly board: RadarBoard;
  readonly certificates: () => Promise<readonly CertificateTerm[]>;
  readonly finds: (viewer: Viewer, chargePointId: ChargePointId) => boolean;
  readonly stationIdOf: (chargePointId: ChargePointId) => string | null;
}): (message: RadarRequest & { readonly viewer: Viewer }) => Promise<readonly Effect[]> {
  return async ({ viewer, replyTo }) => {
    const isHis = ({ chargePointId }: { readonly chargePointId: ChargePointId | null }): boolean =>
      chargePointId === null ? seesEverything(viewer) : deps.finds(viewer, chargePointId);
    const certificates = (await deps.certificates()).filter(isHis);
    const maySee = may(viewer, 'station-maintenance', 'view');
    const blips = deps.board
      .blips()
      .filter(isHis)
      .map((blip) => {
        const { chargePointId } = blip;
        return { ...blip, stationId: maySee && chargePointId !== null ? deps.stationIdOf(chargePointId) : null };
      });
    return [replyWith<RadarView>(replyTo, { blips, certificates })];
  };
}
