/** Scores of a model on probe sets, each with its formula. */
package io.millrace.evaluator.score;
