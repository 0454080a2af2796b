// Too many arrows to tell apart are drawn as bins: what went from one host to another within a
// step of time is one arrow, that knows for how many it stands.

const bins = { version: -1, levels: new Map() };
const singleArrowsMax = 1500;

function binStep(spanNs, pixels) {
  return 2 ** Math.ceil(Math.log2(Math.max(1, (spanNs / pixels) * 16)));
}

function emptyBin(at, from, to) {
  return { at, from, to, count: 0, lost: 0, refuses: 0, again: 0, followed: 0, took: 0, arrived: 0, hit: 0,
           kinds: new Uint32Array(packetKinds.length) };
}

function addToBin(bin, i) {
  ++bin.count;
  ++bin.kinds[packets.kind[i]];
  if (packets.fate[i] === Fate.lost) ++bin.lost;
  if (packets.fate[i] === Fate.arrived) {
    ++bin.arrived;
    bin.took += packets.ended[i] - packets.at[i];
  }
  if (packets.bits[i] & bit.refuses) ++bin.refuses;
  if (packets.bits[i] & bit.again) ++bin.again;
  if (!packetIsDim(i)) ++bin.followed;
}

function makeBins(step) {
  const found = new Map();
  for (let i = 0; i < packets.count; ++i) {
    if (!shown.packets[i]) continue;
    const number = Math.floor(packets.at[i] / step);
    const key = (number * hosts.length + packets.from[i]) * hosts.length + packets.to[i];
    let bin = found.get(key);
    if (!bin) found.set(key, bin = emptyBin(number * step, packets.from[i], packets.to[i]));
    addToBin(bin, i);
  }
  const list = [...found.values()];
  return { list, at: Float64Array.from(list, bin => bin.at) };
}

// The bins of the whole run for a step, made once.
function binsOf(step) {
  if (bins.version !== state.version || bins.following !== state.following) {
    bins.levels.clear();
    bins.version = state.version;
    bins.following = state.following;
  }
  let made = bins.levels.get(step);
  if (!made) bins.levels.set(step, made = makeBins(step));
  return made;
}

function mainKind(bin) {
  let best = 0;
  for (let kind = 1; kind < packetKinds.length; ++kind) if (bin.kinds[kind] > bin.kinds[best]) best = kind;
  return best;
}

function binText(bin, step) {
  const words = [`${hosts[bin.from].name} → ${hosts[bin.to].name}: ${grouped(bin.count)} packets`];
  words.push(`${timeText(bin.at, step / 10)} to ${timeText(bin.at + step, step / 10)}`);
  bin.kinds.forEach((count, kind) => count > 0 && words.push(`${grouped(count)} ${packetKinds[kind]}`));
  if (bin.lost > 0) words.push(`${grouped(bin.lost)} lost`);
  if (bin.again > 0) words.push(`${grouped(bin.again)} retransmitted`);
  if (bin.refuses > 0) words.push(`${grouped(bin.refuses)} refused`);
  return words.join('\n');
}
