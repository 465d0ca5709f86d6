/** Checkpoints: written atomically, announced with their offsets, read back, and deleted when no longer needed. */
@NullMarked
package io.millrace.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
