/** Examples of the past that join mini-batches, so that what came first is not forgotten. */
package io.millrace.trainer.replay;
