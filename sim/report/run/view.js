// Which part of the run is in view, and where it lies on the screen.

const view = {
  canvas: byId('canvas'), scroller: byId('scroller'), context: byId('canvas').getContext('2d'),
  width: 0, height: 0, left: 118, right: 26, top: 22,
  lanes: [],  // {host, y, top, height}
  laneOf: [],  // by host; undefined when hidden
  base: d3.scaleLinear(), x: d3.scaleLinear(),
  colours: {}, pending: false, listeners: [],
};

// On paper, what an A4 page on its side has room for under the head.
const paperSize = { width: 1030, height: 470 };

function layOut() {
  const paper = onPaper.matches || themes.printing;
  view.width = paper ? paperSize.width : view.scroller.clientWidth;
  const room = paper ? paperSize.height : view.scroller.clientHeight;
  const visible = hosts.map((host, index) => index).filter(index => state.hosts[index]);
  const each = Math.max(66, Math.min(190, (room - view.top - 6) / Math.max(1, visible.length)));
  view.laneOf = [];
  view.lanes = visible.map((host, place) => {
    const top = view.top + place * each;
    const lane = { host, top, height: each, y: Math.round(top + each * 0.5) };
    view.laneOf[host] = lane;
    return lane;
  });
  view.height = Math.max(room, Math.ceil(view.top + each * visible.length + 6));
  const ratio = window.devicePixelRatio || 1;
  view.canvas.width = Math.round(view.width * ratio);
  view.canvas.height = Math.round(view.height * ratio);
  view.canvas.style.width = view.width + 'px';
  view.canvas.style.height = view.height + 'px';
  view.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const span = keptSpan();
  const range = [view.left, Math.max(view.left + 50, view.width - view.right)];
  view.base.domain([0, runEnd]).range(range);
  view.x.range(range);
  zoom.extent([[range[0], 0], [range[1], view.height]]).translateExtent([[range[0], 0], [range[1], view.height]]);
  zoom.scaleExtent([1, Math.max(1, runEnd / 500)]);
  showSpan(span[0], span[1]);
}

function keptSpan() {
  const domain = view.x.domain();
  return view.placed ? domain : [0, runEnd];
}

const zoom = d3.zoom().filter(() => !d3.event.ctrlKey || d3.event.type === 'wheel')
  .on('zoom', () => {
    view.x.domain(d3.event.transform.rescaleX(view.base).domain());
    view.placed = true;
    redraw();
    for (const listener of view.listeners) listener();
  });

function showSpan(from, until) {
  const span = Math.min(runEnd, Math.max(500, until - from));
  const begin = Math.max(0, Math.min(runEnd - span, from));
  const scale = runEnd / span;
  const transform = d3.zoomIdentity.translate(view.base.range()[0] - scale * view.base(begin), 0).scale(scale);
  d3.select(view.canvas).call(zoom.transform, transform);
}

function spanInView() {
  const [from, until] = view.x.domain();
  return until - from;
}

// Goes there, and comes nearer only when the view is wide.
function showTime(at, spanMax = Infinity) {
  const span = Math.min(spanInView(), spanMax);
  showSpan(at - span / 2, at + span / 2);
}

function isInView(at) {
  const [from, until] = view.x.domain();
  return from <= at && at <= until;
}

function pan(share) {
  const [from, until] = view.x.domain();
  const way = (until - from) * share;
  showSpan(from + way, until + way);
}

function zoomBy(factor) {
  const [from, until] = view.x.domain();
  const anchor = state.selected && isInView(timeOf(state.selected)) ? timeOf(state.selected) : (from + until) / 2;
  showSpan(anchor - (anchor - from) / factor, anchor + (until - anchor) / factor);
}

// Wheels that go sideways pan; d3-zoom takes the others.
function startZoom() {
  view.canvas.addEventListener('wheel', event => {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (!event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pan(sideways / view.width);
  }, { passive: false });
  d3.select(view.canvas).call(zoom).on('dblclick.zoom', null);
}

function redraw() {
  if (view.pending) return;
  view.pending = true;
  requestAnimationFrame(() => {
    view.pending = false;
    draw();
  });
}

function readColours() {
  const names = ['paper', 'ink', 'muted', 'faint', 'lane', 'band', 'band-text', 'violation', 'lost', 'select', 'hit',
                 'process', 'client', 'down', 'k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'l0', 'l1', 'l2', 'l3', 'l4'];
  for (const name of names) view.colours[name] = colour(name);
}
