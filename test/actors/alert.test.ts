import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALM_MS, ESCALATE_MS } from '#actors/alert/decide.ts';
import type { Occupancy } from '#actors/alert/messages.ts';
import { subjectKey } from '#actors/alert/state.ts';
import {
  Alerts,
  anAudience,
  facts,
  GROUND,
  happenings,
  MINUTE_MS,
  reachable,
  recipient,
  T0,
  type Happening,
} from '../fixtures/alert.ts';

const LIMITS = { beforeMinutes: 15, afterMinutes: 30, maxMinutes: 120 };
const vehicle = (occupancy: Occupancy, sinceMs: number) =>
  facts({ limits: LIMITS, vehicles: [{ connectorId: 2, occupancy, sinceMs }] });

describe('a fault', () => {
  test('ALR-01: a breakdown is told at once to whoever is named for faults, and once', () => {
    const alerts = new Alerts();
    alerts.observe(GROUND, T0);
    alerts.observe(GROUND, T0 + 1_000);
    expect(alerts.subjects).toEqual(['opened fault fr anne@atlantique.example']);
    expect(alerts.messages[0]).toMatchObject({
      key: `alert/CP1/fault/GroundFailure/${T0}/opened/anne/mail`,
      text: 'long opened',
      subscriberId: 'atlantique',
    });
    expect(alerts.rows).toHaveLength(1);
    expect(alerts.rows[0]).toMatchObject({ chargePointId: 'CP1', stationName: 'Quai Nord', code: 'GroundFailure' });
  });

  test('ALR-01: a charger that is absent is told of, and one of which nobody can tell yet is not', () => {
    const alerts = new Alerts();
    alerts.observe(facts({ absent: null }), T0);
    expect(alerts.messages).toEqual([]);
    alerts.observe(facts({ absent: true }), T0 + 1);
    expect(alerts.subjects).toEqual(['opened absent fr anne@atlantique.example']);
    // A restart of the server is no return of the charger.
    alerts.observe(facts({ absent: null }), T0 + 2);
    alerts.until(T0 + 2 + CALM_MS);
    expect(alerts.state.open).toHaveLength(1);
  });

  test('a fault that goes and comes back within the calm is one fault: one mail at its beginning, one at its end', () => {
    const alerts = new Alerts();
    alerts.observe(GROUND, T0);
    for (let turn = 1; turn <= 20; turn++) alerts.observe(turn % 2 === 0 ? GROUND : facts(), T0 + turn * 30_000);
    const gone = T0 + 21 * 30_000;
    alerts.observe(facts(), gone);
    alerts.until(gone + CALM_MS - 1);
    expect(alerts.messages).toHaveLength(1);
    alerts.until(gone + CALM_MS);
    expect(alerts.subjects).toEqual([
      'opened fault fr anne@atlantique.example',
      'ended fault fr anne@atlantique.example',
    ]);
    expect(alerts.rows.at(-1)).toMatchObject({ times: 11, endedAtMs: gone + CALM_MS });
    expect(alerts.state).toMatchObject({ open: [], wakeAtMs: null });
  });

  test('the same fault of two parts is one alert, and another fault is another', () => {
    const alerts = new Alerts();
    alerts.observe(GROUND, T0);
    alerts.observe(facts({ faults: [{ code: 'GroundFailure', parts: [1, 2] }] }), T0 + 1);
    expect(alerts.messages).toHaveLength(1);
    expect(alerts.state.open[0]?.parts).toEqual([1, 2]);
    const both = [
      { code: 'GroundFailure', parts: [2] },
      { code: 'HighTemperature', parts: [0] },
    ];
    alerts.observe(facts({ faults: both }), T0 + 2);
    expect(alerts.messages).toHaveLength(2);
    expect(alerts.state.open.map(subjectKey)).toEqual(['fault/GroundFailure', 'fault/HighTemperature']);
  });

  test('what nobody takes in charge is told to the administrators, once; of what somebody took, nothing more', () => {
    const left = new Alerts();
    left.observe(GROUND, T0);
    left.until(T0 + 10 * ESCALATE_MS);
    expect(left.subjects).toEqual([
      'opened fault fr anne@atlantique.example',
      'escalated fault fr yann@atlantique.example',
    ]);
    expect(left.rows.at(-1)?.escalatedAtMs).toBe(T0 + ESCALATE_MS);
    const taken = new Alerts();
    taken.observe(GROUND, T0);
    const { alertId = '' } = taken.state.open[0] ?? {};
    expect(taken.acknowledge(alertId, T0 + 60_000)).toBe('ok');
    expect(taken.acknowledge(alertId, T0 + 61_000)).toBe('already');
    taken.until(T0 + 10 * ESCALATE_MS);
    expect(taken.messages).toHaveLength(1);
    expect(taken.rows.at(-1)?.acknowledged).toEqual({ by: 'Anne Bihan', atMs: T0 + 60_000 });
    taken.observe(facts(), T0 + 70_000);
    taken.until(T0 + 70_000 + CALM_MS);
    expect(taken.acknowledge(alertId, T0 + CALM_MS * 2)).toBe('ended');
  });

  test('an escalation waits while the fault is away, and is told when it is back', () => {
    const alerts = new Alerts();
    alerts.observe(GROUND, T0);
    alerts.observe(facts(), T0 + ESCALATE_MS - 1);
    alerts.until(T0 + ESCALATE_MS);
    expect(alerts.messages).toHaveLength(1);
    alerts.observe(GROUND, T0 + ESCALATE_MS + 1);
    expect(alerts.subjects.at(-1)).toBe('escalated fault fr yann@atlantique.example');
  });

  test('administrators of accounts of whom nobody was told are not told either', () => {
    const other = reachable({ userId: 'camille', subscriberId: 'ponant', to: { mail: 'camille@ponant.example' } });
    const alerts = new Alerts(anAudience({ administrators: [other] }));
    alerts.observe(GROUND, T0);
    alerts.until(T0 + ESCALATE_MS);
    expect(alerts.messages).toHaveLength(1);
    const nobody = new Alerts(anAudience({ recipients: [] }));
    nobody.observe(GROUND, T0);
    nobody.until(T0 + ESCALATE_MS);
    expect([nobody.messages, nobody.state.open.length]).toEqual([[], 1]);
  });
});

describe('a stay', () => {
  test('ALR-02, ALR-03: a vehicle that stands without charging is told of when the limit before the charge is over', () => {
    const alerts = new Alerts();
    alerts.observe(vehicle('before', T0), T0);
    expect(alerts.state.wakeAtMs).toBe(T0 + 15 * MINUTE_MS);
    alerts.until(T0 + 15 * MINUTE_MS - 1);
    expect(alerts.messages).toEqual([]);
    alerts.until(T0 + 15 * MINUTE_MS);
    expect(alerts.messages.map(({ channel, to, text }) => [channel, to, text])).toEqual([
      ['mail', 'anne@atlantique.example', 'long opened'],
      ['sms', '+33612345678', 'short opened'],
    ]);
    alerts.observe(vehicle('charging', T0 + 16 * MINUTE_MS), T0 + 16 * MINUTE_MS);
    expect(alerts.messages.slice(2).map(({ text }) => text)).toEqual(['long ended', 'short ended']);
  });

  test('ALR-03: the limit after the charge counts from its end, that of the whole stay from its beginning', () => {
    const alerts = new Alerts();
    alerts.observe(vehicle('before', T0), T0);
    alerts.observe(vehicle('charging', T0 + 10 * MINUTE_MS), T0 + 10 * MINUTE_MS);
    alerts.observe(vehicle('after', T0 + 60 * MINUTE_MS), T0 + 60 * MINUTE_MS);
    alerts.until(T0 + 200 * MINUTE_MS);
    expect(alerts.rows.map(({ cause, openedAtMs }) => [cause, (openedAtMs - T0) / MINUTE_MS])).toEqual([
      ['parking-after', 90],
      ['parking-max', 120],
    ]);
    alerts.observe(facts(), T0 + 210 * MINUTE_MS);
    expect(alerts.state).toMatchObject({ open: [], stays: [], wakeAtMs: null });
  });

  test('a connector that breaks down does not say that its vehicle has left', () => {
    const alerts = new Alerts();
    alerts.observe(vehicle('charging', T0), T0);
    alerts.observe(vehicle('unknown', T0 + MINUTE_MS), T0 + MINUTE_MS);
    alerts.until(T0 + 120 * MINUTE_MS);
    expect(alerts.rows.map(({ cause }) => cause)).toEqual(['parking-max']);
  });

  test('a limit that is lifted ends its alert, and a stay is nobody’s to escalate', () => {
    const alerts = new Alerts();
    alerts.observe(vehicle('before', T0), T0);
    alerts.until(T0 + 60 * MINUTE_MS);
    expect(alerts.subjects.some((subject) => subject.startsWith('escalated'))).toBe(false);
    alerts.observe(facts(), T0 + 61 * MINUTE_MS);
    expect(alerts.state).toMatchObject({ open: [], stays: [], limits: null });
  });
});

describe('who is told', () => {
  test('ABO-06, ABO-07: only by the ways that his address and his own subscription give him', () => {
    const merchant = { subscriberId: 'ponant', fault: ['mail', 'sms'] as const };
    const alerts = new Alerts(
      anAudience({
        recipients: [
          recipient({ userId: 'both', ...merchant }),
          recipient({ userId: 'mail-only', ...merchant, language: 'en', to: { mail: 'm@ponant.example' } }),
          recipient({ userId: 'none', ...merchant, to: {} }),
          recipient({ userId: 'parking-only', ...merchant, fault: [] }),
        ],
      }),
    );
    alerts.observe(GROUND, T0);
    expect(alerts.messages.map(({ key, subject }) => [key.split('/').slice(-2).join('/'), subject])).toEqual([
      ['both/mail', 'opened fault fr'],
      ['both/sms', 'opened fault fr'],
      ['mail-only/mail', 'opened fault en'],
    ]);
  });

  test('the end goes to whoever was told of the beginning, and can still be reached', () => {
    const alerts = new Alerts(anAudience({ recipients: [recipient(), recipient({ userId: 'left' })] }));
    alerts.observe(GROUND, T0);
    alerts.audience = anAudience({ recipients: [recipient(), recipient({ userId: 'new' })] });
    alerts.observe(facts(), T0 + 1);
    alerts.until(T0 + 1 + CALM_MS);
    expect(alerts.messages.filter(({ subject }) => subject.startsWith('ended')).map(({ key }) => key)).toEqual([
      `alert/CP1/fault/GroundFailure/${T0}/ended/anne/mail`,
    ]);
  });

  test('ALR-04: a charger without an audience raises no alert, and what was open ends without a word', () => {
    const quiet = new Alerts(null);
    quiet.observe(GROUND, T0);
    quiet.observe(vehicle('before', T0), T0);
    quiet.until(T0 + 60 * MINUTE_MS);
    expect([quiet.messages, quiet.rows, quiet.state.open]).toEqual([[], [], []]);
    const alerts = new Alerts();
    alerts.observe(GROUND, T0);
    alerts.audience = null;
    alerts.observe(facts(), T0 + 1);
    expect([alerts.messages.length, alerts.rows.at(-1)?.endedAtMs, alerts.state.wakeAtMs]).toEqual([1, T0 + 1, null]);
  });

  test('an identity that moves to another station begins anew there', () => {
    const alerts = new Alerts();
    alerts.observe(GROUND, T0);
    alerts.audience = anAudience({ place: { ...anAudience().place, stationId: 's2', stationName: 'Quai Sud' } });
    alerts.observe(GROUND, T0 + 1);
    expect(alerts.rows.map(({ stationId, endedAtMs }) => [stationId, endedAtMs])).toEqual([
      ['s1', null],
      ['s1', T0 + 1],
      ['s2', null],
    ]);
  });
});

describe('whatever happens to a charger', () => {
  function lived(steps: readonly Happening[]) {
    const alerts = new Alerts();
    let atMs = T0;
    let last = facts();
    const wakes: (readonly [wakeAtMs: number | null, atMs: number])[] = [];
    for (const step of steps) {
      atMs += step.afterMs;
      alerts.until(atMs);
      if (step.what === 'restarted') alerts.restart();
      else if (step.what === 'acknowledged') alerts.acknowledge(alerts.state.open[0]?.alertId ?? '', atMs);
      else alerts.observe((last = step.what === 'observed' ? step.facts : last), atMs);
      wakes.push([alerts.state.wakeAtMs, atMs]);
    }
    return { alerts, atMs, last, wakes };
  }
  const always = (law: (run: ReturnType<typeof lived>) => void) =>
    fc.assert(fc.property(happenings, (steps) => law(lived(steps))));

  test('no message is queued twice, not even over restarts', () =>
    always(({ alerts }) => {
      const keys = alerts.messages.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }));

  test('what is told again changes nothing', () =>
    always(({ alerts, atMs, last }) => {
      alerts.observe(last, atMs);
      const before = alerts.state;
      const { state, effects } = alerts.observe(last, atMs);
      expect(state).toBe(before);
      expect(effects).toEqual([]);
    }));

  test('there is one open alert for each thing that is wrong', () =>
    always(({ alerts }) => {
      const keys = alerts.state.open.map(subjectKey);
      expect(new Set(keys).size).toBe(keys.length);
    }));

  test('an alert ends once, is told to have ended only to whom it began, and nothing is written of it after', () =>
    always(({ alerts }) => {
      const ended = new Set<string>();
      for (const row of alerts.rows) {
        expect(ended.has(row.alertId)).toBe(false);
        if (row.endedAtMs !== null) ended.add(row.alertId);
        const began = new Set(
          row.told.flatMap((one) => (one.step === 'ended' ? [] : [`${one.userId}/${one.channel}`])),
        );
        for (const one of row.told)
          if (one.step === 'ended') expect(began.has(`${one.userId}/${one.channel}`)).toBe(true);
      }
    }));

  test('its alarm is set for what comes next, never for what is past', () =>
    always(({ wakes }) => {
      for (const [wakeAtMs, atMs] of wakes) if (wakeAtMs !== null) expect(wakeAtMs).toBeGreaterThan(atMs);
    }));

  test('when all is well for long enough, nothing is open and nothing is due', () =>
    always(({ alerts, atMs }) => {
      alerts.observe(facts(), atMs);
      alerts.until(atMs + CALM_MS);
      expect(alerts.state).toMatchObject({ open: [], stays: [], wakeAtMs: null });
    }));

  test('its snapshot round-trips through JSON', () =>
    always(({ alerts }) => {
      expect(JSON.parse(JSON.stringify(alerts.state))).toEqual(alerts.state);
    }));
});
