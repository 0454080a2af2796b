// What lies on the lanes: processes, faults, lines, the violation.

const font = '11px system-ui, sans-serif';
const textWidths = new Map();

function widthOf(text) {
  let width = textWidths.get(text);
  if (width === undefined) {
    view.context.font = font;
    textWidths.set(text, width = view.context.measureText(text).width);
  }
  return width;
}

// As much of the text as there is room for; empty when that is too little to read.
function fitted(text, room) {
  if (widthOf(text) <= room) return text;
  const letters = Math.floor((room / widthOf(text)) * text.length) - 1;
  return letters < 5 ? '' : text.slice(0, letters) + '…';
}

function drawLanes() {
  const context = view.context;
  for (const lane of view.lanes) {
    context.strokeStyle = view.colours.lane;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(view.left, lane.y + 0.5);
    context.lineTo(view.width, lane.y + 0.5);
    context.moveTo(view.left, Math.round(lane.top + lane.height) + 0.5);
    context.stroke();
  }
  const residents = new Map();
  data.processes.forEach((process, index) => {
    if (!residents.has(process.host)) residents.set(process.host, []);
    residents.get(process.host).push(index);
  });
  for (const life of lives) {
    const process = data.processes[life.process];
    const lane = view.laneOf[process.host];
    if (!lane) continue;
    const all = residents.get(process.host);
    const thick = Math.max(2, Math.floor(7 / all.length));
    const y = lane.y - (thick * all.length) / 2 + thick * all.indexOf(life.process);
    const x1 = Math.max(view.left - 5, view.x(life.from)), x2 = Math.min(view.width + 5, view.x(life.until));
    if (x2 < x1) continue;
    context.fillStyle = process.client ? view.colours.client : view.colours.process;
    context.fillRect(x1, y, Math.max(1, x2 - x1), thick - (all.length > 1 ? 1 : 0));
    if (life.ended) drawEnd(x2, lane.y, life.killed);
  }
}

function drawEnd(x, y, killed) {
  const context = view.context;
  context.fillStyle = killed ? view.colours.violation : view.colours.muted;
  context.fillRect(x - 1, y - 8, 2, 16);
}

function drawLaneNames() {
  const context = view.context;
  for (const lane of view.lanes) {
    const names = data.processes.filter(process => process.host === lane.host).map(process => process.name);
    const host = hosts[lane.host].name;
    context.textAlign = 'right';
    context.fillStyle = view.colours.ink;
    context.font = '600 13px system-ui, sans-serif';
    context.fillText(fitted(host, (view.left - 20) / 1.3), view.left - 12, lane.y + 1);
    context.font = font;
    context.fillStyle = view.colours.muted;
    const under = names.length === 1 && names[0] === host ? hosts[lane.host].v4 : names.join(', ');
    context.fillText(fitted(under, view.left - 20), view.left - 12, lane.y + 15);
  }
  context.textAlign = 'left';
}

// Text that stays legible on whatever lies under it.
function writeOver(text, x, y, ink) {
  const context = view.context;
  context.font = font;
  context.globalAlpha = 0.8;
  context.fillStyle = view.colours.paper;
  context.fillRect(x - 2, y - 10, widthOf(text) + 4, 13);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function lanesOf(fault) {
  const lanes = fault.hosts.length > 0 ? [...new Set(fault.hosts)].map(host => view.laneOf[host]) : view.lanes;
  return lanes.filter(Boolean);
}

// The shade of a lane is that of one fault, and a little darker where there are several.
function drawBands() {
  drawn.bands = [];
  data.faults.forEach((fault, index) => {
    if (!faultIsShown(fault)) return;
    const left = view.x(fault.from), right = Math.max(left + 2, view.x(fault.until));
    if (right < view.left || left > view.width) return;
    for (const lane of lanesOf(fault)) {
      drawn.bands.push({ index, lane, left, right, top: lane.top, bottom: lane.top + lane.height });
    }
  });
  const context = view.context;
  context.fillStyle = view.colours.band;
  for (const lane of view.lanes) {
    let end = -Infinity;
    for (const band of drawn.bands.filter(each => each.lane === lane).sort((one, other) => one.left - other.left)) {
      context.globalAlpha = isSelected('fault', band.index) ? 0.4 : 0.035;
      context.fillRect(band.left, band.top + 1, band.right - band.left, lane.height - 2);
      context.globalAlpha = 0.35;
      context.fillRect(band.left, band.top + 1, 1, lane.height - 2);
      const fresh = Math.max(end, band.left);
      context.globalAlpha = 0.12;
      if (band.right > fresh) context.fillRect(fresh, band.top + 1, band.right - fresh, lane.height - 2);
      end = Math.max(end, band.right);
    }
  }
  context.globalAlpha = 1;
}

function labelBands() {
  const rows = new Map();
  for (const band of drawn.bands) labelBand(data.faults[band.index], band.lane, Math.max(band.left, view.left), rows);
}

// Texts lie in rows at the top of the lane, where one is free.
function labelBand(fault, lane, left, rows) {
  const most = Math.max(1, Math.floor((lane.height / 2 - 20) / 13));
  if (!rows.has(lane)) rows.set(lane, []);
  const ends = rows.get(lane);
  for (let row = 0; row < most; ++row) {
    if ((ends[row] ?? -Infinity) > left) continue;
    const next = nextBand(fault, lane, left);
    const text = fitted(fault.text, Math.min(next, view.width - view.right) - left - 8);
    if (!text) return;
    writeOver(text, left + 5, lane.top + 13 + row * 13, view.colours['band-text']);
    ends[row] = left + widthOf(text) + 10;
    return;
  }
}

// Where the next fault of this lane begins, when all rows are wanted: the text ends before it.
function nextBand(fault, lane, left) {
  if (lane.height > 100) return Infinity;
  let next = Infinity;
  for (const other of data.faults) {
    if (other === fault || !other.hosts.includes(lane.host)) continue;
    const x = view.x(other.from);
    if (x > left + 1 && x < next) next = x;
  }
  return next;
}

const linesStatus = { inView: 0, labelled: 0 };
const linesSingleMax = 2000;

function lineStatus() {
  const text = linesStatus.labelled > 0 ? `, ${grouped(linesStatus.labelled)} of them written out` : '';
  return `${grouped(linesStatus.inView)} lines${text}`;
}

function drawLines(from, until) {
  const low = lowerBound(lines.at, from), high = lowerBound(lines.at, until + 1);
  let count = 0;
  drawn.refused = 0;
  for (let i = low; i < high; ++i) {
    if (!shown.lines[i]) continue;
    drawn.refused += lines.refused[i];
    if (lines.host[i] >= 0) ++count;
  }
  linesStatus.inView = count;
  linesStatus.labelled = 0;
  if (count > linesSingleMax) return drawLineBins(low, high);
  const inView = [];
  for (let i = low; i < high; ++i) if (shown.lines[i] && lines.host[i] >= 0) inView.push(i);
  for (const i of inView) drawDot(i);
  labelLines(inView);
}

function dotY(i) {
  return view.laneOf[lines.host[i]].y + (lines.kind[i] === logKind ? 13 : 9);
}

function drawDot(i) {
  const context = view.context;
  const x = view.x(lines.at[i]), y = dotY(i);
  context.globalAlpha = lineIsDim(i) ? 0.15 : 1;
  drawn.dots.push({ type: 'line', index: i, x, y });
  if (isSelected('line', i) || search.lines.has(i)) {
    context.fillStyle = view.colours.hit;
    context.beginPath();
    context.arc(x, y, 7, 0, 7);
    context.fill();
  }
  if (lines.refused[i]) {
    drawRefusal(x, y, lineIsDim(i) ? 0.15 : 1);
  } else if (lines.kind[i] === logKind) {
    context.fillStyle = view.colours['l' + Math.min(4, lines.level[i])];
    context.beginPath();
    context.arc(x, y, lines.level[i] >= 3 ? 4 : 3, 0, 7);
    context.fill();
  } else {
    context.fillStyle = view.colours.muted;
    context.fillRect(x - 0.5, y - 3, 1, 6);
  }
  context.globalAlpha = 1;
}

// A column of three pixels for many lines, as high as they are many, in the colour of the worst.
function drawLineBins(low, high) {
  const columns = Math.ceil((view.width - view.left) / 3) + 1;
  const count = new Uint32Array(columns * hosts.length), worst = new Uint8Array(columns * hosts.length);
  const [from] = view.x.domain();
  const scale = (view.x.range()[1] - view.left) / (3 * spanInView());
  for (let i = low; i < high; ++i) {
    if (!shown.lines[i] || lines.host[i] < 0) continue;
    const cell = lines.host[i] * columns + Math.floor((lines.at[i] - from) * scale);
    ++count[cell];
    const level = lines.refused[i] ? 4 : lines.kind[i] === logKind ? lines.level[i] : 0;
    if (level > worst[cell]) worst[cell] = level;
  }
  const context = view.context;
  for (const lane of view.lanes) {
    for (let column = 0; column < columns; ++column) {
      const cell = lane.host * columns + column;
      if (count[cell] === 0) continue;
      const x = view.left + column * 3;
      const height = Math.min(lane.height / 2 - 14, 3 + 3 * Math.log2(count[cell]));
      context.fillStyle = view.colours['l' + Math.min(4, worst[cell])];
      context.fillRect(x, lane.y + 9, 2, height);
      drawn.dots.push({ type: 'lines', count: count[cell], x, y: lane.y + 9 + height / 2 });
    }
  }
}

// The texts, worst first, in rows under the lane: only where nothing else stands.
function labelLines(inView) {
  if (inView.length > 1500) return;
  const all = inView.length < 120;
  const weight = i => (isSelected('line', i) ? 20 : 0) + (search.lines.has(i) ? 10 : 0) + (lines.refused[i] ? 6 : 0) +
    (lines.kind[i] === logKind ? 1 + lines.level[i] : 0);
  const wanted = inView.filter(i => (all || lines.kind[i] === logKind || lines.refused[i]) && !lineIsDim(i));
  wanted.sort((a, b) => weight(b) - weight(a) || a - b);
  const taken = new Map();
  for (const i of wanted) labelLine(i, taken);
}

function labelLine(i, taken) {
  const context = view.context;
  const lane = view.laneOf[lines.host[i]];
  const rows = Math.floor((lane.height / 2 - 24) / 13);
  const x = view.x(lines.at[i]) + 6;
  if (!taken.has(lane)) taken.set(lane, Array.from({ length: Math.max(0, rows) }, () => []));
  const text = lines.text[i].length > 90 ? lines.text[i].slice(0, 89) + '…' : lines.text[i];
  const end = x + widthOf(text) + 8;
  if (end > view.width - view.right) return;
  for (const [row, spans] of taken.get(lane).entries()) {
    if (spans.some(span => span[0] < end && x - 8 < span[1])) continue;
    spans.push([x - 8, end]);
    const y = lane.y + 28 + row * 13;
    context.strokeStyle = view.colours.faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x - 6, lane.y + 17);
    context.lineTo(x - 6, y - 3);
    context.lineTo(x - 1, y - 3);
    context.stroke();
    const log = lines.kind[i] === logKind;
    const ink = log && lines.level[i] >= 3 ? 'l' + Math.min(4, lines.level[i]) : log ? 'ink' : 'muted';
    writeOver(text, x + 1, y, view.colours[ink]);
    ++linesStatus.labelled;
    return;
  }
}

function drawViolation() {
  if (!data.violation) return;
  const context = view.context;
  const x = view.x(data.violation.at);
  if (x < view.left - 2 || x > view.width) return;
  context.fillStyle = view.colours.violation;
  context.fillRect(x - 1, 0, 2, view.height);
  const text = '✖ ' + data.violation.invariant;
  const width = widthOf(text) + 12;
  const left = Math.min(x, view.width - view.right - width);
  context.fillRect(left, 2, width, 17);
  context.fillStyle = '#fff';
  context.font = font;
  context.fillText(text, left + 6, 14);
}
