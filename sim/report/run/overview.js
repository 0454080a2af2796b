// The whole run at the top: how much was sent when, what was lost, the faults, and the part in view.

const overview = { canvas: byId('overview-canvas'), height: 46, scale: d3.scaleLinear(), brush: d3.brushX() };

function layOutOverview() {
  const width = view.width;
  const ratio = window.devicePixelRatio || 1;
  overview.scale.domain([0, runEnd]).range([view.left, Math.max(view.left + 50, width - view.right)]);
  overview.canvas.width = Math.round(width * ratio);
  overview.canvas.height = Math.round(overview.height * ratio);
  overview.canvas.style.width = width + 'px';
  overview.context = overview.canvas.getContext('2d');
  overview.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const svg = d3.select('#overview-brush').attr('width', width).attr('height', overview.height);
  const range = overview.scale.range();
  overview.brush.extent([[range[0], 0], [range[1], overview.height]]);
  svg.select('g').call(overview.brush);
  drawOverview();
  moveBrush();
}

function histogram() {
  const [left, right] = overview.scale.range();
  const columns = Math.max(1, Math.floor((right - left) / 3));
  const sent = new Uint32Array(columns), lost = new Uint32Array(columns);
  for (let i = 0; i < packets.count; ++i) {
    if (!shown.packets[i]) continue;
    const column = Math.min(columns - 1, Math.floor((packets.at[i] / runEnd) * columns));
    ++sent[column];
    if (packets.fate[i] === Fate.lost) ++lost[column];
  }
  return { columns, sent, lost, most: d3.max(sent) || 1 };
}

function drawOverview() {
  const context = overview.context;
  const { columns, sent, lost, most } = histogram();
  const [left] = overview.scale.range();
  context.clearRect(0, 0, view.width, overview.height);
  context.fillStyle = view.colours.band;
  for (const fault of data.faults.filter(faultIsShown)) {
    const x = overview.scale(fault.from);
    context.globalAlpha = 0.07;
    context.fillRect(x, 0, Math.max(1.5, overview.scale(fault.until) - x), overview.height);
  }
  context.globalAlpha = 1;
  const high = d3.scaleSqrt().domain([0, most]).range([0, overview.height - 6]);
  for (let column = 0; column < columns; ++column) {
    context.fillStyle = view.colours.k1;
    const height = high(sent[column]);
    context.fillRect(left + column * 3, overview.height - height, 2, height);
    context.fillStyle = view.colours.lost;
    const share = sent[column] > 0 ? (height * lost[column]) / sent[column] : 0;
    context.fillRect(left + column * 3, overview.height - share, 2, share);
  }
  if (data.violation) {
    context.fillStyle = view.colours.violation;
    context.fillRect(overview.scale(data.violation.at) - 1, 0, 2, overview.height);
  }
  context.fillStyle = view.colours.muted;
  context.font = font;
  context.textAlign = 'right';
  context.fillText('whole run', view.left - 12, 18);
  context.fillText(timeText(runEnd, 1e7), view.left - 12, 32);
  context.textAlign = 'left';
}

function moveBrush() {
  if (!overview.context) return;
  const [from, until] = view.x.domain();
  const left = overview.scale(from);
  d3.select('#overview-brush g').call(overview.brush.move, [left, Math.max(left + 3, overview.scale(until))]);
}

function startOverview() {
  overview.brush.on('brush end', () => {
    const event = d3.event;
    if (!event.sourceEvent || event.sourceEvent.type === 'zoom' || !event.selection) {
      if (event.type === 'end' && event.sourceEvent && !event.selection && event.sourceEvent.type !== 'zoom') {
        showTime(overview.scale.invert(d3.mouse(byId('overview-brush'))[0]));
      }
      return;
    }
    showSpan(overview.scale.invert(event.selection[0]), overview.scale.invert(event.selection[1]));
  });
  view.listeners.push(moveBrush);
}
