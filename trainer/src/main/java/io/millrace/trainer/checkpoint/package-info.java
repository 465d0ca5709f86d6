/** Checkpoints: written atomically, announced with their offsets, found again. */
package io.millrace.trainer.checkpoint;
