// Times are nanoseconds since the start of the run.

function timeText(ns, step = 1) {
  const digits = Math.max(0, Math.min(9, Math.ceil(9 - Math.log10(step))));
  const text = (ns / 1e9).toFixed(digits);
  return (digits > 0 && step === 1 ? text.replace(/\.?0+$/, '') : text) + 's';
}

function durationText(ns) {
  if (ns >= 600e9) return grouped(ns / 1e9) + ' s';
  if (ns >= 1e9) return +(ns / 1e9).toFixed(3) + ' s';
  if (ns >= 1e6) return +(ns / 1e6).toFixed(3) + ' ms';
  if (ns >= 1e3) return +(ns / 1e3).toFixed(3) + ' µs';
  return ns + ' ns';
}

// "1.2s", "350ms"; undefined when it is no time.
function parseTime(text) {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(s|ms|us|ns)\s*$/.exec(text);
  const units = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 };
  return found ? Math.round(Number(found[1]) * units[found[2]]) : undefined;
}

function grouped(number) {
  return Math.round(number).toLocaleString('en-US');
}
