/** Watches what training does: test-then-train accuracy, loss spikes, constant answers, truncated texts. */
package io.millrace.trainer.monitor;
