const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (value) => whole.format(value);

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** A number with four significant digits, as short as it can be. */
export function number(value) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2);
  return size >= 100 ? value.toFixed(1) : value.toPrecision(4);
}

export function time(instant) {
  const date = new Date(instant);
  const clock = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === new Date().toDateString() ? clock : `${date.toLocaleDateString([], { month: 'short', day: 'numeric' })} ${clock}`;
}

const LOSSES = { totalLoss: 'total', taskLoss: 'task' };

/** The name of a series for a person. */
export function seriesName(name) {
  if (name === 'miniBatchAccuracy') return 'this mini-batch';
  if (name === 'prequentialAccuracy') return 'test-then-train';
  if (LOSSES[name]) return LOSSES[name];
  return name.endsWith('Loss') ? name.slice(0, -4).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) : name;
}

export const SCORES = {
  accuracy: 'accuracy', negativeLogLikelihood: 'negative log-likelihood', meanSquaredError: 'mean squared error',
};
