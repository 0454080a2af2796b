// The pages of chromium.py in a headless Chromium. Runs as: chromium.mjs MODULES PAGES CHROMIUM

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test, after } from 'node:test';
import path from 'node:path';

const [modules, pages, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(path.join(path.resolve(modules), 'here.js'))('playwright-core');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
              '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });  // with an empty profile of its own
after(() => browser.close());

// Opens a page, does something there, and holds it to be quiet: no errors, no requests.
async function visit(name, hash, action, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  try {
    const page = await context.newPage();
    const complaints = [];
    page.on('console', message => complaints.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', error => complaints.push(`error: ${error.stack}`));
    page.on('dialog', dialog => complaints.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
    const address = `file://${pages}/${name}.html`;
    page.on('request', request => {
      if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address + hash);
    await page.waitForFunction(() => window.piccolo?.ready, null, { timeout: 60000 });
    const result = await action(page);
    assert.deepEqual(complaints, []);
    return result;
  } finally {
    await context.close();
  }
}

const settle = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
const spanOf = page => page.evaluate(() => piccolo.view.x.domain());
const selectedOf = page => page.evaluate(() => piccolo.state.selected);
const drawnOf = page => page.evaluate(() => ({ single: piccolo.drawn.single, inBins: piccolo.drawn.inBins, lost:
  piccolo.drawn.segments.reduce((sum, each) => sum + (each.bin ? each.bin.lost : 0), 0) }));

for (const name of ['held', 'broke', 'large']) {
  test(`${name}: the arrows are the packets of the trace`, () => visit(name, '', async page => {
    const counts = await page.evaluate(() => piccolo.counts);
    const kinds = counts.trace.kinds;
    assert.equal(counts.arrows, kinds.packet_sent + (kinds.packet_duplicated ?? 0));
    assert.equal(counts.lost, kinds.packet_lost);
    assert.equal(counts.arrived, kinds.packet_arrived);
    assert.equal(counts.refused, counts.trace.refused);
    await page.keyboard.press('0');
    await settle(page);
    const drawn = await drawnOf(page);
    assert.equal(drawn.single + drawn.inBins, counts.arrows);
    if (drawn.inBins > 0) assert.equal(drawn.lost, counts.lost);
    if (name === 'held') assert.ok(counts.lost > 0 && counts.refused > 0 && counts.retransmissions > 0);
  }));
}

test('each arrow is drawn, one by one, when the view is near', () => visit('broke', '#t=10s,11s', async page => {
  const [drawn, expected] = await page.evaluate(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    let at = 0, count = 0;
    data.packets.at.forEach((difference, i) => {
      at += difference;
      const underWay = ((data.packets.bits[i] >> 9) & 3) === 0;
      if (at <= 11e9 && (underWay ? data.end : at + data.packets.took[i]) >= 10e9) ++count;
    });
    return [piccolo.drawn.single, count];
  });
  assert.ok(expected > 0);
  assert.equal(drawn, expected);
}));

test('the first view of a run that broke has the violation, and v goes there again', () => visit('broke', '', async page => {
  const at = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).violation.at);
  const [from, until] = await spanOf(page);
  assert.ok(from <= at && at <= until && until - from < 5e9);
  assert.ok(await page.locator('#violation').isVisible());
  assert.match(await page.locator('#violation').textContent(), /the lock moves on/);
  await page.evaluate(() => piccolo.showSpan(0, 1e9));
  await page.keyboard.press('v');
  const [again, end] = await spanOf(page);
  assert.ok(again <= at && at <= end);
  assert.equal((await selectedOf(page)).type, 'violation');
}));

test('search finds a log line, and the view goes there', () => visit('held', '', async page => {
  await page.evaluate(() => piccolo.showSpan(2e9, 2.2e9));
  await page.keyboard.press('/');
  await page.keyboard.type('Port [19919] taken');
  // Each letter searches anew, so the first hits are those of a word.
  await page.waitForFunction(() =>
    /Port \[19919\] taken/.test(document.querySelector('#story .row.selected .what')?.textContent));
  const selected = await selectedOf(page);
  assert.equal(selected.type, 'line');
  const text = await page.locator('#story .row.selected .what').textContent();
  assert.match(text, /Port \[19919\] taken/);
  const [from, until] = await spanOf(page);
  const time = Number((await page.locator('#story .row.selected .at').textContent()).replace('s', '')) * 1e9;
  assert.ok(from <= time && time <= until);
  const first = await page.locator('#hits').textContent();
  await page.locator('#search').press('Escape');
  assert.equal(await page.locator('#hits').textContent(), '');
  assert.match(first, /^\d+ of \d+$/);
}));

test('n and N go from hit to hit', () => visit('held', '', async page => {
  await page.locator('#search').fill('connection_refused');
  await page.locator('#search').press('Enter');
  await page.locator('#search').blur();
  const first = await page.locator('#hits').textContent();
  await page.keyboard.press('n');
  assert.notEqual(await page.locator('#hits').textContent(), first);
  await page.keyboard.press('N');
  assert.equal(await page.locator('#hits').textContent(), first);
}));

test('filters hide hosts and kinds, and say so', () => visit('held', '', async page => {
  const before = await drawnOf(page);
  await page.locator('#kinds label', { hasText: 'ACK' }).locator('input').uncheck();
  await settle(page);
  const without = await drawnOf(page);
  assert.ok(without.inBins + without.single < before.inBins + before.single);
  await page.locator('#hosts label', { hasText: 'n3' }).locator('input').uncheck();
  await settle(page);
  assert.equal(await page.evaluate(() => piccolo.view.lanes.length), 4);
  assert.match(await page.locator('#status').textContent(), /hidden by the filter/);
  const expected = await page.evaluate(() => {
    const { from, to, payload, bits } = JSON.parse(document.getElementById('data').textContent).packets;
    const isAck = i => (bits[i] & 3) === 0 && (bits[i] & (4 | 16 | 32)) === 0 && payload[i] === 0;
    return from.filter((host, i) => host !== 2 && to[i] !== 2 && !isAck(i)).length;
  });
  const left = await drawnOf(page);
  assert.equal(left.inBins + left.single, expected);
}));

// The middle of an arrow that no other thing is near to.
const anArrow = page => page.evaluate(() => {
  const box = piccolo.view.canvas.getBoundingClientRect();
  const arrow = piccolo.drawn.segments.find(each => each.x1 > 300 && each.x2 < 700 && Math.abs(each.y2 - each.y1) > 60);
  const share = 0.31;
  return { index: arrow.index, x: box.left + arrow.x1 + share * (arrow.x2 - arrow.x1), y: box.top + arrow.y1 + share * (arrow.y2 - arrow.y1) };
});

test('a click selects an arrow, tells of it, and the address brings it back', () => visit('broke', '#t=30s,30.2s', async page => {
  const arrow = await anArrow(page);
  await page.mouse.move(arrow.x, arrow.y);
  assert.ok(await page.locator('#tip').isVisible());
  await page.mouse.click(arrow.x, arrow.y);
  const selected = await selectedOf(page);
  assert.equal(selected.type, 'packet');
  const details = await page.locator('#details').textContent();
  assert.match(details, /Acknowledges/);
  const hash = new URL(page.url()).hash;
  assert.match(hash, /^#e=\d+&t=/);
  const span = await spanOf(page);
  await page.reload();
  await page.waitForFunction(() => window.piccolo?.ready);
  assert.deepEqual(await selectedOf(page), selected);
  assert.deepEqual((await spanOf(page)).map(Math.round), span.map(Math.round));
  assert.equal(await page.locator('#details').textContent(), details);
}));

test('an address with nothing but an event goes there', () => visit('broke', '#e=4000', async page => {
  const { type, index } = await selectedOf(page);
  const [from, until] = await spanOf(page);
  const at = await page.evaluate(([type, index]) => {
    const data = JSON.parse(document.getElementById('data').textContent);
    if (type === 'line') return data.lines.at[index];
    return data.packets.at.slice(0, index + 1).reduce((sum, each) => sum + each, 0);
  }, [type, index]);
  assert.ok(from <= at && at <= until);
}));

test('a message and a stream can be followed', () => visit('broke', '#t=30s,30.2s', async page => {
  const arrow = await anArrow(page);
  await page.mouse.click(arrow.x, arrow.y);
  await page.locator('#details button', { hasText: 'Follow stream' }).click();
  const [flow, members] = await page.evaluate(() => [piccolo.state.following.flow, piccolo.state.following.members.size]);
  const expected = await page.evaluate(flow => JSON.parse(document.getElementById('data').textContent).packets.flow
    .filter(each => each === flow).length, flow);
  assert.equal(members, expected);
  assert.match(await page.locator('#details').textContent(), /Following one stream/);
  await page.locator('#details button', { hasText: 'Follow message' }).click();
  assert.equal(await page.evaluate(() => piccolo.state.following.what), 'message');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => piccolo.state.following), null);
}));

test('the retransmissions of a message are found', () => visit('held', '', async page => {
  const pair = await page.evaluate(() => {
    const { packets } = JSON.parse(document.getElementById('data').textContent);
    const again = packets.bits.findIndex((bits, i) => bits & 256 && packets.payload[i] > 0);
    const first = packets.flow.findIndex((flow, i) => i < again && flow === packets.flow[again] &&
      packets.source[i] === packets.source[again] && packets.payload[i] > 0 && packets.sequence[i] <= packets.sequence[again] &&
      packets.sequence[again] < packets.sequence[i] + packets.payload[i]);
    return { again, first, event: packets.event.slice(0, again + 1).reduce((sum, each) => sum + each, 0) };
  });
  assert.ok(pair.first >= 0);
  await page.goto(page.url().split('#')[0] + '#e=' + pair.event);
  assert.deepEqual(await selectedOf(page), { type: 'packet', index: pair.again });
  await page.keyboard.press('m');
  assert.ok(await page.evaluate(({ first, again }) => [first, again].every(i => piccolo.state.following.members.has(i)), pair));
}));

test('the keyboard pans, zooms and helps', () => visit('held', '#t=10s,20s', async page => {
  await page.keyboard.press('ArrowRight');
  assert.ok(Math.abs((await spanOf(page))[0] - 12e9) < 1e7);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('+');
  const [from, until] = await spanOf(page);
  assert.ok(until - from < 7e9);
  await page.keyboard.press('-');
  await page.keyboard.press('ArrowDown');
  assert.equal((await selectedOf(page)).type, 'line');
  await page.keyboard.press('Escape');
  assert.equal(await selectedOf(page), null);
  await page.keyboard.press('0');
  assert.equal((await spanOf(page))[0], 0);
  await page.keyboard.press('?');
  assert.ok(await page.locator('#help').isVisible());
  await page.keyboard.press('Escape');
  assert.ok(!await page.locator('#help').isVisible());
}));

test('the mouse zooms, pans, and drags the part in view', () => visit('held', '#t=10s,20s', async page => {
  const width = async () => (await spanOf(page)).reduce((from, until) => until - from);
  await page.mouse.move(500, 500);
  await page.mouse.wheel(0, -300);
  await page.waitForFunction(() => piccolo.view.x.domain()[1] - piccolo.view.x.domain()[0] < 9e9);
  const [before] = await spanOf(page);
  const zoomed = await width();
  await page.mouse.down();
  await page.mouse.move(400, 500, { steps: 5 });
  await page.mouse.up();
  assert.ok((await spanOf(page))[0] > before);
  assert.ok(Math.abs(await width() - zoomed) < zoomed / 1e6);
  const brush = await page.locator('#overview-brush .selection').boundingBox();
  const middle = { x: brush.x + brush.width / 2, y: brush.y + brush.height / 2 };
  const [earlier] = await spanOf(page);
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 200, middle.y, { steps: 5 });
  await page.mouse.up();
  assert.ok((await spanOf(page))[0] > earlier + 1e10);
  assert.ok(Math.abs(await width() - zoomed) < zoomed / 100);
}));

// The share of the canvas's pixels that are not its most frequent colour, and how light that one is.
async function look(page) {
  const colours = await page.evaluate(() => {
    const { canvas } = piccolo.view;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const found = new Map();
    for (const pixel of pixels) found.set(pixel, (found.get(pixel) ?? 0) + 1);
    const most = Math.max(...found.values());
    return { drawn: 1 - most / pixels.length, colours: found.size };
  });
  const paper = await page.evaluate(() => getComputedStyle(document.querySelector('.picture')).backgroundColor);
  return { ...colours, light: paper.match(/\d+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0) / 765 };
}

for (const colorScheme of ['light', 'dark']) {
  test(`${colorScheme}: the picture is not blank, and the switch turns it over`, () => visit('broke', '', async page => {
    const first = await look(page);
    assert.ok(first.drawn > 0.02 && first.colours > 50, JSON.stringify(first));
    assert.equal(first.light > 0.5, colorScheme === 'light');
    await page.locator('#theme').click();
    await settle(page);
    const second = await look(page);
    assert.ok(second.drawn > 0.02);
    assert.equal(second.light > 0.5, colorScheme !== 'light');
  }, { colorScheme }));
}

test('printed, it is light and has the story of the view', () => visit('broke', '#t=10s,11s', async page => {
  await page.emulateMedia({ media: 'print' });
  await settle(page);
  const rows = await page.locator('#print-story tr').count();
  const expected = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).lines.at
    .filter(at => 10e9 <= at && at <= 11e9).length);
  assert.ok(expected > 0);
  assert.equal(rows, expected);
  assert.ok(await page.locator('#print-story').isVisible());
  assert.ok(!await page.locator('.tools').isVisible());
  assert.ok((await look(page)).light > 0.9);
}, { colorScheme: 'dark' }));

for (const name of ['intruder', 'intruders']) {
  test(`${name}: what programs say is text`, () => visit(name, '', async page => {
    assert.equal(await page.evaluate(() => window.intruded), undefined);
    assert.equal(await page.locator('img').count(), 0);
    assert.ok((await page.locator('body').textContent()).includes('<script>alert(2)</script>'));
    if (name === 'intruders') return;
    assert.match(await page.locator('#hosts').textContent(), /<script>alert\(1\)<\/script>/);
    await page.locator('#search').fill('window.intruded=1');
    await page.locator('#search').press('Enter');
    assert.match(await page.locator('#details').textContent(), /<img src=x onerror=intruded=1>/);
  }));
}

test('the campaign page has the groups, the charts and their numbers', () => visit('campaign', '', async page => {
  const { report, positions, steps } = await page.evaluate(() => ({ report: piccolo.report,
    positions: piccolo.found.position, steps: piccolo.charts[0].data.datasets[0].data }));
  assert.ok(report.failed > 0);
  assert.equal(positions.length, report.failed);
  const found = positions.map((position, index) => ({ x: position, y: index + 1 }));
  assert.deepEqual(steps, [{ x: 0, y: 0 }, ...found, { x: report.seeds, y: report.failed }]);
  assert.equal(await page.locator('.group').count(), report.failures.length);
  assert.match(await page.locator('.group code').first().textContent(), new RegExp(`replay ${report.failures[0].quickest} `));
  assert.equal(await page.locator('#bites-table tr.never').count(), report.never_bit.length);
  for (const id of ['detection-chart', 'bites-chart']) {
    const colours = await page.evaluate(id => {
      const canvas = document.getElementById(id);
      return new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
    }, id);
    assert.ok(colours > 10, id);
  }
  await page.locator('#theme').click();
}));

test('a pan over 100,000 events is smooth', () => visit('large', '', async page => {
  const figures = await page.evaluate(async () => {
    const end = piccolo.view.base.domain()[1];
    const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];
    const found = [];
    for (const share of [0.5, 0.1, 0.02, 0.004]) {
      const frames = [];
      let last = 0;
      piccolo.frames.length = 0;
      for (let step = 0; step < 50; ++step) {
        piccolo.showSpan(end * (0.1 + step * share * 0.02), end * (0.1 + share + step * share * 0.02));
        await new Promise(done => requestAnimationFrame(now => {
          if (last > 0) frames.push(now - last);
          last = now;
          done();
        }));
      }
      found.push({ share, frame: median(frames), draw: median(piccolo.frames) });
    }
    return { events: piccolo.counts.trace.events, packets: piccolo.counts.arrows, found };
  });
  console.log(`${figures.events} events, ${figures.packets} packets; median ms of a frame, and of drawing it: ` +
    figures.found.map(each => `${each.share * 100} % in view ${each.frame.toFixed(1)}, ${each.draw.toFixed(1)}`).join('; '));
  assert.ok(figures.events >= 100000);
  for (const { frame } of figures.found) assert.ok(frame < 500);
}));
