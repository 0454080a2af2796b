// The picture: arrows. What lies on the lanes is in marks.js.

const drawn = { single: 0, inBins: 0, bins: 0, most: 0, step: 0, segments: [], dots: [], bands: [], signs: [], refused: 0 };

function draw() {
  const began = performance.now();
  const context = view.context;
  const [from, until] = view.x.domain();
  context.clearRect(0, 0, view.width, view.height);
  drawn.segments = [];
  drawn.dots = [];
  drawn.signs = [];
  context.save();
  context.beginPath();
  context.rect(view.left, 0, view.width - view.left - view.right, view.height);
  context.clip();
  drawBands();
  drawLanes();
  drawArrows(from, until);
  labelBands();
  for (const sign of drawn.signs) sign();
  context.globalAlpha = 1;
  drawLines(from, until);
  drawViolation();
  context.restore();
  drawLaneNames();
  drawAxis();
  drawStatus();
  pick.tree = null;
  window.piccolo.frames.push(performance.now() - began);
  if (window.piccolo.frames.length > 1000) window.piccolo.frames.shift();
}

function drawArrows(from, until) {
  const low = lowerBound(packets.latest, from);
  const high = lowerBound(packets.at, until + 1);
  Object.assign(drawn, { single: 0, inBins: 0, bins: 0, most: 0, step: 0 });
  if (moreThan(singleArrowsMax, low, high, from)) {
    drawBins(from, until);
  } else {
    drawSingles(low, high, from);
  }
}

// One packet that is held for long is no reason to draw others as bins.
function moreThan(most, low, high, from) {
  let count = 0;
  for (let i = low; i < high; ++i) {
    if (shown.packets[i] && packets.ended[i] >= from && ++count > most) return true;
  }
  return false;
}

// Arrows of one look are stroked at once: that is what keeps a pan smooth.
function styleOf(i) {
  const bits = packets.bits[i];
  const dash = bits & bit.duplicate ? 2 : bits & bit.again ? 1 : 0;
  return packets.kind[i] * 12 + dash * 4 + (packetIsDim(i) ? 1 : 0) + (isMarked(i) ? 2 : 0);
}

function isMarked(i) {
  return isSelected('packet', i) || (state.following !== null && state.following.what === 'message' &&
                                     state.following.members.has(i)) || search.packets.has(i);
}

function drawSingles(low, high, from) {
  const groups = new Map();
  for (let i = low; i < high; ++i) {
    if (!shown.packets[i] || packets.ended[i] < from) continue;
    const segment = segmentOf(i);
    drawn.segments.push(segment);
    ++drawn.single;
    const style = styleOf(i);
    if (!groups.has(style)) groups.set(style, new Path2D());
    addArrow(groups.get(style), segment, packets.fate[i] === Fate.arrived);
    addSigns(i, segment, packetIsDim(i) ? 0.15 : 1);
  }
  for (const [style, path] of [...groups].sort((a, b) => (b[0] & 1) - (a[0] & 1))) strokeGroup(style, path);
  view.context.globalAlpha = 1;
}

// What became of a packet, to be drawn over the texts of the bands.
function addSigns(i, { x2, y2 }, alpha) {
  if (packets.fate[i] === Fate.lost) drawn.signs.push(() => drawCross(x2, y2, 4, alpha));
  if (packets.fate[i] === Fate.underWay) drawn.signs.push(() => drawRing(x2, y2, view.colours.muted, alpha));
  if (packets.bits[i] & bit.refuses) drawn.signs.push(() => drawRefusal(x2, y2, alpha));
}

function strokeGroup(style, path) {
  const context = view.context;
  const dash = Math.floor((style % 12) / 4);
  context.globalAlpha = style & 1 ? 0.12 : 0.9;
  context.setLineDash(dash === 2 ? [1.5, 3] : dash === 1 ? [6, 3] : []);
  if (style & 2) {
    context.strokeStyle = view.colours.hit;
    context.lineWidth = 6;
    context.globalAlpha = 0.55;
    context.stroke(path);
    context.globalAlpha = 1;
  }
  context.strokeStyle = view.colours['k' + Math.floor(style / 12)];
  context.lineWidth = style & 2 ? 2.2 : 1.25;
  context.stroke(path);
  context.setLineDash([]);
}

// From the sender's lane to the receiver's; what is lost ends on its way.
function segmentOf(i) {
  const a = view.laneOf[packets.from[i]], b = view.laneOf[packets.to[i]];
  const loop = a === b;
  const down = b.y > a.y ? 1 : -1;
  const x1 = view.x(packets.at[i]), x2 = view.x(packets.ended[i]);
  const y1 = loop ? a.y - laneGap : a.y + down * laneGap, y2 = loop ? a.y - laneGap : b.y - down * laneGap;
  const share = packets.fate[i] === Fate.arrived ? 1 : 0.6;
  return { type: 'packet', index: i, x1, y1, x2, y2: loop && share < 1 ? y1 - 18 : y1 + (y2 - y1) * share, loop };
}

const laneGap = 7;

function addArrow(path, segment, head) {
  const { x1, y1, x2, y2 } = segment;
  if (segment.loop) {
    path.moveTo(x1, y1);
    path.quadraticCurveTo((x1 + x2) / 2, y1 - 36, x2, y2);
    if (head) addHead(path, x2, y2, Math.PI / 3);
    return;
  }
  const [from, until] = shareInView(x1, x2);
  path.moveTo(x1 + (x2 - x1) * from, y1 + (y2 - y1) * from);
  path.lineTo(x1 + (x2 - x1) * until, y1 + (y2 - y1) * until);
  if (head && until === 1) addHead(path, x2, y2, Math.atan2(y2 - y1, x2 - x1));
}

// Which part of a line is worth drawing: dashes cost time even where nobody sees them.
function shareInView(x1, x2) {
  const left = view.left - 100, right = view.width + 100;
  if (x2 - x1 < right - left) return [0, 1];
  return [Math.max(0, (left - x1) / (x2 - x1)), Math.min(1, (right - x1) / (x2 - x1))];
}

function addHead(path, x, y, angle) {
  const size = 6;
  path.moveTo(x - size * Math.cos(angle - 0.45), y - size * Math.sin(angle - 0.45));
  path.lineTo(x, y);
  path.lineTo(x - size * Math.cos(angle + 0.45), y - size * Math.sin(angle + 0.45));
}

function drawCross(x, y, size, alpha) {
  const context = view.context;
  context.globalAlpha = alpha;
  context.strokeStyle = view.colours.lost;
  context.lineWidth = 1.8;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x - size, y + size);
  context.lineTo(x + size, y - size);
  context.stroke();
}

function drawRing(x, y, stroke, alpha) {
  const context = view.context;
  context.globalAlpha = alpha;
  context.strokeStyle = stroke;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 4, 0, 7);
  context.stroke();
}

function drawRefusal(x, y, alpha) {
  const context = view.context;
  context.globalAlpha = alpha;
  context.fillStyle = view.colours.paper;
  context.beginPath();
  context.arc(x, y, 5.5, 0, 7);
  context.fill();
  drawRing(x, y, view.colours.k4, alpha);
  context.beginPath();
  context.moveTo(x - 3, y + 3);
  context.lineTo(x + 3, y - 3);
  context.stroke();
  context.globalAlpha = 1;
}

function drawBins(from, until) {
  const step = binStep(until - from, view.width - view.left - view.right);
  const made = binsOf(step);
  const low = lowerBound(made.at, from - step), high = lowerBound(made.at, until + 1);
  drawn.step = step;
  for (let place = low; place < high; ++place) {
    const bin = made.list[place];
    drawn.segments.push(binSegment(bin, step));
    drawn.inBins += bin.count;
    drawn.most = Math.max(drawn.most, bin.count);
    ++drawn.bins;
  }
  strokeBins();
}

function binSegment(bin, step) {
  const a = view.laneOf[bin.from], b = view.laneOf[bin.to];
  const loop = a === b;
  const down = b.y > a.y ? 1 : -1;
  const took = bin.arrived > 0 ? bin.took / bin.arrived : 0;
  // Left of the middle one way, right of it the other, that the two do not lie on each other.
  const x1 = view.x(bin.at + step * (down > 0 ? 0.35 : 0.65));
  const x2 = Math.min(x1 + 60, view.x(bin.at + step * (down > 0 ? 0.35 : 0.65) + took));
  const y1 = loop ? a.y - laneGap : a.y + down * laneGap;
  return { type: 'bin', bin, x1, y1, x2, y2: loop ? y1 : b.y - down * laneGap, loop };
}

function strokeBins() {
  const context = view.context;
  const paths = new Map();
  for (const segment of drawn.segments) {
    const bin = segment.bin;
    const weight = Math.min(4, Math.floor(Math.log2(bin.count) / 1.5));
    const key = mainKind(bin) * 16 + weight * 2 + (bin.followed === 0 ? 1 : 0);
    if (!paths.has(key)) paths.set(key, new Path2D());
    addArrow(paths.get(key), segment, true);
  }
  for (const [key, path] of paths) {
    const weight = (key >> 1) & 7;
    context.globalAlpha = key & 1 ? 0.06 : 0.42;
    context.strokeStyle = view.colours['k' + (key >> 4)];
    context.lineWidth = 1 + weight * 0.9;
    context.stroke(path);
  }
  for (const segment of drawn.segments) {
    if (segment.bin.lost === 0) continue;
    const share = segment.bin.lost / segment.bin.count;
    const alpha = segment.bin.followed === 0 ? 0.1 : 0.45 + 0.55 * share;
    const size = 2.5 + Math.min(2, Math.log2(segment.bin.lost) / 3);
    drawCross(segment.x1, segment.y1 + (segment.y2 - segment.y1) * 0.6, size, alpha);
  }
  context.globalAlpha = 1;
}

function drawAxis() {
  const axis = d3.axisTop(view.x).ticks(Math.max(2, Math.floor(view.width / 130))).tickSizeOuter(0);
  const ticks = view.x.ticks(Math.max(2, Math.floor(view.width / 130)));
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : spanInView();
  axis.tickFormat(at => timeText(at, Math.max(1, step)));
  d3.select('#axis').attr('viewBox', `0 0 ${view.width} 26`).attr('width', view.width).select('g').attr('transform', 'translate(0,25)').call(axis);
}

function drawStatus() {
  const [from, until] = view.x.domain();
  const step = (until - from) / 1000;
  const parts = [`${timeText(from, step)} to ${timeText(until, step)} (${durationText(Math.round(until - from))})`];
  if (drawn.bins > 0) {
    parts.push(`${grouped(drawn.inBins)} packets sent in this time, drawn as ${grouped(drawn.bins)} arrows, one for each pair of hosts and ` +
               `${durationText(drawn.step)}; the thickest stands for ${grouped(drawn.most)}`);
  } else {
    parts.push(`${grouped(drawn.single)} packets, an arrow each`);
  }
  const hidden = packets.count - shown.before[packets.count];
  if (hidden > 0) parts.push(`${grouped(hidden)} of ${grouped(packets.count)} in the run are hidden by the filter`);
  parts.push(lineStatus());
  byId('status').textContent = parts.join(' · ');
}
