// Keeps a page up to date.

const pause = 500; // milliseconds between two reads, at least
const slow = 2000; // milliseconds of a read after which the page waits longer

// watch calls read after changes of these kinds, such as state, while the page is shown. Several changes at a time cause
// one call. After a slow read the pause is ten times as long as the read.
export function watch({ onEvent, signal }, kinds, read) {
  let timer;
  let isReading = false;
  let isStale = false;
  let wait = pause;
  const run = async () => {
    timer = undefined;
    isReading = true;
    isStale = false;
    const start = performance.now();
    await read();
    const took = performance.now() - start;
    wait = took > slow ? took * 10 : pause;
    isReading = false;
    if (isStale) schedule();
  };
  const schedule = () => {
    isStale = true;
    if (!timer && !isReading && !signal.aborted) timer = setTimeout(run, wait);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  onEvent((event) => { if (event.kind === 'change' && kinds.includes(event.what)) schedule(); });
}
