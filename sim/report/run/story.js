// The story: a list of all lines that are shown, of which only those on the screen are elements.

const story = { rows: [], rowHeight: 21, list: byId('story'), space: byId('story-space'), syncing: false, pending: false };

function fillStory() {
  story.rows = [];
  for (let i = 0; i < lines.count; ++i) {
    if (shown.lines[i] && !(state.following?.what === 'stream' && lineIsDim(i))) story.rows.push(i);
  }
  story.times = Float64Array.from(story.rows, i => lines.at[i]);
  story.space.style.height = story.rows.length * story.rowHeight + 'px';
  byId('story-count').textContent = `${grouped(story.rows.length)} lines`;
  showStory();
}

function rowOf(place) {
  const i = story.rows[place];
  const row = element('div', 'row');
  row.setAttribute('role', 'option');
  row.setAttribute('aria-setsize', story.rows.length);
  row.setAttribute('aria-posinset', place + 1);
  row.id = 'line-' + i;
  row.dataset.line = i;
  row.style.top = place * story.rowHeight + 'px';
  if (isInView(lines.at[i])) row.classList.add('in-view');
  if (isSelected('line', i)) {
    row.classList.add('selected');
    row.setAttribute('aria-selected', 'true');
  }
  if (search.lines.has(i)) row.classList.add('hit');
  const kind = data.line_kinds[lines.kind[i]];
  row.classList.add('of-' + kind);
  if (kind === 'log') row.classList.add('level-' + levels[lines.level[i]]);
  row.append(element('span', 'at', timeText(lines.at[i], 1e3)), element('span', 'who', processName(i)),
             element('span', 'what', lines.text[i]));
  row.title = lines.text[i];
  return row;
}

function showStory() {
  const first = Math.max(0, Math.floor(story.list.scrollTop / story.rowHeight) - 3);
  const last = Math.min(story.rows.length, first + Math.ceil(story.list.clientHeight / story.rowHeight) + 7);
  const rows = [];
  for (let place = first; place < last; ++place) rows.push(rowOf(place));
  story.space.replaceChildren(...rows);
  const selected = state.selected?.type === 'line' ? 'line-' + state.selected.index : '';
  if (selected) story.list.setAttribute('aria-activedescendant', selected);
  else story.list.removeAttribute('aria-activedescendant');
}

function showStorySoon() {
  if (story.pending) return;
  story.pending = true;
  requestAnimationFrame(() => {
    story.pending = false;
    showStory();
  });
}

function scrollStoryTo(place) {
  const top = Math.max(0, place * story.rowHeight);
  if (Math.abs(story.list.scrollTop - top) >= 1) story.list.scrollTop = top;
  showStorySoon();
}

// The list goes where the picture goes, unless the reader is in the list. A few times a second: its
// layout would cost more of each frame of a pan than the picture.
const syncEvery = 120;

function syncStorySoon() {
  if (story.syncing) return;
  story.syncing = true;
  setTimeout(() => {
    story.syncing = false;
    syncStory();
  }, syncEvery);
}

function syncStory() {
  if (story.list.matches(':hover') || document.activeElement === story.list) return showStorySoon();
  const selected = state.selected?.type === 'line' && isInView(timeOf(state.selected));
  const place = selected ? placeOf(state.selected.index) - 4 : lowerBound(story.times, view.x.domain()[0]);
  scrollStoryTo(place);
}

function placeOf(line) {
  return d3.bisectLeft(story.rows, line);
}

function markStory() {
  if (state.selected?.type === 'line') {
    const place = placeOf(state.selected.index);
    const top = place * story.rowHeight;
    if (top < story.list.scrollTop || top + story.rowHeight > story.list.scrollTop + story.list.clientHeight) {
      scrollStoryTo(place - 4);
    }
  }
  showStorySoon();
}

function stepInStory(way) {
  const at = state.selected?.type === 'line' ? placeOf(state.selected.index) + way
                                             : lowerBound(story.times, view.x.domain()[0]);
  const line = story.rows[Math.max(0, Math.min(story.rows.length - 1, at))];
  if (line !== undefined) select({ type: 'line', index: line }, { move: true });
}

function startStory() {
  story.list.addEventListener('scroll', showStorySoon, { passive: true });
  story.list.addEventListener('click', event => {
    const row = event.target.closest('.row');
    if (row) select({ type: 'line', index: Number(row.dataset.line) }, { move: true });
  });
  story.list.addEventListener('keydown', event => {
    const way = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    stepInStory(way);
  });
  view.listeners.push(syncStorySoon);
}

// On paper: the lines in view, as a table.
const printedMax = 3000;

function fillPrint() {
  const [from, until] = view.x.domain();
  const inView = story.rows.filter(i => from <= lines.at[i] && lines.at[i] <= until);
  const table = byId('print-story');
  table.replaceChildren();
  for (const i of inView.slice(0, printedMax)) {
    const row = table.insertRow();
    for (const text of [timeText(lines.at[i], 1e3), processName(i), lines.text[i]]) row.insertCell().textContent = text;
  }
  byId('print-note').textContent = `${timeText(from, 1e6)} to ${timeText(until, 1e6)}: ${grouped(inView.length)} lines` +
    (inView.length > printedMax ? `, of which these are the first ${grouped(printedMax)}` : '');
}
