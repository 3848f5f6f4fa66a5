import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { REAL_CLOCK } from '#src/simulator/fleet.ts';
import { KitMemory, type Body } from '#src/simulator/kit/memory.ts';
import { KitSpeaker } from '#src/simulator/kit/speaker.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { officeForms, PLACE } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 60_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const MAINTAINER = 'mainteneur';
const { made, formOf } = officeForms(() => server);
const KIT = { ...PLACE, protocol: 'lafon-pulse', evses: '2', mediaType: 'ethernet', udpPort: '1080' };

/** The operator declares a kit and makes its key, which is shown this once. */
async function grantedKit(serialNumber: string, more: Record<string, string> = {}): Promise<Buffer> {
  const path = await made(OPERATOR, '/admin/kits', { version: '0', serialNumber, ...more });
  const { status, text } = await server.post(OPERATOR, `${path}/key`);
  expect(status).toBe(200);
  return Buffer.from(/data-copy="([0-9a-f]{64})"/.exec(text)?.[1] ?? '', 'hex');
}

/** A kit that says where it is, and no more. The card in it stands in its greeting too. */
async function poweredKit(
  serial: string,
  key: Buffer,
  start: Body & { readonly iccid?: string } = {},
  ordered: (order: Body) => void = () => undefined,
): Promise<{ kit: KitSpeaker; memory: KitMemory }> {
  const memory = new KitMemory();
  const kit = new KitSpeaker({
    host: '127.0.0.1',
    port: server.vigie.lafonPulsePort,
    serial,
    key,
    iccid: start.iccid,
    clock: REAL_CLOCK,
    memory,
    patience: 0.1,
    obey: (order) => {
      ordered(order);
      return order['do'] === 'list'
        ? { entries: [['rfid', '04A1', '']], mode: 'active', more: false }
        : { status: 'accepted' };
    },
    greeted: () => undefined,
  });
  onTestFinished(() => kit.close());
  await kit.open();
  void kit.say(
    { say: 'start', why: 'power', make: 'Atelier', model: 'Pulse 22', soft: 'KIPA1B204A', ...start },
    'question',
  );
  return { kit, memory };
}

test('STA-11: a kit speaks to its drivers in the language of its station, from the next badge after a change', async () => {
  const key = await grantedKit('K110');
  const path = await made(MERCHANT, '/stations', {
    ...KIT,
    name: 'Quai des Langues',
    kitSerial: 'K110',
    language: 'en',
  });
  const { kit, memory } = await poweredKit('K110', key);
  await until('the settings of the station', () => memory.settings['language'] === 'en');
  const form = await formOf(MERCHANT, path);
  expect((await server.post(MERCHANT, path, { ...form, language: 'fr' })).status).toBe(303);
  await kit.say({ say: 'may', point: 1, by: { kind: 'rfid', value: '04A1' } }, 'question');
  expect(memory.settings['language']).toBe('fr');
});

test('LAF-02: a station with a kit is on the fleet page from its first word, with what the kit tells of itself', async () => {
  const key = await grantedKit('K100');
  await made(MERCHANT, '/stations', { ...KIT, name: 'Place du Kit', kitSerial: 'K100', customerInfo: 'Bonjour' });
  await until('the fleet to have it', async () => (await server.get(MERCHANT, '/fleet')).text.includes('Place du Kit'));
  const orders: Body[] = [];
  const { kit, memory } = await poweredKit('K100', key, {}, (order) => orders.push(order));
  await until('the settings of the station to reach the kit', () => memory.settings['power'] !== undefined);
  expect(memory.settings).toMatchObject({ power: 22_000, language: 'fr', text: 'Bonjour' });
  await kit.say(
    { say: 'kit', hard: 'C3', ip: '10.1.2.3', kept: 0, list: 7, mode: 'active', languages: ['fr', 'en'] },
    'news',
  );
  const sockets = [{ socket: 1, flap: 'open', plug: true, lock: true }];
  await kit.say({ say: 'sensors', point: 1, vehicle: true, sockets }, 'news');
  const page = await until('the page to show them', async () => {
    const { text } = await server.get(MERCHANT, '/fleet/kit%3AK100');
    return text.includes('Prise 1\u00a0: trappe ouverte, branchée, verrouillée') ? text : null;
  });
  for (const words of ['LafonPulse', '7 sur 50', 'la liste blanche est acceptée', '10.1.2.3', 'Véhicule présent'])
    expect(page).toContain(words);
  // WHL-04: what the list is good for without a server.
  const modes = [...page.matchAll(/<option value="(active|open|closed)"/g)].map(([, mode]) => mode);
  expect(modes).toEqual(['active', 'open', 'closed']);
  const asks = { form: 'kit-mode', key: 'ListMode', value: 'closed' };
  expect((await server.post(MAINTAINER, '/fleet/kit%3AK100/commands/change-configuration', asks)).status).toBe(303);
  await until('the order to reach the kit', () =>
    orders.some((order) => order['key'] === 'ListMode' && order['value'] === 'closed'),
  );
  // WHL-01: what is on its list, once it was asked for.
  const asked = { vendorId: 'LafonPulse', messageId: 'list' };
  await server.post(MAINTAINER, '/fleet/kit%3AK100/commands/data-transfer', asked);
  await until('the white list to be read', async () =>
    (await server.get(MAINTAINER, '/fleet/kit%3AK100')).text.includes('1 sur la liste, lue le'),
  );
});

test('SOC-08: a kit shows the message of its company, before what its station tells customers, as soon as it starts', async () => {
  const key = await grantedKit('K140');
  await made(MERCHANT, '/stations', { ...KIT, name: 'Accueil', kitSerial: 'K140', customerInfo: 'Bonjour' });
  const { kit, memory } = await poweredKit('K140', key);
  await until('what the station tells', () => memory.settings['text'] === 'Bonjour');
  const path = '/companies/ponant-company-1';
  const before = await formOf(MERCHANT, path);
  await made(MERCHANT, path, { ...before, chargerMessage: 'Ponant\nBienvenue' });
  void kit.say({ say: 'start', why: 'power', soft: 'KIPA1B204A' }, 'question');
  await until('the message', () => memory.settings['text'] === 'Ponant\nBienvenue');
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), chargerMessage: '' });
});

test('LAF-02: a kit that knocks is offered to whom its SIM card was granted, the latest first, and to nobody else', async () => {
  const [his, theirs] = ['8933012345678900019', '8933012345678900027'];
  for (const [iccid, merchant] of [
    [his, 'ponant'],
    [theirs, 'concarneau'],
  ] as const)
    await made(OPERATOR, '/admin/sims', { version: '0', iccid, apn: 'm2m', merchant });
  for (const [serial, card] of [
    ['K121', { iccid: his }],
    ['K122', { iccid: theirs }],
    // Nobody was granted these: by cable, and with a key that is not its own.
    ['K123', {}],
  ] as const)
    await poweredKit(serial, await grantedKit(serial), card);
  await grantedKit('K124');
  await poweredKit('K124', Buffer.alloc(32, 1), { iccid: his });
  const typed = { ...KIT, mediaType: 'gprs', name: 'À  trouver', fill: 'kits' };
  const asked = async (who: string, path = '/stations', more: Record<string, string> = {}): Promise<string> =>
    (await server.post(who, path, { ...typed, ...more })).text;
  const knocking = (text: string): readonly string[] =>
    [...text.matchAll(/<li>\s*<code>(K\d+)<\/code> <span class="sub">entendu il y a/g)].map(
      ([, serial = '']) => serial,
    );
  await until('the kits to be heard', async () => knocking(await asked(MERCHANT)).length > 0);
  const text = await asked(MERCHANT);
  expect(knocking(text)).toEqual(['K121']);
  expect(text).toContain('<option value="K121" label="K121 – entendu le');
  expect(text).toContain('1 kit appelle le serveur.');
  expect(text, 'what was typed stays').toContain('value="À  trouver"');
  expect(text).not.toMatch(/K12[234]/);
  expect(await faultsOfHtml(text)).toEqual([]);
  // A station of his, by whoever maintains it; the neighbour has another.
  const station = await made(MERCHANT, '/stations', { ...KIT, name: 'Sans kit' });
  expect(knocking(await asked(MAINTAINER, station))).toEqual(['K121']);
  expect((await server.post('voisin', station, typed)).status).toBe(404);
  expect(knocking(await asked('voisin'))).toEqual(['K122']);
  // Who sees everything sees strangers too, those who proved nothing last and marked.
  await until('all to be heard', async () => knocking(await asked(OPERATOR, station)).length === 4);
  const all = await asked(OPERATOR, station);
  expect(knocking(all).toSorted()).toEqual(['K121', 'K122', 'K123', 'K124']);
  expect(knocking(all).at(-1)).toBe('K124');
  expect(all).toMatch(/K124<\/code>[^]*?sans signature valable/);
  // In a station, it is offered no more.
  await made(MERCHANT, '/stations', { ...KIT, name: 'Trouvée', kitSerial: 'k121' });
  expect(await asked(MERCHANT)).not.toContain('K121');
  expect(knocking(await asked(MAINTAINER, station))).toEqual([]);
});

test('LAF-02: a kit of the chosen model is offered before anything is saved, unless it holds a card of somebody else', async () => {
  const model = { version: '0', manufacturer: 'Volterre', make: 'Volterre', name: 'Frappe', evses: '1' };
  const modelId = (await made('integrateur', '/models', model)).split('/').at(-1) ?? '';
  const theirs = '8933012345678900035';
  await made(OPERATOR, '/admin/sims', { version: '0', iccid: theirs, apn: 'm2m', merchant: 'concarneau' });
  const keys = new Map<string, Buffer>();
  for (const serial of ['K131', 'K132', 'K133']) keys.set(serial, await grantedKit(serial, { integrator: 'volterre' }));
  const { text: list } = await server.get('integrateur', '/kits');
  const kits = ['K131', 'K132', 'K133'].map(
    (one) => new RegExp(`/kits/([\\w-]+)(?="[^>]*>\\s*${one})`).exec(list)?.[1] ?? '',
  );
  expect((await server.post('integrateur', '/kits/assign', { model: modelId, kits })).status).toBe(303);
  await poweredKit('K132', keys.get('K132') ?? Buffer.alloc(32));
  await poweredKit('K133', keys.get('K133') ?? Buffer.alloc(32), { iccid: theirs });
  const typed = { ...KIT, name: 'Modèle', integratorModel: modelId, fill: 'kits' };
  const values = async (): Promise<readonly string[]> => {
    const { text } = await server.post(MERCHANT, '/stations', typed);
    return [...text.matchAll(/<option value="(K\d+)"/g)].map(([, serial = '']) => serial);
  };
  await until('both to be heard', async () => (await values()).join(' ') === 'K132 K131');
  expect((await server.post(MERCHANT, '/stations', { ...typed, integratorModel: '' })).text).not.toContain('K132');
});

test('INT-04: a key is the operator’s to make, and the kit that has the old one is heard no more', async () => {
  const old = await grantedKit('K101');
  await made(MERCHANT, '/stations', { ...KIT, name: 'Clé', kitSerial: 'K101' });
  const path =
    (await server.get(OPERATOR, '/admin/kits')).text.match(/\/admin\/kits\/[\w-]+(?="[^>]*>\s*K101)/)?.[0] ?? '';
  expect((await server.post(MERCHANT, `${path}/key`)).status).toBe(404);
  const { kit } = await poweredKit('K101', old);
  await until('the kit to be greeted', () => kit.isGreeted);
  await server.post(OPERATOR, `${path}/key`);
  await until('its link to end', async () =>
    (await server.get(MERCHANT, '/fleet/kit%3AK101')).text.includes('clé du kit remplacée'),
  );
  await kit.close();
  await poweredKit('K101', old);
  await until('the refusal to be told on the page of the charger', async () =>
    (await server.get(MERCHANT, '/fleet/kit%3AK101')).text.includes('signature fausse'),
  );
  expect((await server.get(OPERATOR, '/audit')).text).toContain('Clé de kit créée');
});

test('LAF-04: a card of the pool that a kit finds in itself gives its station number and telephone', async () => {
  const iccid = '8933012345678905555';
  await made(OPERATOR, '/admin/sims', { version: '0', iccid, apn: 'm2m', phone: '+33600000009', merchant: 'ponant' });
  const key = await grantedKit('K102');
  const modem = { ...KIT, mediaType: 'gprs', simApn: 'internet-entreprise', name: 'Modem', kitSerial: 'K102' };
  const path = await made(MERCHANT, '/stations', modem);
  await poweredKit('K102', key, { iccid });
  await until('the card to be known', async () => (await formOf(MERCHANT, path))['simIccid'] === iccid);
  expect(await formOf(MERCHANT, path)).toMatchObject({ simPhone: '+33600000009' });
});

test('LAF-05: the access point of a kit goes by SMS, or the page says why it cannot', async () => {
  const key = await grantedKit('K103', { softwareVersion: 'KIPA1B112A' });
  const modem = { ...KIT, mediaType: 'gprs', simApn: 'internet-entreprise', simLogin: 'orange', simPassword: 'orange' };
  const path = await made(MERCHANT, '/stations', { ...modem, name: 'SMS', kitSerial: 'K103' });
  const sent = async (): Promise<string> => {
    const { location } = await server.post(MAINTAINER, `${path}/apn`);
    return (await server.get(MAINTAINER, location ?? '')).text;
  };
  expect(await sent()).toContain('Saisissez d’abord le numéro de téléphone de la carte SIM.');
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), simPhone: '+33612345678' });
  expect(await sent()).toContain('antérieur à la version 200');
  const kit =
    (await server.get(OPERATOR, '/admin/kits')).text.match(/\/admin\/kits\/[\w-]+(?="[^>]*>\s*K103)/)?.[0] ?? '';
  await made(OPERATOR, kit, { ...(await formOf(OPERATOR, kit)), softwareVersion: 'KIPA1B204A' });
  expect(await sent()).toContain('Le SMS est parti');
  const outbox = (await server.get(OPERATOR, '/outbox')).text;
  expect(outbox).toContain('LP1;APN;K103;internet-entreprise;orange;orange;');
  expect(outbox).not.toContain(key.toString('hex'));
  await until('the journal of the charger to tell it', async () =>
    (await server.get(MAINTAINER, '/fleet/kit%3AK103/events')).text.includes('SMS de configuration APN envoyé'),
  );
  // Of a kit the journal can be narrowed to them, and to them alone.
  const narrowed = async (type: string) => (await server.get(MAINTAINER, `/fleet/kit%3AK103/events?type=${type}`)).text;
  expect(await narrowed('sms')).toContain('SMS de configuration APN envoyé');
  expect(await narrowed('sms')).toMatch(/<option value="sms"\s+selected/);
  expect(await narrowed('server')).not.toContain('SMS de configuration APN envoyé');
  expect((await server.post('voisin', `${path}/apn`)).status).toBe(404);
});

test('LAF-01: a message is written in each language of the display, to one kit or to many, and refused in words', async () => {
  const orders: Body[] = [];
  for (const serial of ['K141', 'K142']) {
    const key = await grantedKit(serial);
    await made(MERCHANT, '/stations', { ...KIT, name: `Afficheur ${serial}`, kitSerial: serial });
    await until('the fleet to have it', async () =>
      (await server.get(MAINTAINER, `/fleet/kit%3A${serial}`)).status === 200 ? true : null,
    );
    const { kit } = await poweredKit(serial, key, {}, (order) => orders.push({ ...order, serial }));
    const languages = serial === 'K141' ? ['fr', 'en', 'de'] : ['fr', 'en'];
    await kit.say({ say: 'kit', languages, shown: 'Bonjour <b>' }, 'question');
  }
  const page = '/fleet/kit%3AK141';
  const form = await until('the languages of the display', async () => {
    const { text } = await server.get(MAINTAINER, page);
    return text.includes('name="text-de"') ? text : null;
  });
  for (const words of ['Texte en allemand', 'Bonjour &lt;b&gt;', 'Retirer le message']) expect(form).toContain(words);
  expect((await server.get(MAINTAINER, '/fleet/kit%3AK142')).text).not.toContain('name="text-de"');
  expect((await server.get(MAINTAINER, '/fleet/PON-1')).text).not.toContain('show-message');
  const send = (fields: Record<string, string>) => server.post(MAINTAINER, `${page}/commands/show-message`, fields);
  const texts = { 'text-fr': 'Travaux demain', 'text-en': 'Works tomorrow', 'text-de': '' };
  expect((await send({ ...texts, seconds: '3600' })).status).toBe(303);
  expect((await send({ form: 'clear' })).status).toBe(303);
  await until('both orders', () => orders.length === 2);
  expect(orders).toEqual([
    { do: 'show', texts: { fr: 'Travaux demain', en: 'Works tomorrow' }, seconds: 3_600, serial: 'K141' },
    { do: 'show', texts: {}, serial: 'K141' },
  ]);
  for (const path of [page, `${page}/events`])
    await until(`${path} to say it`, async () =>
      (await server.get(MAINTAINER, path)).text.includes('Afficher un message · «\u00a0Travaux demain\u00a0»'),
    );
  const wide = '漢'.repeat(120);
  const wrong = await send({ 'text-fr': wide, 'text-en': wide, 'text-de': wide });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toMatch(/Ces textes ne tiennent pas dans un datagramme\u00a0: \d+ octets de trop/);
  expect(wrong.text, 'what was typed stays').toContain(wide);
  expect(await faultsOfHtml(wrong.text)).toEqual([]);
  // Many at once: the kits among them.
  const id = ['kit:K141', 'kit:K142', 'PON-1'];
  const forms = await server.post(MAINTAINER, '/commands/new', { id });
  expect(forms.text).toContain('Pour les kits Pulse seulement\u00a0: 2 des 3 bornes choisies.');
  const long = await server.post(MAINTAINER, '/commands/show-message', { id, 'text-fr': 'x'.repeat(121) });
  expect(long.status).toBe(422);
  expect(long.text.match(/class="errors"/g)).toHaveLength(1);
  expect(await faultsOfHtml(long.text)).toEqual([]);
  const sent = await server.post(MAINTAINER, '/commands/show-message', { id, 'text-fr': 'À tous' });
  await until('both kits', () => orders.length === 4);
  expect(new Set(orders.slice(2).map(({ serial }) => serial))).toEqual(new Set(['K141', 'K142']));
  const table = (await server.get(MAINTAINER, sent.location ?? '')).text;
  expect(table).toContain('Afficher un message · «\u00a0À tous\u00a0»');
  expect(table).not.toContain('PON-1');
});

test('the pages of a kit, its key and its access point are valid HTML', async () => {
  const key = await grantedKit('K104');
  const modem = { ...KIT, mediaType: 'gprs', simApn: 'internet-entreprise', name: 'HTML', kitSerial: 'K104' };
  const station = await made(MERCHANT, '/stations', modem);
  await until('the fleet to have it', async () => (await server.get(MAINTAINER, '/fleet/kit%3AK104')).status === 200);
  const { kit } = await poweredKit('K104', key);
  await kit.say({ say: 'kit', kept: 2, list: 1, mode: 'open', languages: ['fr'] }, 'question');
  await kit.say({ say: 'sensors', point: 1, vehicle: false, sockets: [{ socket: 1, flap: 'closed' }] }, 'question');
  await server.post(MAINTAINER, '/fleet/kit%3AK104/commands/data-transfer', {
    vendorId: 'LafonPulse',
    messageId: 'list',
  });
  for (const [who, path] of [
    [MAINTAINER, '/fleet/kit%3AK104'],
    [MAINTAINER, `${station}?apn=no-phone`],
    [OPERATOR, '/admin/kits/kit-00149'],
  ] as const) {
    const { status, text } = await server.get(who, path);
    expect(status, path).toBe(200);
    expect(await faultsOfHtml(text), path).toEqual([]);
  }
  const shown = await server.post(OPERATOR, '/admin/kits/kit-00149/key');
  expect(await faultsOfHtml(shown.text)).toEqual([]);
});
