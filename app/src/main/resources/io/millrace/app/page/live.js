const RETRY_MS = 3000;
const POLL_MS = 5000;

/** Fetches JSON; the error of a failed request is the server's own sentence. */
export async function getJson(address, options = {}) {
  const response = await fetch(address, { cache: 'no-store', ...options });
  const body = await response.json().catch(() => ({ error: `the answer was ${response.status}` }));
  if (!response.ok) throw new Error(body.error ?? `the answer was ${response.status}`);
  return body;
}

/**
 * Calls refresh whenever the process has changed: one refresh at a time, and none while nobody looks at the page.
 * The browser reconnects by itself; if the process has no room for another listener, the page asks now and then.
 */
export function follow(refresh, tell) {
  let wanted = false;
  let running = false;
  let source = null;
  let polling = null;

  async function run() {
    wanted = true;
    if (running || document.hidden) return;
    running = true;
    while (wanted && !document.hidden) {
      wanted = false;
      try {
        await refresh();
        tell(polling ? 'asking' : 'live');
      } catch (problem) {
        tell('gone', problem.message);
      }
    }
    running = false;
  }

  function open() {
    source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      clearInterval(polling);
      polling = null;
      run();
    });
    source.addEventListener('change', run);
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) {
        polling ??= setInterval(run, POLL_MS);
        setTimeout(open, RETRY_MS * 4);
      } else {
        tell('gone');
      }
    });
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) run();
  });
  open();
  run();
  return run;
}
