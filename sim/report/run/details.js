// The panel about what is selected, and the way along: following a message or a stream.

function select(item, { move = false } = {}) {
  state.selected = item;
  if (item && move && !isInView(timeOf(item))) showTime(timeOf(item));
  showDetails();
  markStory();
  writeAddress();
  redraw();
}

function endpointText(number) {
  return packets.endpoints[number];
}

function packetFields(i) {
  const tcp = (packets.bits[i] & 3) === 0;
  const fields = [
    ['Packet', `${packetKinds[packets.kind[i]]}${tcp ? ` (TCP ${flagsText(i) || 'no flags'})` : ''}`],
    ['From', `${hosts[packets.from[i]].name} ${endpointText(packets.source[i])}`],
    ['To', `${hosts[packets.to[i]].name} ${endpointText(packets.destination[i])}`],
    ['Sent', `${timeText(packets.at[i])}, event ${packets.event[i]}`],
  ];
  if (packets.fate[i] === Fate.underWay) fields.push(['Fate', fateText(i)]);
  else fields.push([packets.fate[i] === Fate.lost ? 'Lost' : 'Arrived',
                    `${timeText(packets.ended[i])}, event ${packets.endedEvent[i]}, after ${durationText(packets.ended[i] - packets.at[i])}`]);
  const remarks = [];
  if (packets.bits[i] & bit.again) remarks.push('retransmission');
  if (packets.bits[i] & bit.duplicate) remarks.push('made by the network as a duplicate');
  if (packets.bits[i] & bit.refuses) remarks.push('refuses a connect');
  if (remarks.length > 0) fields.push(['Remarks', remarks.join(', ')]);
  fields.push(['Bytes', `${packets.payload[i]} of payload, ${packets.wire[i]} on the wire`]);
  if (tcp) {
    fields.push(['Offset', String(packets.sequence[i])], ['Acknowledges', String(packets.acknowledged[i])],
                ['Window', `${packets.window[i]} bytes`], ['Stream', String(packets.flow[i])]);
  } else {
    fields.push(['Datagram', `${packets.sequence[i]} of its socket`]);
    if (packets.window[i] > 1) fields.push(['Fragment', `${packets.acknowledged[i] + 1} of ${packets.window[i]}`]);
  }
  return fields;
}

function lineFields(i) {
  const fields = [['Line', data.line_kinds[lines.kind[i]] + (lines.kind[i] === logKind ? `, ${levels[lines.level[i]]}` : '')],
                  ['At', `${timeText(lines.at[i])}, after event ${lines.event[i]}`]];
  if (lines.process[i] >= 0) fields.push(['By', `${processName(i)} on ${hosts[lines.host[i]].name}`]);
  fields.push(['Text', lines.text[i]]);
  if (lines.flow[i] >= 0) fields.push(['Stream', String(lines.flow[i])]);
  return fields;
}

function faultFields(index) {
  const fault = data.faults[index];
  const fields = [['Fault', fault.kind], ['Text', fault.text], ['From', timeText(fault.from)]];
  if (fault.until > fault.from) fields.push(['Until', `${timeText(fault.until)}, ${durationText(fault.until - fault.from)} later`]);
  if (fault.hosts.length > 0) fields.push(['Hosts', fault.hosts.map(host => hosts[host].name).join(', ')]);
  return fields;
}

function violationFields() {
  const { invariant, at, detail } = data.violation;
  return [['Broke', invariant], ['At', timeText(at)], ['Detail', detail]];
}

function fieldsOf(item) {
  if (item.type === 'packet') return packetFields(item.index);
  if (item.type === 'line') return lineFields(item.index);
  if (item.type === 'violation') return violationFields();
  return faultFields(item.index);
}

function button(text, action) {
  const made = element('button', '', text);
  made.type = 'button';
  made.addEventListener('click', action);
  return made;
}

function follow(make) {
  make();
  changed();
}

function stopFollowing() {
  state.following = null;
  changed();
}

function actionsOf(item) {
  const made = [];
  if (item.type === 'packet') {
    made.push(button('Follow message', () => follow(() => followMessage(item.index))));
    made.push(button((packets.bits[item.index] & 3) === 0 ? 'Follow stream' : 'Follow socket',
                     () => follow(() => followStream(packets.flow[item.index]))));
  }
  if (item.type === 'line' && lines.flow[item.index] >= 0) {
    made.push(button('Follow stream', () => follow(() => followStream(lines.flow[item.index]))));
  }
  made.push(button('Centre', () => showTime(timeOf(item))));
  return made;
}

function followText() {
  const { what, members } = state.following;
  return what === 'stream' ? `Following one stream: ${grouped(members.size)} packets`
                           : `Following one message: sent ${members.size === 1 ? 'once' : grouped(members.size) + ' times'}`;
}

function showDetails() {
  const panel = byId('details');
  panel.replaceChildren();
  if (state.following) {
    const bar = element('div', 'following', followText());
    bar.append(button('Stop following', stopFollowing));
    panel.append(bar);
  }
  if (state.selected) {
    const list = element('dl');
    for (const [name, value] of fieldsOf(state.selected)) list.append(element('dt', '', name), element('dd', '', value));
    const actions = element('div', 'actions');
    actions.append(...actionsOf(state.selected));
    panel.append(list, actions);
  } else {
    panel.append(element('p', 'hint', 'Click an arrow, a dot, a band or a line of the story for its details.'));
  }
}
