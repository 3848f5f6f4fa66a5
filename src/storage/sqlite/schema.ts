import type { Generated } from 'kysely';
import type { AlertCause } from '#src/domain/alert.ts';
import type { OutboxChannel, PostState } from '#src/domain/post.ts';
import type { EventKind, EventLevel, ReviewKind, ReviewOutcome, SessionClosing } from '../ports.ts';
import type { StationRow } from '../registry-port.ts';

type Truth = 0 | 1;

/** The tables as the latest migration leaves them; columns as SQLite holds them, JSON as text. */
export interface Tables {
  server_epoch: { id: number; epoch: number; node: string; opened_at_ms: number; probe: Uint8Array | null };
  transaction_counter: { id: number; next: number };
  actor_snapshot: { actor_id: string; epoch: number; version: number; schema: number; state: string };
  snapshot_log: { seq: number; epoch: number; snapshots: string };
  event: {
    id: Generated<number>;
    at_ms: number;
    charge_point_id: string | null;
    connector_id: number | null;
    level: EventLevel;
    kind: EventKind;
    name: string;
    request: string | null;
    answer: string | null;
    note: string | null;
  };
  event_posting: { run: number; charge_point_id: string; offsets: Uint8Array };
  event_words: { id: number; masks: Uint8Array };
  charging_session: {
    transaction_id: number;
    charge_point_id: string;
    connector_id: number;
    start_key: string;
    id_tag: string;
    driver: string | null;
    wallet_id: string | null;
    verdict: string;
    free_service: Truth;
    energy_price_mills_per_kwh: number;
    power_max_w: number;
    started_at_ms: number;
    meter_start_wh: number;
    closing: SessionClosing;
    stopped_at_ms: number | null;
    meter_stop_wh: number | null;
    energy_wh: number;
    stop_reason: string | null;
    price_cents: number | null;
    review: string | null;
    station_id: string | null;
    charged_ms: number | null;
    unplugged_at_ms: number | null;
    /** Of `session_badge`. */
    badge_id: number | null;
    abnormal: Generated<Truth>;
  };
  unregistered_charge: { company_id: string; key: string; charges: number };
  purged_session: { transaction_id: number };
  session_in_bin: { transaction_id: number; deletion_id: string; cells: string };
  session_badge: { id: Generated<number>; id_tag: string; driver: string; search: string };
  ledger_entry: {
    id: Generated<number>;
    key: string;
    wallet_id: string;
    at_ms: number;
    amount_cents: number;
    transaction_id: number | null;
  };
  command: {
    id: Generated<number>;
    command_id: string;
    charge_point_id: string;
    connector_id: number | null;
    name: string;
    state: string;
    requested_by: string;
    requested_at_ms: number;
    batch_id: string | null;
  };
  forced_key: { station_id: string; folded: string; key: string; value: string; forced_by: string; at_ms: number };
  review: {
    id: Generated<number>;
    key: string;
    kind: ReviewKind;
    charge_point_id: string;
    connector_id: number | null;
    transaction_id: number | null;
    at_ms: number;
    frame: string | null;
    stop: string | null;
    resolved_at_ms: number | null;
    resolved_by: string | null;
    outcome: ReviewOutcome | null;
    changes: string | null;
  };
  outbox: { key: string; to_actor: string; at_ms: number; message: string };
  timer: { actor_id: string; key: string; at_ms: number; message: string };
  station: {
    station_id: string;
    name: string;
    address: string;
    postcode: string;
    city: string;
    merchant: string;
    access: StationRow['access'];
    subscriber_id: string | null;
    company_id: string | null;
    public_customers: Generated<Truth>;
  };
  charge_point: {
    key: string;
    charge_point_id: string;
    station_id: string;
    connectors: number;
    power_max_w: number;
    energy_price_mills_per_kwh: number;
    serial_number: string | null;
    free_service_tag: string | null;
    leniency: Generated<string>;
    charge_minutes_max: Generated<number | null>;
    charge_wh_max: Generated<number | null>;
    unlock_minutes: Generated<number | null>;
    inactive: Truth;
    history_since_ms: Generated<number>;
  };
  charge_point_heard: { charge_point_id: string; at_ms: number };
  id_token: {
    key: string;
    /** The merchant whose customer has it; empty for a public customer, and for a badge without a customer. */
    owner: Generated<string>;
    customer_id: string | null;
    id_tag: string;
    blocked: Truth;
    expires_at_ms: number | null;
    wallet_id: string | null;
    driver: string | null;
    free_service: Truth;
  };
  user_account: { username: string; password_hash: string; display_name: string; created_at_ms: number };
  post_message: {
    key: string;
    channel: OutboxChannel;
    recipient: string;
    subject: string;
    text: string;
    secret: string | null;
    subscriber_id: string | null;
    created_at_ms: number;
    state: PostState;
    tries: number;
    next_try_at_ms: number;
    last_error: string | null;
    ended_at_ms: number | null;
    expires_at_ms: number | null;
  };
  alert: {
    alert_id: string;
    charge_point_id: string;
    cause: AlertCause;
    code: string | null;
    parts: string;
    station_id: string;
    station_name: string;
    city: string;
    subscriber_id: string | null;
    company_id: string | null;
    opened_at_ms: number;
    times: number;
    ended_at_ms: number | null;
    acknowledged: string | null;
    escalated_at_ms: number | null;
    told: string;
  };
  login: {
    token_hash: string;
    username: string;
    user_id: string | null;
    created_at_ms: number;
    expires_at_ms: number;
    address: string | null;
    browser: string | null;
    entered_id: string | null;
  };
  api_token: { token_hash: string; label: string; created_at_ms: number };
}
