/** Cuts mini-batches of examples and texts out of polled records. */
package io.millrace.trainer.batch;
