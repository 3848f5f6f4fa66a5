import type { Config } from '../config.ts';
import { httpSmsTransport } from './sms-http.ts';
import { statusTransport } from './statuses.ts';
import type { ReceivedSms, Transport, Transports } from './transport.ts';

/**
 * The ways out that the settings name; without them every message stays in the outbox. What speaks for one of them is
 * loaded only then. `received`: takes the SMS that come in by the same way as others leave.
 */
export async function configuredTransports(config: Config, received: ReceivedSms): Promise<Transports> {
  const [mail, sms] = await Promise.all([configuredMail(config), configuredSms(config, received)]);
  const { gireveUrl, gireveHeader, easyconnectUrl, easyconnectHeader } = config;
  return {
    ...(mail !== null && { mail }),
    ...(sms !== null && { sms }),
    ...(gireveUrl !== '' && { gireve: statusTransport({ url: gireveUrl, header: gireveHeader }) }),
    ...(easyconnectUrl !== '' && { easyconnect: statusTransport({ url: easyconnectUrl, header: easyconnectHeader }) }),
  };
}

async function configuredMail({ mailUrl: url, mailFrom: from }: Config): Promise<Transport | null> {
  if (url === '') return null;
  const { mailTransport } = await import('./mail.ts');
  return mailTransport({ url, from });
}

async function configuredSms(config: Config, received: ReceivedSms): Promise<Transport | null> {
  const { smsUrl: url, smsMethod, smsHeader, smsBody, smsFrom: from } = config;
  if (url === '') return null;
  if (/^s?smpp:/.test(url)) {
    const { smppTransport } = await import('./sms-smpp.ts');
    return smppTransport({ url, from, received });
  }
  return httpSmsTransport({
    method: smsMethod,
    url,
    body: smsMethod === 'GET' ? '' : smsBody,
    header: smsHeader,
    from,
  });
}
