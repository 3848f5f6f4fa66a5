/** Parts of an envelope that a test bends. An empty header is left out. */
export type Bent = {
  readonly version?: '1.5' | '1.6';
  readonly identity?: string;
  readonly action?: string;
  readonly messageId?: string;
  readonly from?: string;
  /** XML of the whole body. */
  readonly body?: string;
  readonly soap?: string;
  readonly namespace?: string;
};

export const NAMESPACES = { '1.5': 'urn://Ocpp/Cs/2012/06/', '1.6': 'urn://Ocpp/Cs/2015/10/' } as const;
export const SOAP_1_2 = 'http://www.w3.org/2003/05/soap-envelope';
export const SOAP_1_1 = 'http://schemas.xmlsoap.org/soap/envelope/';

/** A heartbeat as the standard has it, but for what is bent. */
export function envelope(bent: Bent = {}): string {
  const { version = '1.6', identity = 'CP1', action = '/Heartbeat', messageId = 'urn:uuid:1', from = '' } = bent;
  const namespace = bent.namespace ?? NAMESPACES[version];
  const header = (name: string, text: string) => (text === '' ? '' : `<${name}>${text}</${name}>`);
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="${bent.soap ?? SOAP_1_2}" ` +
    `xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:c="${namespace}"><s:Header>` +
    header('c:chargeBoxIdentity', identity) +
    header('w:Action', action) +
    header('w:MessageID', messageId) +
    (from === '' ? '' : `<w:From><w:Address>${from}</w:Address></w:From>`) +
    `</s:Header><s:Body>${bent.body ?? '<c:heartbeatRequest/>'}</s:Body></s:Envelope>`
  );
}
