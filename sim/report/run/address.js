// The address names what is selected and the part in view: #e=12345, #t=1.2s,3.4s, or both.

const address = { written: '' };

function addressOf() {
  const words = [];
  const item = state.selected;
  if (item?.type === 'packet') words.push('e=' + packets.event[item.index]);
  if (item?.type === 'line') words.push('e=' + lines.event[item.index], 'line=' + item.index);
  if (item?.type === 'fault') words.push('fault=' + item.index);
  if (item?.type === 'violation') words.push('violation');
  const [from, until] = view.x.domain();
  if (spanInView() < runEnd * 0.9999) words.push(`t=${timeText(from)},${timeText(until)}`);
  return words.length > 0 ? '#' + words.join('&') : '';
}

function writeAddress() {
  const text = addressOf();
  if (text === address.written) return;
  address.written = text;
  history.replaceState(null, '', text || location.href.split('#')[0]);
}

// A drag would write it a hundred times a second, which browsers refuse.
let addressWaiting = 0;
function writeAddressSoon() {
  clearTimeout(addressWaiting);
  addressWaiting = setTimeout(writeAddress, 250);
}

// What the event is of: the packet that it sent or ended, or the lines that it led to, or else what
// was last before it.
function itemOfEvent(event) {
  const sent = lowerBound(packets.event, event);
  if (packets.event[sent] === event) return { type: 'packet', index: sent };
  const ended = packets.endedEvent.findIndex((other, i) => other === event && packets.fate[i] !== Fate.underWay);
  if (ended >= 0) return { type: 'packet', index: ended };
  const line = lowerBound(lines.event, event);
  if (lines.event[line] === event) return { type: 'line', index: line };
  if (line > 0 && (sent === 0 || lines.event[line - 1] >= packets.event[sent - 1])) return { type: 'line', index: line - 1 };
  return sent > 0 ? { type: 'packet', index: sent - 1 } : null;
}

function numberIn(words, name, count) {
  const number = words.has(name) && /^\d+$/.test(words.get(name)) ? Number(words.get(name)) : -1;
  return number >= 0 && number < count ? number : -1;
}

function itemIn(words) {
  const line = numberIn(words, 'line', lines.count);
  if (line >= 0) return { type: 'line', index: line };
  const fault = numberIn(words, 'fault', data.faults.length);
  if (fault >= 0) return { type: 'fault', index: fault };
  if (words.has('violation') && data.violation) return { type: 'violation', index: 0 };
  const event = numberIn(words, 'e', Infinity);
  return event >= 0 ? itemOfEvent(event) : null;
}

// Returns whether the address said anything.
function readAddress() {
  const words = new URLSearchParams(location.hash.slice(1));
  const item = itemIn(words);
  const times = (words.get('t') ?? '').split(',').map(parseTime);
  const span = times.length === 2 && times[0] < times[1];
  if (span) showSpan(times[0], times[1]);
  if (item) {
    if (!span) showTime(timeOf(item), nearSpan());
    select(item, { move: true });
  }
  return span || item !== null;
}

function startAddress() {
  window.addEventListener('hashchange', () => {
    if (location.hash !== address.written) readAddress();
  });
  view.listeners.push(writeAddressSoon);
}
