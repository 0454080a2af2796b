// Search over lines, packets and faults: all that is shown.

const search = { hits: [], at: -1, lines: new Set(), packets: new Set(), waiting: 0 };

function findHits(query) {
  const hits = [];
  const wanted = query.toLowerCase();
  const add = (type, index, text) => {
    if (text.toLowerCase().includes(wanted)) hits.push({ type, index });
  };
  for (let i = 0; i < lines.count; ++i) if (shown.lines[i]) add('line', i, `${processName(i)} ${lines.text[i]}`);
  for (let i = 0; i < packets.count; ++i) {
    if (!shown.packets[i]) continue;
    add('packet', i, `${packetText(i)} ${endpointText(packets.source[i])} ${endpointText(packets.destination[i])}`);
  }
  data.faults.forEach((fault, index) => faultIsShown(fault) && add('fault', index, fault.text));
  const times = new Map(hits.map(hit => [hit, timeOf(hit)]));
  return hits.sort((a, b) => times.get(a) - times.get(b));
}

function runSearch() {
  const query = byId('search').value.trim();
  search.hits = query ? findHits(query) : [];
  search.lines = new Set(search.hits.filter(hit => hit.type === 'line').map(hit => hit.index));
  search.packets = new Set(search.hits.filter(hit => hit.type === 'packet').map(hit => hit.index));
  search.at = -1;
  showCount();
  showStorySoon();
  redraw();
  return query !== '';
}

function showCount() {
  const empty = byId('search').value.trim() === '';
  const place = search.at < 0 ? '' : `${grouped(search.at + 1)} of `;
  byId('hits').textContent = empty ? '' : search.hits.length === 0 ? 'nothing found' : place + grouped(search.hits.length);
}

// The next one after what is in view, then one after another.
function nextHit(way) {
  if (search.hits.length === 0) return;
  if (search.at < 0) {
    const from = view.x.domain()[0];
    const first = search.hits.findIndex(hit => timeOf(hit) >= from);
    search.at = first < 0 ? 0 : first;
  } else {
    search.at = (search.at + way + search.hits.length) % search.hits.length;
  }
  showCount();
  select(search.hits[search.at], { move: true });
}

function searchNow() {
  clearTimeout(search.waiting);
  if (runSearch()) nextHit(1);
}

function clearSearch() {
  byId('search').value = '';
  runSearch();
}

function startSearch() {
  const box = byId('search');
  box.addEventListener('input', () => {
    clearTimeout(search.waiting);
    search.waiting = setTimeout(searchNow, 150);
  });
  box.addEventListener('keydown', event => {
    if (event.key === 'Enter') {
      event.preventDefault();
      if (search.at < 0) searchNow();
      else nextHit(event.shiftKey ? -1 : 1);
    }
    if (event.key === 'Escape') {
      clearSearch();
      box.blur();
    }
    event.stopPropagation();
  });
  byId('next').addEventListener('click', () => nextHit(1));
  byId('previous').addEventListener('click', () => nextHit(-1));
}
