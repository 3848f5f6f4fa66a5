import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { tenths } from './format.ts';
import { KIT_VENDOR, kitOrderTitle, textsIn } from './message-forms.ts';

/** A command in words, with what it is about: `Démarrer une recharge · Point 1 · 04A2B3`. */
export function commandTitle(t: Translate, call: CallToChargePoint): string {
  const point = (id: number | undefined): string => (id === undefined ? '' : t('connector.number', id));
  const title = (...parts: readonly string[]): string => parts.filter(Boolean).join(' · ');
  switch (call.action) {
    case 'RemoteStartTransaction':
      return title(t('command.remote-start'), point(call.connectorId), call.idTag);
    case 'RemoteStopTransaction':
      return title(t('command.remote-stop'), String(call.transactionId));
    case 'Reset':
      return t(`command.reset.${call.type}`);
    case 'UnlockConnector':
      return title(t('command.unlock'), point(call.connectorId));
    case 'ChangeAvailability':
      return title(t(`command.availability.${call.type}`), point(call.connectorId));
    case 'GetConfiguration':
      return t('command.get-configuration');
    case 'ChangeConfiguration':
      return title(t('command.change-configuration'), `${call.key} = ${call.value}`);
    case 'ClearCache':
      return t('command.clear-cache');
    case 'TriggerMessage':
      return title(t('command.trigger-message'), call.requestedMessage, point(call.connectorId));
    case 'DataTransfer':
      return orderTitle(t, call) ?? title(t('command.data-transfer'), call.vendorId, call.messageId ?? '');
    case 'UpdateFirmware':
      return title(t('firmware.load'), fileOf(call.location));
    case 'SignedUpdateFirmware':
      return title(t('firmware.load.signed'), fileOf(call.firmware.location));
    case 'GetDiagnostics':
      return t('logs.title');
    case 'GetLog':
      return title(t('logs.title'), t(`logs.kind.${call.logType}`));
    case 'GetLocalListVersion':
      return t('command.list-version');
    case 'SendLocalList': {
      const count = call.localAuthorizationList?.length ?? 0;
      return title(
        t('command.send-list'),
        t(`command.send-list.${call.updateType}`),
        t('command.send-list.tags', count),
      );
    }
    case 'ReserveNow':
      return title(t('command.reserve'), point(call.connectorId), call.idTag, `n° ${call.reservationId}`);
    case 'CancelReservation':
      return title(t('command.cancel-reservation'), `n° ${call.reservationId}`);
    case 'SetChargingProfile': {
      const { chargingProfilePurpose, chargingSchedule } = call.csChargingProfiles;
      const [first] = chargingSchedule.chargingSchedulePeriod;
      const limit = first === undefined ? '' : `${tenths(t, first.limit)} ${chargingSchedule.chargingRateUnit}`;
      return title(t('command.set-profile'), point(call.connectorId), t(`profile.${chargingProfilePurpose}`), limit);
    }
    case 'ClearChargingProfile':
      return title(t('command.clear-profile'), point(call.connectorId));
    case 'GetCompositeSchedule':
      return title(t('command.composite'), point(call.connectorId));
    case 'CertificateSigned':
      return t('command.certificate-signed');
    case 'InstallCertificate':
      return title(t('command.install-certificate'), t(`certificate.${call.certificateType}`));
    case 'DeleteCertificate':
      return title(t('command.delete-certificate'), call.certificateHashData.serialNumber);
    case 'GetInstalledCertificateIds':
      return title(t('command.certificate-ids'), t(`certificate.${call.certificateType}`));
    case 'ExtendedTriggerMessage':
      return title(t('command.trigger-message'), call.requestedMessage, point(call.connectorId));
  }
}

function orderTitle(t: Translate, call: Extract<CallToChargePoint, { action: 'DataTransfer' }>): string | null {
  return call.vendorId === KIT_VENDOR ? kitOrderTitle(t, call.messageId, textsIn(call.data ?? '')) : null;
}

/** The last part of an address, without the key before it. */
function fileOf(address: string): string {
  return (
    address
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}
