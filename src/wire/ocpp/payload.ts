import type { ChargingProfile } from './charging-profile.ts';
import type { LocalListEntry } from './management-messages.ts';
import type { AnswerToChargePoint, CallToChargePoint, IdTagInfo } from './messages.ts';

/**
 * The JSON of an answer's payload: the standard's fields, in its order, and nothing else that the object may hold.
 * The frequent answers are put together by hand, which costs a third of stringifying an object.
 */
export function answerPayload(answer: AnswerToChargePoint): string {
  switch (answer.action) {
    case 'Heartbeat':
      return `{"currentTime":${JSON.stringify(answer.currentTime)}}`;
    case 'StatusNotification':
    case 'MeterValues':
    case 'FirmwareStatusNotification':
    case 'DiagnosticsStatusNotification':
    case 'SecurityEventNotification':
    case 'LogStatusNotification':
    case 'SignedFirmwareStatusNotification':
      return '{}';
    case 'SignCertificate':
      return JSON.stringify({ status: answer.status });
    case 'Authorize':
      return `{"idTagInfo":${idTagInfo(answer.idTagInfo)}}`;
    case 'StartTransaction':
      return `{"idTagInfo":${idTagInfo(answer.idTagInfo)},"transactionId":${answer.transactionId}}`;
    case 'StopTransaction':
      return answer.idTagInfo === undefined ? '{}' : `{"idTagInfo":${idTagInfo(answer.idTagInfo)}}`;
    case 'BootNotification':
      return JSON.stringify({ status: answer.status, currentTime: answer.currentTime, interval: answer.interval });
    case 'DataTransfer':
      return JSON.stringify({ status: answer.status, data: answer.data });
  }
}

/** The JSON of a call's payload, as `answerPayload`. Fields that are absent are left out by JSON.stringify. */
export function callPayload(call: CallToChargePoint): string {
  switch (call.action) {
    case 'ClearCache':
    case 'GetLocalListVersion':
      return '{}';
    case 'RemoteStartTransaction':
      return JSON.stringify({
        connectorId: call.connectorId,
        idTag: call.idTag,
        chargingProfile: profileOf(call.chargingProfile),
      });
    case 'RemoteStopTransaction':
      return JSON.stringify({ transactionId: call.transactionId });
    case 'Reset':
      return JSON.stringify({ type: call.type });
    case 'UnlockConnector':
      return JSON.stringify({ connectorId: call.connectorId });
    case 'ChangeAvailability':
      return JSON.stringify({ connectorId: call.connectorId, type: call.type });
    case 'GetConfiguration':
      return JSON.stringify({ key: call.key });
    case 'ChangeConfiguration':
      return JSON.stringify({ key: call.key, value: call.value });
    case 'TriggerMessage':
      return JSON.stringify({ requestedMessage: call.requestedMessage, connectorId: call.connectorId });
    case 'DataTransfer':
      return JSON.stringify({ vendorId: call.vendorId, messageId: call.messageId, data: call.data });
    case 'UpdateFirmware': {
      const { location, retries, retrieveDate, retryInterval } = call;
      return JSON.stringify({ location, retries, retrieveDate, retryInterval });
    }
    case 'GetDiagnostics': {
      const { location, retries, retryInterval, startTime, stopTime } = call;
      return JSON.stringify({ location, retries, retryInterval, startTime, stopTime });
    }
    case 'SendLocalList': {
      const { listVersion, updateType, localAuthorizationList } = call;
      return JSON.stringify({
        listVersion,
        localAuthorizationList: localAuthorizationList?.map(listEntryOf),
        updateType,
      });
    }
    case 'ReserveNow': {
      const { connectorId, expiryDate, idTag, parentIdTag, reservationId } = call;
      return JSON.stringify({ connectorId, expiryDate, idTag, parentIdTag, reservationId });
    }
    case 'CancelReservation':
      return JSON.stringify({ reservationId: call.reservationId });
    case 'SetChargingProfile':
      return JSON.stringify({
        connectorId: call.connectorId,
        csChargingProfiles: profileOf(call.csChargingProfiles),
      });
    case 'ClearChargingProfile': {
      const { id, connectorId, chargingProfilePurpose, stackLevel } = call;
      return JSON.stringify({ id, connectorId, chargingProfilePurpose, stackLevel });
    }
    case 'GetCompositeSchedule': {
      const { connectorId, duration, chargingRateUnit } = call;
      return JSON.stringify({ connectorId, duration, chargingRateUnit });
    }
    case 'CertificateSigned':
      return JSON.stringify({ certificateChain: call.certificateChain });
    case 'DeleteCertificate': {
      const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = call.certificateHashData;
      return JSON.stringify({
        certificateHashData: { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber },
      });
    }
    case 'ExtendedTriggerMessage':
      return JSON.stringify({ requestedMessage: call.requestedMessage, connectorId: call.connectorId });
    case 'GetInstalledCertificateIds':
      return JSON.stringify({ certificateType: call.certificateType });
    case 'InstallCertificate':
      return JSON.stringify({ certificateType: call.certificateType, certificate: call.certificate });
    case 'GetLog': {
      const { logType, requestId, retries, retryInterval } = call;
      const { remoteLocation, oldestTimestamp, latestTimestamp } = call.log;
      const log = { remoteLocation, oldestTimestamp, latestTimestamp };
      return JSON.stringify({ logType, requestId, retries, retryInterval, log });
    }
    case 'SignedUpdateFirmware': {
      const { requestId, retries, retryInterval } = call;
      const { location, retrieveDateTime, installDateTime, signingCertificate, signature } = call.firmware;
      const firmware = { location, retrieveDateTime, installDateTime, signingCertificate, signature };
      return JSON.stringify({ retries, retryInterval, requestId, firmware });
    }
  }
}

function listEntryOf({ idTag, idTagInfo: info }: LocalListEntry): object {
  if (info === undefined) return { idTag };
  const { expiryDate, parentIdTag, status } = info;
  return { idTag, idTagInfo: { expiryDate, parentIdTag, status } };
}

function profileOf(profile: ChargingProfile | undefined): object | undefined {
  if (profile === undefined) return undefined;
  const { chargingProfileId, transactionId, stackLevel, chargingProfilePurpose, chargingProfileKind } = profile;
  const { recurrencyKind, validFrom, validTo, chargingSchedule } = profile;
  const { duration, startSchedule, chargingRateUnit, chargingSchedulePeriod, minChargingRate } = chargingSchedule;
  return {
    chargingProfileId,
    transactionId,
    stackLevel,
    chargingProfilePurpose,
    chargingProfileKind,
    recurrencyKind,
    validFrom,
    validTo,
    chargingSchedule: {
      duration,
      startSchedule,
      chargingRateUnit,
      chargingSchedulePeriod: chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => ({
        startPeriod,
        limit,
        numberPhases,
      })),
      minChargingRate,
    },
  };
}

function idTagInfo({ status, expiryDate, parentIdTag }: IdTagInfo): string {
  if (expiryDate === undefined && parentIdTag === undefined) return `{"status":"${status}"}`;
  return JSON.stringify({ expiryDate, parentIdTag, status });
}
