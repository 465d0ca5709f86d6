/** The mathematics of probe scores: pure functions, no Kafka, no native code. */
package io.millrace.evaluator.score;
