/** Offsets to mini-batches to objective to optimizer step to checkpoint to event. */
package io.millrace.trainer;
