// What the reader chose, and what follows from it.

const state = {
  hosts: hosts.map(() => true),
  packetKinds: packetKinds.map(() => true),
  lineKinds: data.line_kinds.map(() => true),
  faults: true,
  level: 0,
  selected: null,  // {type: 'packet' | 'line' | 'fault' | 'violation', index}
  following: null,  // {what: 'stream' | 'message', flow, members: Set of packets}
  version: 0,  // of the choice of what is shown
};
const shown = {
  packets: new Uint8Array(packets.count).fill(1),
  before: new Uint32Array(packets.count + 1),  // how many shown packets come before each
  lines: new Uint8Array(lines.count).fill(1),
};
const logKind = data.line_kinds.indexOf('log');

function packetIsShown(i) {
  return state.packetKinds[packets.kind[i]] && state.hosts[packets.from[i]] && state.hosts[packets.to[i]];
}

function lineIsShown(i) {
  if (!state.lineKinds[lines.kind[i]]) return false;
  if (lines.kind[i] === logKind && lines.level[i] < state.level) return false;
  return lines.host[i] < 0 || state.hosts[lines.host[i]];
}

function refilter() {
  for (let i = 0; i < packets.count; ++i) {
    shown.packets[i] = packetIsShown(i) ? 1 : 0;
    shown.before[i + 1] = shown.before[i] + shown.packets[i];
  }
  for (let i = 0; i < lines.count; ++i) shown.lines[i] = lineIsShown(i) ? 1 : 0;
  ++state.version;
}

function faultIsShown(fault) {
  return state.faults && (fault.hosts.length === 0 || fault.hosts.some(host => state.hosts[host]));
}

// Packets and lines that are not followed while others are.
function packetIsDim(i) {
  const following = state.following;
  if (!following) return false;
  return following.what === 'stream' ? packets.flow[i] !== following.flow : !following.members.has(i);
}

function lineIsDim(i) {
  const following = state.following;
  return Boolean(following) && (following.what !== 'stream' || lines.flow[i] !== following.flow);
}

// The same bytes, SYN or datagram on their way again: those that overlap with the packet.
function sameMessage(a, b) {
  if (packets.flow[a] !== packets.flow[b] || packets.source[a] !== packets.source[b]) return false;
  if (packets.destination[a] !== packets.destination[b]) return false;
  if ((packets.bits[a] & 3) !== 0) return packets.sequence[a] === packets.sequence[b];
  if ((packets.bits[a] ^ packets.bits[b]) & (bit.syn | bit.rst)) return false;
  const end = i => packets.sequence[i] + Math.max(1, packets.payload[i] + (packets.bits[i] & bit.fin ? 1 : 0));
  const empty = i => packets.payload[i] === 0 && !(packets.bits[i] & bit.fin);
  if (empty(a) !== empty(b)) return false;
  if (empty(a) && packets.acknowledged[a] !== packets.acknowledged[b]) return false;
  return packets.sequence[a] < end(b) && packets.sequence[b] < end(a);
}

function followMessage(packet) {
  const members = new Set();
  for (let i = 0; i < packets.count; ++i) if (sameMessage(packet, i)) members.add(i);
  state.following = { what: 'message', flow: packets.flow[packet], members };
}

function followStream(flow) {
  state.following = { what: 'stream', flow, members: new Set() };
  for (let i = 0; i < packets.count; ++i) if (packets.flow[i] === flow) state.following.members.add(i);
}

function timeOf(item) {
  if (item.type === 'packet') return packets.at[item.index];
  if (item.type === 'line') return lines.at[item.index];
  if (item.type === 'violation') return data.violation.at;
  return data.faults[item.index].from;
}

function isSelected(type, index) {
  return state.selected !== null && state.selected.type === type && state.selected.index === index;
}
