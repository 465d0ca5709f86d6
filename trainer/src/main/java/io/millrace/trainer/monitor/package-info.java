/** Watches what training does: test-then-train accuracy, loss spikes, constant answers, truncated texts. */
@NullMarked
package io.millrace.trainer.monitor;

import org.jspecify.annotations.NullMarked;
