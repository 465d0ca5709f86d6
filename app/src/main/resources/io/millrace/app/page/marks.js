/** Marks of verdicts and bands of drift, drawn over a chart; what they say is in the lists below the charts, as text. */
export function marks(current, color) {
  return {
    hooks: {
      drawClear: [(plot) => bands(plot, current().bands, color)],
      draw: [(plot) => verdicts(plot, current().verdicts, color)],
    },
  };
}

function bands(plot, episodes, color) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const episode of episodes) {
    const from = plot.valToPos(episode.from, 'x', true);
    const to = episode.to === undefined ? bbox.left + bbox.width : plot.valToPos(episode.to, 'x', true);
    const width = Math.max(to - from, 2 * devicePixelRatio);
    ctx.fillStyle = color('--drift-fill');
    ctx.fillRect(from, bbox.top, width, bbox.height);
    ctx.fillStyle = color('--drift');
    ctx.fillRect(from, bbox.top, 1.5 * devicePixelRatio, bbox.height);
  }
  ctx.restore();
}

/** Where marks would overlap, promotions come first: zoomed in, there is room for all. */
function legible(all) {
  const room = 9 * devicePixelRatio;
  const kept = [];
  for (const mark of [...all.filter(({ promoted }) => promoted), ...all.filter(({ promoted }) => !promoted)]) {
    if (!kept.some(({ x }) => Math.abs(x - mark.x) < room)) kept.push(mark);
  }
  return kept;
}

function verdicts(plot, checkpoints, color) {
  const { ctx, bbox } = plot;
  const size = 4.2 * devicePixelRatio;
  const y = bbox.top + 7 * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 1.6 * devicePixelRatio;
  ctx.lineCap = 'round';
  for (const { promoted, x } of legible(checkpoints.map(({ step, promoted }) => ({ promoted, x: plot.valToPos(step, 'x', true) })))) {
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    ctx.beginPath();
    if (promoted) {
      ctx.fillStyle = color('--good');
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y + size * 0.8);
      ctx.lineTo(x - size, y + size * 0.8);
      ctx.closePath();
      ctx.fill();
    } else {
      const arm = size * 0.72;
      ctx.strokeStyle = color('--bad');
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
      ctx.stroke();
    }
  }
  ctx.restore();
}
