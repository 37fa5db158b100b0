// Read by the page before the framework starts.

// anywidget gives up on a widget that has not started within two seconds, and the page stays without it. A machine
// that is busy may take longer, which is no fault.
const ANYWIDGET_PATIENCE = 2_000; // ms
const PATIENCE = 120_000; // ms
const timeoutOf = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (time) => timeoutOf(time === ANYWIDGET_PATIENCE ? PATIENCE : time);
