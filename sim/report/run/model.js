// The recording, as the page's data has it, in columns that are quick to go over.

const packetKinds = ['SYN', 'data', 'ACK', 'FIN', 'RST', 'datagram', 'ICMP'];
const levels = ['trace', 'debug', 'info', 'warn', 'error'];
const Fate = { underWay: 0, arrived: 1, lost: 2 };
const bit = { syn: 4, ack: 8, fin: 16, rst: 32, probe: 64, duplicate: 128, again: 256, refuses: 2048 };

function readData() {
  return JSON.parse(byId('data').textContent);
}

function kindOfPacket(bits, payload) {
  const protocol = bits & 3;
  if (protocol === 1) return 5;
  if (protocol === 2) return 6;
  if (bits & bit.rst) return 4;
  if (bits & bit.syn) return 0;
  if (bits & bit.fin) return 3;
  return payload > 0 ? 1 : 2;
}

// What was written as differences.
function summed(differences) {
  const sums = new Float64Array(differences.length);
  let sum = 0;
  for (let i = 0; i < sums.length; ++i) sums[i] = sum += differences[i];
  return sums;
}

function packetsOf(data) {
  const raw = data.packets;
  const count = raw.at ? raw.at.length : 0;
  const column = (name, Type) => Type.from(raw[name] ?? []);
  const packets = {
    count, endpoints: raw.endpoints,
    at: summed(raw.at ?? []), event: summed(raw.event ?? []),
    from: column('from', Uint32Array), to: column('to', Uint32Array),
    source: column('source', Uint32Array), destination: column('destination', Uint32Array),
    flow: column('flow', Uint32Array), bits: column('bits', Uint32Array),
    wire: column('wire', Uint32Array), payload: column('payload', Uint32Array),
    sequence: column('sequence', Float64Array), acknowledged: column('acknowledged', Float64Array),
    window: column('window', Float64Array),
    ended: new Float64Array(count), endedEvent: new Float64Array(count),
    kind: new Uint8Array(count), fate: new Uint8Array(count),
    latest: new Float64Array(count),  // end of any packet up to this one
  };
  let latest = 0;
  for (let i = 0; i < count; ++i) {
    packets.fate[i] = (packets.bits[i] >> 9) & 3;
    packets.kind[i] = kindOfPacket(packets.bits[i], packets.payload[i]);
    packets.ended[i] = packets.fate[i] === Fate.underWay ? data.end : packets.at[i] + raw.took[i];
    packets.endedEvent[i] = packets.event[i] + raw.later[i];
    packets.latest[i] = latest = Math.max(latest, packets.ended[i]);
  }
  return packets;
}

function linesOf(data) {
  const raw = data.lines;
  const count = raw.at.length;
  const refusal = data.line_kinds.indexOf('connect');
  const lines = {
    count, at: Float64Array.from(raw.at), event: Float64Array.from(raw.event),
    kind: Uint8Array.from(raw.kind), level: Uint8Array.from(raw.level),
    process: Int32Array.from(raw.process), flow: Int32Array.from(raw.flow),
    text: raw.text.map(number => raw.texts[number]),
    host: new Int32Array(count), refused: new Uint8Array(count),
  };
  for (let i = 0; i < count; ++i) {
    lines.host[i] = lines.process[i] < 0 ? -1 : data.processes[lines.process[i]].host;
    lines.refused[i] = lines.kind[i] === refusal && lines.text[i].endsWith('failed: connection_refused') ? 1 : 0;
  }
  return lines;
}

// When each process was up: [{process, from, until, killed}].
function livesOf(data, lines) {
  const kind = data.line_kinds.indexOf('process');
  const up = new Map();
  const lives = [];
  for (let i = 0; i < lines.count; ++i) {
    if (lines.kind[i] !== kind) continue;
    const process = lines.process[i];
    if (lines.text[i] === 'process started') {
      up.set(process, lines.at[i]);
    } else if (up.has(process)) {
      const killed = lines.text[i] === 'process killed';
      lives.push({ process, from: up.get(process), until: lines.at[i], killed, ended: true });
      up.delete(process);
    }
  }
  for (const [process, from] of up) lives.push({ process, from, until: data.end, killed: false, ended: false });
  return lives;
}

// The first place in a sorted column whose value is not below `value`.
const lowerBound = d3.bisectLeft;

const data = readData();
const packets = packetsOf(data);
const lines = linesOf(data);
const lives = livesOf(data, lines);
const hosts = data.hosts;
const runEnd = Math.max(data.end, 1);

function flagsText(i) {
  const bits = packets.bits[i];
  return ['syn', 'ack', 'fin', 'rst', 'probe'].filter(name => bits & bit[name]).join(' ').toUpperCase();
}

function fateText(i) {
  return ['under way when the run ended', 'arrived', 'lost'][packets.fate[i]];
}

function packetText(i) {
  const bits = packets.bits[i];
  const words = [hosts[packets.from[i]].name, '→', hosts[packets.to[i]].name, packetKinds[packets.kind[i]]];
  if (packets.payload[i] > 0) words.push(packets.payload[i] + ' bytes');
  if (bits & bit.again) words.push('retransmission');
  if (bits & bit.duplicate) words.push('duplicate');
  if (bits & bit.refuses) words.push('refused');
  if (packets.fate[i] !== Fate.arrived) words.push(packets.fate[i] === Fate.lost ? 'lost' : 'under way');
  return words.join(' ');
}

function processName(line) {
  return lines.process[line] < 0 ? '' : data.processes[lines.process[line]].name;
}

const counts = {
  arrows: packets.count,
  lost: packets.fate.filter(fate => fate === Fate.lost).length,
  arrived: packets.fate.filter(fate => fate === Fate.arrived).length,
  refused: lines.refused.filter(Boolean).length,
  retransmissions: packets.bits.filter(bits => bits & bit.again).length,
  duplicates: packets.bits.filter(bits => bits & bit.duplicate).length,
  lines: lines.count,
  faults: data.faults.length,
  trace: data.trace,
};
