// The keyboard.

const keys = [
  [['ArrowLeft'], '←', 'earlier', () => pan(-0.2)],
  [['ArrowRight'], '→', 'later', () => pan(0.2)],
  [['ArrowUp'], '↑', 'line before', () => stepInStory(-1)],
  [['ArrowDown'], '↓', 'next line', () => stepInStory(1)],
  [['+', '='], '+', 'nearer', () => zoomBy(1.6)],
  [['-'], '−', 'farther', () => zoomBy(1 / 1.6)],
  [['0'], '0', 'the whole run', () => showSpan(0, runEnd)],
  [['v'], 'v', 'the violation', () => showViolation()],
  [['/'], '/', 'search', () => byId('search').focus()],
  [['n'], 'n', 'next hit', () => nextHit(1)],
  [['N'], 'N', 'hit before', () => nextHit(-1)],
  [['m'], 'm', 'follow the message', () => followSelected('message')],
  [['f'], 'f', 'follow the stream', () => followSelected('stream')],
  [['d'], 'd', 'dark or light', () => switchTheme()],
  [['Escape'], 'Esc', 'leave: help, following, selection', () => leave()],
  [['?'], '?', 'this help', () => toggleHelp()],
];

function followSelected(what) {
  const item = state.selected;
  if (item?.type === 'packet') {
    follow(() => (what === 'message' ? followMessage(item.index) : followStream(packets.flow[item.index])));
  } else if (item?.type === 'line' && what === 'stream' && lines.flow[item.index] >= 0) {
    follow(() => followStream(lines.flow[item.index]));
  }
}

function toggleHelp() {
  const help = byId('help');
  if (help.open) help.close();
  else help.showModal();
}

function leave() {
  if (byId('help').open) return byId('help').close();
  if (state.following) return stopFollowing();
  select(null);
}

function isTyping(target) {
  return target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
}

function startKeys() {
  const list = byId('help-keys');
  for (const [, shown, what] of keys) list.append(element('dt', '', shown), element('dd', '', what));
  byId('help-button').addEventListener('click', toggleHelp);
  byId('help-close').addEventListener('click', toggleHelp);
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const found = keys.find(([names]) => names.includes(event.key));
    if (!found) return;
    event.preventDefault();
    found[3]();
  });
}
