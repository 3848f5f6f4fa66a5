import type { Config } from '../config.ts';
import { mailTransport } from './mail.ts';
import { httpSmsTransport } from './sms-http.ts';
import { smppTransport } from './sms-smpp.ts';
import { statusTransport } from './statuses.ts';
import type { Transport, Transports } from './transport.ts';

/** The ways out that the settings name; without them every message stays in the outbox. */
export function configuredTransports(config: Config): Transports {
  const sms = smsTransport(config);
  return {
    ...(config.mailUrl !== '' && { mail: mailTransport({ url: config.mailUrl, from: config.mailFrom }) }),
    ...(sms !== null && { sms }),
    ...(config.gireveUrl !== '' && {
      gireve: statusTransport({ url: config.gireveUrl, header: config.gireveHeader }),
    }),
    ...(config.easyconnectUrl !== '' && {
      easyconnect: statusTransport({ url: config.easyconnectUrl, header: config.easyconnectHeader }),
    }),
  };
}

function smsTransport({ smsUrl: url, smsMethod, smsHeader, smsBody, smsFrom: from }: Config): Transport | null {
  if (url === '') return null;
  if (/^s?smpp:/.test(url)) return smppTransport({ url, from });
  return httpSmsTransport({
    method: smsMethod,
    url,
    body: smsMethod === 'GET' ? '' : smsBody,
    header: smsHeader,
    from,
  });
}
