/** Checkpoint to probe scores to drift to verdict to model-update event. */
package io.millrace.evaluator;
