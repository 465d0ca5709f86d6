/** Watches what training does: loss spikes, constant answers, truncated texts. */
@NullMarked
package io.millrace.trainer.monitor;

import org.jspecify.annotations.NullMarked;
