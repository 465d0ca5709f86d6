/** Applies training steps to a model; knows nothing of Kafka. */
@NullMarked
package io.millrace.trainer.learner;

import org.jspecify.annotations.NullMarked;
