// A campaign: what failed, what was exercised, how soon it was found.

const data = JSON.parse(byId('data').textContent);
const report = data.report;
const charts = [];

function percent(share) {
  return share > 0 && share < 0.001 ? '< 0.1 %' : (share * 100).toFixed(1) + ' %';
}

function fillHead() {
  const broke = report.failed > 0;
  document.title = `${report.world}: ${broke ? report.failed + ' seeds broke' : 'all seeds held'}`;
  byId('world').textContent = report.world;
  byId('seeds').textContent = `seeds ${report.first_seed} to ${report.last_seed}`;
  byId('verdict').className = 'verdict ' + (broke ? 'broke' : 'held');
  byId('verdict').textContent = broke ? `${grouped(report.failed)} of ${grouped(report.seeds)} seeds broke`
                                      : `all ${grouped(report.seeds)} seeds held`;
  const facts = [`${grouped(report.seeds)} of ${grouped(report.seeds_planned)} seeds run`, endText(),
                 `${durationText(report.wall_ns)} of real time`, `${durationText(report.virtual_ns)} of virtual time`,
                 `${grouped(report.events)} events`];
  if (report.shards > 1) facts.unshift(`shard ${report.shard} of ${report.shards}`);
  byId('facts').textContent = facts.join(' · ');
  byId('flags').textContent = `${report.program} sim ${report.flags}`;
}

function endText() {
  return { all_seeds: 'to the end', failures_max: 'stopped at so many failures', time_budget: 'until the time was over',
           interrupted: 'interrupted', hang: 'ended by a run that hung' }[report.end];
}

function copyButton(text) {
  const made = element('button', '', 'Copy');
  made.type = 'button';
  made.addEventListener('click', () => {
    navigator.clipboard?.writeText(text).then(() => { made.textContent = 'Copied'; }, () => { made.textContent = 'Select it'; });
  });
  return made;
}

function meter(share) {
  const made = element('div', 'meter');
  const bar = element('div');
  bar.style.width = Math.max(share > 0 ? 2 : 0, share * 100) + '%';
  made.append(bar);
  return made;
}

function groupOf(group) {
  const made = element('div', 'group');
  const first = group.examples[0];
  const share = element('div', 'share');
  share.append(meter(group.seeds / report.seeds),
               element('span', '', `${grouped(group.seeds)} ${group.seeds === 1 ? 'seed' : 'seeds'} (${percent(group.seeds / report.seeds)}): ` +
                       group.examples.map(each => each.seed).join(' ') + (group.seeds > group.examples.length ? ' …' : '')));
  const quickest = group.examples.find(each => each.seed === group.quickest) ?? null;
  share.append(element('span', '', `quickest: seed ${group.quickest}` + (quickest ? ` (${grouped(quickest.events)} events)` : '')));
  const at = element('p', 'detail', `${timeText(first.virtual_time_ns)}, seed ${first.seed}: ${first.detail}`);
  const command = element('div', 'command');
  const replay = quickest ? quickest.replay : first.replay.replace(`replay ${first.seed} `, `replay ${group.quickest} `);
  command.append(element('code', '', replay), copyButton(replay));
  made.append(element('h3', '', first.invariant), element('div', 'hint', group.signature), share, at, command);
  return made;
}

function fillFailures() {
  byId('failures-count').textContent = report.failures.length === 0 ? '' : `in ${report.failures.length} ${report.failures.length === 1 ? 'group' : 'groups'}`;
  const box = byId('groups');
  if (report.failures.length === 0) box.append(element('p', 'ok', 'None: every invariant held in every seed that was run.'));
  for (const group of [...report.failures].sort((a, b) => b.seeds - a.seeds)) box.append(groupOf(group));
}

function tableRow(table, cells, className = '') {
  const row = table.insertRow();
  row.className = className;
  for (const cell of cells) {
    const made = row.insertCell();
    if (cell instanceof Node) made.append(cell);
    else made.textContent = typeof cell === 'number' ? grouped(cell) : cell;
    if (typeof cell === 'number') made.className = 'number';
  }
}

function tableHead(table, names) {
  const row = table.createTHead().insertRow();
  for (const name of names) {
    const made = element('th', name.startsWith('#') ? 'number' : '', name.replace('#', ''));
    made.scope = 'col';
    row.append(made);
  }
  table.createTBody();
}

function fillSometimes() {
  const table = byId('sometimes-table');
  const names = Object.entries(report.sometimes);
  byId('sometimes-note').textContent = names.length === 0 ? 'The world asks for none.'
    : `${names.filter(([, count]) => count > 0).length} of ${names.length} were seen. Share: of the seeds that were run.`;
  if (names.length === 0) return;
  tableHead(table, ['what', '#seeds', 'share']);
  for (const [name, count] of names) {
    tableRow(table, [name, count, count > 0 ? meter(count / report.seeds) : 'never seen'], count > 0 ? '' : 'never');
  }
}

function fillBites() {
  const table = byId('bites-table');
  const never = new Set(report.never_bit);
  byId('bites-note').textContent = never.size === 0 ? 'Observed: a node or kernel saw it. Every kind that was enabled bit.'
    : `Observed: a node or kernel saw it. Never bit: ${[...never].join(', ')}.`;
  tableHead(table, ['kind', '#injected', '#observed', '']);
  for (const [kind, { injected, observed }] of Object.entries(report.faults)) {
    if (injected === 0 && observed === 0 && !never.has(kind)) continue;
    tableRow(table, [kind, injected, observed, never.has(kind) ? 'never bit' : ''], never.has(kind) ? 'never' : '');
  }
}

function fillBuggify() {
  const table = byId('buggify-table');
  const sites = Object.entries(report.buggify);
  byId('buggify-note').textContent = sites.length === 0 ? 'No program came to one.' : 'How often programs came to a site, and how often it fired.';
  if (sites.length === 0) return;
  tableHead(table, ['site', '#passed', '#fired']);
  for (const [site, { passed, fired }] of sites) tableRow(table, [site, passed, fired], fired === 0 ? 'never' : '');
}

function fillTotals() {
  const table = byId('totals-table');
  tableHead(table, ['what', '#count']);
  tableRow(table, ['seeds', report.seeds]);
  tableRow(table, ['seeds that failed', report.failed]);
  tableRow(table, ['events', report.events]);
  for (const [name, count] of Object.entries(report.counters)) tableRow(table, [name, count]);
  tableRow(table, ['fingerprint of all runs', report.fingerprint]);
}

// Failing seeds found over seeds run: all, and the largest groups. A step for each, thinned out.
function stepsOf(positions) {
  const every = Math.max(1, Math.floor(positions.length / 1000));
  const points = [{ x: 0, y: 0 }];
  positions.forEach((position, index) => {
    if (index % every === 0 || index === positions.length - 1) points.push({ x: position, y: index + 1 });
  });
  points.push({ x: report.seeds, y: positions.length });
  return points;
}

function lineOf(label, positions, name, width) {
  return { label, data: stepsOf(positions), stepped: 'before', borderWidth: width, pointRadius: positions.length > 60 ? 0 : 2, colourName: name };
}

function detectionLines() {
  const { position, group } = data.found;
  const made = [lineOf('all failures', position, 'ink', 2)];
  const groups = data.signatures.map((signature, index) => ({ signature, positions: position.filter((each, place) => group[place] === index) }));
  if (groups.length < 2) return made;
  groups.sort((a, b) => b.positions.length - a.positions.length);
  groups.slice(0, 6).forEach(({ signature, positions }, index) => {
    const label = signature.length > 60 ? signature.slice(0, 59) + '…' : signature;
    made.push(lineOf(label, positions, 'k' + [1, 5, 0, 3, 6, 4][index], 1.5));
  });
  return made;
}

function axisOf(title) {
  return { title: { display: true, text: title }, beginAtZero: true, ticks: { precision: 0 } };
}

function drawDetection() {
  const found = data.found.position;
  byId('detection-note').textContent = found.length === 0 ? `No failure in ${grouped(report.seeds)} seeds.`
    : `The first failure came with seed number ${grouped(found[0])} of the campaign; one in ${(report.seeds / found.length).toFixed(1)} seeds fails.`;
  charts.push(new Chart(byId('detection-chart'), {
    type: 'line', data: { datasets: detectionLines() },
    options: { animation: false, maintainAspectRatio: false, parsing: false, interaction: { mode: 'nearest', intersect: false },
               scales: { x: { type: 'linear', max: report.seeds, ...axisOf('seeds run') }, y: axisOf('failing seeds') } },
  }));
}

function drawBites() {
  const kinds = Object.entries(report.faults).filter(([kind, count]) => count.injected > 0 || report.never_bit.includes(kind));
  const bars = (label, key, name) => ({ label, data: kinds.map(([, count]) => count[key]), colourName: name });
  charts.push(new Chart(byId('bites-chart'), {
    type: 'bar', data: { labels: kinds.map(([kind]) => kind), datasets: [bars('injected', 'injected', 'k2'), bars('observed', 'observed', 'k1')] },
    options: { animation: false, maintainAspectRatio: false,
               scales: { x: { ticks: { autoSkip: false } }, y: { type: 'logarithmic', min: 0.5, title: { display: true, text: 'count, logarithmic' }, ticks: { callback: value => (Number.isInteger(Math.log10(value)) ? grouped(value) : '') } } } },
  }));
}

function paintCharts() {
  Chart.defaults.color = colour('muted');
  for (const chart of charts) {
    for (const set of chart.data.datasets) {
      set.borderColor = colour(set.colourName);
      set.backgroundColor = colour(set.colourName);
    }
    for (const scale of Object.values(chart.options.scales)) {
      scale.grid = { color: colour('lane') };
      scale.ticks.color = colour('muted');
      if (scale.title) scale.title.color = colour('muted');
    }
    chart.options.plugins.legend.labels.color = colour('ink');
    chart.update();
  }
}

fillHead();
fillFailures();
fillSometimes();
fillBites();
fillBuggify();
fillTotals();
drawDetection();
drawBites();
themes.listeners.push(paintCharts);
startThemes();
byId('print').addEventListener('click', () => window.print());
window.piccolo = { report, found: data.found, charts, ready: true };
