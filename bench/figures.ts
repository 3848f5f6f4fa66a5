/** One thing measured, in every run. */
export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly median: number;
  readonly target?: Target;
  /** Absent without a target. The bench says it; it does not fail on it. */
  readonly met?: boolean;
};

export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** NaN for no values at all, which the table shows as a dash. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

export function figure(name: string, unit: string, values: readonly number[], target?: Target): Figure {
  const middle = median(values);
  if (!target || Number.isNaN(middle)) return { name, unit, values, median: middle };
  const met = 'atLeast' in target ? middle >= target.atLeast : middle <= target.atMost;
  return { name, unit, values, median: middle, target, met };
}

/** Lines of a table: name, median, every run, target and verdict. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, values, median: middle, target, met }) => [
    name,
    `${shown(middle)} ${unit}`,
    values.length > 1 ? values.map(shown).join(' / ') : '',
    target ? ('atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`) : '',
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function shown(value: number): string {
  if (Number.isNaN(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}
