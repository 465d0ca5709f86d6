/** Examples of the past that join mini-batches, so that what came first is not forgotten. */
@NullMarked
package io.millrace.trainer.replay;

import org.jspecify.annotations.NullMarked;
