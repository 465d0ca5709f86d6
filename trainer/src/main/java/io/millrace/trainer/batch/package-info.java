/** Cuts mini-batches of examples and texts out of polled records. */
@NullMarked
package io.millrace.trainer.batch;

import org.jspecify.annotations.NullMarked;
