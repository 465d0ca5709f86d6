/** Replays earlier examples in new mini-batches, against forgetting. */
@NullMarked
package io.millrace.trainer.replay;

import org.jspecify.annotations.NullMarked;
