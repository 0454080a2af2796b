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
    context.fillText(fitted(host, view.left - 24), view.left - 12, lane.y + 1);
    context.font = font;
    context.fillStyle = view.colours.muted;
    const under = names.length === 1 && names[0] === host ? hosts[lane.host].v4 : names.join(', ');
    context.fillText(fitted(under, view.left - 20), view.left - 12, lane.y + 15);
  }
  context.textAlign = 'left';
}

// Bands of faults; their texts lie in rows at the top of the lane, where one is free.
function drawBands() {
  const context = view.context;
  const rows = new Map();
  drawn.bands = [];
  data.faults.forEach((fault, index) => {
    if (!faultIsShown(fault)) return;
    const left = view.x(fault.from), right = Math.max(left + 2, view.x(fault.until));
    if (right < view.left || left > view.width) return;
    const lanes = fault.hosts.length > 0 ? [...new Set(fault.hosts)].map(host => view.laneOf[host]) : view.lanes;
    for (const lane of lanes) {
      if (!lane) continue;
      context.fillStyle = view.colours.band;
      context.globalAlpha = isSelected('fault', index) ? 0.45 : 0.16;
      context.fillRect(left, lane.top + 1, right - left, lane.height - 2);
      context.globalAlpha = 0.8;
      context.fillRect(left, lane.top + 1, 1.5, lane.height - 2);
      context.globalAlpha = 1;
      drawn.bands.push({ index, left, right, top: lane.top, bottom: lane.top + lane.height });
      labelBand(fault, lane, Math.max(left, view.left), rows);
    }
  });
}

function labelBand(fault, lane, left, rows) {
  const context = view.context;
  const most = Math.max(1, Math.floor((lane.height / 2 - 20) / 13));
  if (!rows.has(lane)) rows.set(lane, []);
  const ends = rows.get(lane);
  for (let row = 0; row < most; ++row) {
    if ((ends[row] ?? -Infinity) > left) continue;
    const next = nextBand(fault, lane, left);
    const text = fitted(fault.text, Math.min(next, view.width - view.right) - left - 8);
    if (!text) return;
    context.font = font;
    context.fillStyle = view.colours['band-text'];
    context.fillText(text, left + 5, lane.top + 13 + row * 13);
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
const linesSingleMax = 4000;

function lineStatus() {
  return `${grouped(linesStatus.inView)} lines, ${grouped(linesStatus.labelled)} with their text on the lanes`;
}

function drawLines(from, until) {
  const low = lowerBound(lines.at, from), high = lowerBound(lines.at, until + 1);
  const inView = [];
  drawn.refused = 0;
  for (let i = low; i < high; ++i) {
    if (!shown.lines[i]) continue;
    if (lines.refused[i]) ++drawn.refused;
    if (lines.host[i] >= 0) inView.push(i);
  }
  linesStatus.inView = inView.length;
  if (inView.length > linesSingleMax) drawLineBins(inView);
  else for (const i of inView) drawDot(i);
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
function drawLineBins(inView) {
  const columns = new Map();
  for (const i of inView) {
    const x = Math.floor(view.x(lines.at[i]) / 3) * 3;
    const key = lines.host[i] * 65536 + x;
    const column = columns.get(key) ?? { x, host: lines.host[i], count: 0, level: 0, refused: 0 };
    ++column.count;
    column.refused += lines.refused[i];
    if (lines.kind[i] === logKind) column.level = Math.max(column.level, lines.level[i]);
    columns.set(key, column);
  }
  const context = view.context;
  for (const column of columns.values()) {
    const lane = view.laneOf[column.host];
    const height = Math.min(lane.height / 2 - 14, 3 + 3 * Math.log2(column.count));
    context.fillStyle = column.refused > 0 ? view.colours.k4 : view.colours['l' + Math.min(4, column.level)];
    context.fillRect(column.x, lane.y + 9, 2, height);
    drawn.dots.push({ type: 'lines', count: column.count, x: column.x, y: lane.y + 9 + height / 2 });
  }
}

// The texts, worst first, in rows under the lane: only where nothing else stands.
function labelLines(inView) {
  linesStatus.labelled = 0;
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
    context.font = font;
    context.lineWidth = 3;
    context.strokeStyle = view.colours.paper;
    context.strokeText(text, x + 1, y);
    context.fillStyle = lines.kind[i] === logKind ? view.colours.ink : view.colours.muted;
    if (lines.kind[i] === logKind && lines.level[i] >= 3) context.fillStyle = view.colours['l' + lines.level[i]];
    context.fillText(text, x + 1, y);
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
