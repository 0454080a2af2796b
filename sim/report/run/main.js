// The page: puts it together.

function changed() {
  refilter();
  fillStory();
  layOut();
  if (byId('search').value.trim() !== '') runSearch();
  showDetails();
  drawOverview();
  redraw();
}

function checkbox(label, swatch, checked, change) {
  const made = element('label', 'choice');
  const box = element('input');
  box.type = 'checkbox';
  box.checked = checked;
  box.addEventListener('change', () => {
    change(box.checked);
    changed();
  });
  made.append(box);
  if (swatch) {
    const mark = element('span', 'swatch');
    mark.style.background = `var(--${swatch})`;
    made.append(mark);
  }
  made.append(element('span', '', label));
  return made;
}

function fillFilters() {
  const hostBox = byId('hosts'), kindBox = byId('kinds'), lineBox = byId('lines');
  hosts.forEach((host, index) => hostBox.append(checkbox(host.name, '', true, on => { state.hosts[index] = on; })));
  packetKinds.forEach((name, kind) => {
    if (!packets.kind.includes(kind)) return;
    kindBox.append(checkbox(name, 'k' + kind, true, on => { state.packetKinds[kind] = on; }));
  });
  kindBox.append(checkbox('faults', 'band', true, on => { state.faults = on; }));
  data.line_kinds.forEach((name, kind) => {
    if (!lines.kind.includes(kind)) return;
    lineBox.append(checkbox(name, '', true, on => { state.lineKinds[kind] = on; }));
  });
  byId('level').addEventListener('change', event => {
    state.level = Number(event.target.value);
    changed();
  });
}

function nearSpan() {
  return Math.min(runEnd, Math.max(runEnd / 40, 5e8));
}

function showViolation() {
  if (!data.violation) return;
  showTime(data.violation.at, nearSpan());
  select({ type: 'violation', index: 0 });
}

function fillHead() {
  const verdict = data.violation ? 'broke' : 'held';
  document.title = `${data.world}, seed ${data.seed}: ${verdict}`;
  byId('world').textContent = data.world;
  byId('seed').textContent = 'seed ' + data.seed;
  byId('verdict').textContent = verdict;
  byId('verdict').className = 'verdict ' + verdict;
  byId('facts').textContent = `${grouped(data.trace.events)} events, ${grouped(counts.arrows)} packets ` +
    `(${grouped(counts.lost)} lost), ${grouped(counts.refused)} connects refused, ${grouped(counts.faults)} faults, ` +
    `${timeText(runEnd, 1e7)}, trace hash ${data.hash}`;
  byId('replay').textContent = data.replay;
  byId('replay').hidden = data.replay === '';
  byId('truncated').hidden = !data.truncated;
  if (!data.violation) return;
  byId('violation').hidden = false;
  byId('invariant').textContent = data.violation.invariant;
  byId('violation-at').textContent = timeText(data.violation.at);
  byId('detail').textContent = data.violation.detail;
  byId('violation').addEventListener('click', showViolation);
}

function startButtons() {
  byId('whole').addEventListener('click', () => showSpan(0, runEnd));
  byId('nearer').addEventListener('click', () => zoomBy(1.6));
  byId('farther').addEventListener('click', () => zoomBy(1 / 1.6));
  byId('print').addEventListener('click', () => window.print());
}

function startPaper() {
  const fill = () => {
    layOut();
    fillPrint();
    draw();
  };
  window.addEventListener('beforeprint', fill);
  window.addEventListener('afterprint', fill);
  onPaper.addEventListener('change', fill);
}

function start() {
  window.piccolo = { counts, drawn, view, state, frames: [], showSpan, ready: false };
  fillHead();
  fillFilters();
  refilter();
  themes.listeners.push(() => {
    readColours();
    if (view.width > 0) {
      drawOverview();
      redraw();
    }
  });
  startThemes();
  startZoom();
  startPicking();
  startStory();
  startSearch();
  startOverview();
  startKeys();
  startButtons();
  startPaper();
  fillStory();
  layOut();
  layOutOverview();
  showDetails();
  startAddress();
  if (!readAddress()) {
    if (data.violation) showTime(data.violation.at, nearSpan());
    else showSpan(0, runEnd);
  }
  new ResizeObserver(() => {
    layOut();
    layOutOverview();
  }).observe(view.scroller);
  draw();
  window.piccolo.ready = true;
}

start();
