// What lies under the pointer: a quadtree over points of all that was drawn, made when it is asked.

const pick = { tree: null };
const pointEvery = 40;
const reach = 7;

function pointsOf(segment) {
  const { x1, y1, x2, y2 } = segment;
  const [from, until] = segment.loop ? [0, 1] : shareInView(x1, x2);
  const steps = Math.max(1, Math.min(60, Math.ceil((Math.hypot(x2 - x1, y2 - y1) * (until - from)) / pointEvery)));
  return d3.range(steps + 1).map(step => {
    const share = from + ((until - from) * step) / steps;
    return { x: x1 + (x2 - x1) * share, y: y1 + (y2 - y1) * share - (segment.loop ? 18 : 0), item: segment };
  });
}

function makeTree() {
  const points = drawn.segments.flatMap(pointsOf);
  for (const dot of drawn.dots) points.push({ x: dot.x, y: dot.y, item: dot });
  pick.tree = d3.quadtree().x(point => point.x).y(point => point.y).addAll(points);
}

function distanceTo(item, point, x, y) {
  if (item.type === 'line' || item.type === 'lines' || item.loop) return Math.hypot(point.x - x, point.y - y) - 3;
  const dx = item.x2 - item.x1, dy = item.y2 - item.y1;
  const share = Math.max(0, Math.min(1, ((x - item.x1) * dx + (y - item.y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(item.x1 + share * dx - x, item.y1 + share * dy - y);
}

function itemAt(x, y) {
  if (!pick.tree) makeTree();
  let best = null, nearest = reach;
  const around = pointEvery / 2 + reach + 20;
  pick.tree.visit((node, x1, y1, x2, y2) => {
    if (x1 > x + around || x2 < x - around || y1 > y + around || y2 < y - around) return true;
    if (node.length) return false;
    for (let leaf = node; leaf; leaf = leaf.next) {
      const distance = distanceTo(leaf.data.item, leaf.data, x, y);
      if (distance < nearest) {
        nearest = distance;
        best = leaf.data.item;
      }
    }
    return false;
  });
  return best ?? violationAt(x) ?? bandAt(x, y);
}

function violationAt(x) {
  return data.violation && Math.abs(view.x(data.violation.at) - x) < 4 ? { type: 'violation', index: 0 } : null;
}

function bandAt(x, y) {
  const band = drawn.bands.filter(each => each.left - 2 <= x && x <= each.right + 2 && each.top <= y && y <= each.bottom)
    .sort((a, b) => a.right - a.left - (b.right - b.left))[0];
  return band ? { type: 'fault', index: band.index } : null;
}

function tipText(item) {
  if (item.type === 'packet') return `${packetText(item.index)}\n${timeText(packets.at[item.index])}`;
  if (item.type === 'bin') return binText(item.bin, drawn.step);
  if (item.type === 'lines') return `${grouped(item.count)} lines; come nearer to tell them apart`;
  if (item.type === 'line') return `${timeText(lines.at[item.index])} ${processName(item.index)}\n${lines.text[item.index]}`;
  if (item.type === 'violation') return data.violation.invariant;
  return data.faults[item.index].text;
}

function pointerIn(event) {
  const box = view.canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function showTip(event) {
  const [x, y] = pointerIn(event);
  const item = event.buttons === 0 && x > view.left ? itemAt(x, y) : null;
  const tip = byId('tip');
  tip.hidden = item === null;
  view.canvas.style.cursor = item ? 'pointer' : 'grab';
  if (!item) return;
  tip.textContent = tipText(item);
  const width = tip.offsetWidth, height = tip.offsetHeight;
  tip.style.left = Math.max(4, Math.min(window.innerWidth - width - 8, event.clientX + 14)) + 'px';
  tip.style.top = (event.clientY + 20 + height > window.innerHeight ? event.clientY - height - 12 : event.clientY + 18) + 'px';
}

function clickAt(event) {
  const [x, y] = pointerIn(event);
  if (x <= view.left) return;
  const item = itemAt(x, y);
  if (item && item.type === 'bin') return showSpan(item.bin.at - drawn.step, item.bin.at + 2 * drawn.step);
  if (item && item.type === 'lines') return showTime(view.x.invert(item.x), spanInView() / 8);
  select(item ? { type: item.type, index: item.index } : null);
}

function startPicking() {
  view.canvas.addEventListener('mousemove', showTip);
  view.canvas.addEventListener('mouseleave', () => { byId('tip').hidden = true; });
  view.canvas.addEventListener('click', clickAt);
}
