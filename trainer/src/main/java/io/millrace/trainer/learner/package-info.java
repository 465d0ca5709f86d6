/** Applies training steps to a model; knows nothing of Kafka. */
package io.millrace.trainer.learner;
