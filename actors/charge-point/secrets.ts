import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';

/** What stands where a secret was. */
const HIDDEN = '***';
/** By the security whitepaper: the password of the charger, which no one may read again. */
export const PASSWORD_KEY = 'authorizationkey';

/** `scheme://user:secret@host`. */
const USER_SECRET = /^(\w+:\/\/[^/?#@:]*):[^/?#@]*@/;
/** The key of a job in an address of our drop: `/drop/<identity>/<job>.<secret>`. */
const DROP_SECRET = /(\/drop\/[^/]+\/[\w-]+)\.[\w-]+/;

/**
 * A call as people and disks may see it: without the passwords and one-time keys that it carries. The same object when
 * there are none.
 */
export function shownCall(call: CallToChargePoint): CallToChargePoint {
  switch (call.action) {
    case 'ChangeConfiguration':
      return call.key.toLowerCase() === PASSWORD_KEY ? { ...call, value: HIDDEN } : call;
    case 'UpdateFirmware':
    case 'GetDiagnostics': {
      const location = shownAddress(call.location);
      return location === call.location ? call : { ...call, location };
    }
    case 'GetLog': {
      const remoteLocation = shownAddress(call.log.remoteLocation);
      return remoteLocation === call.log.remoteLocation ? call : { ...call, log: { ...call.log, remoteLocation } };
    }
    case 'SignedUpdateFirmware': {
      const location = shownAddress(call.firmware.location);
      return location === call.firmware.location ? call : { ...call, firmware: { ...call.firmware, location } };
    }
    default:
      return call;
  }
}

/** Is something of it left out, so that it cannot be sent as it is? */
export function hidesSecret(call: CallToChargePoint): boolean {
  return JSON.stringify(call).includes(HIDDEN);
}

function shownAddress(address: string): string {
  return address.replace(USER_SECRET, `$1:${HIDDEN}@`).replace(DROP_SECRET, `$1.${HIDDEN}`);
}
