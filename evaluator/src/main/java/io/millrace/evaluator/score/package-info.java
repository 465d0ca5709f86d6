/** Scores of a model on probe sets, each with its formula. */
@NullMarked
package io.millrace.evaluator.score;

import org.jspecify.annotations.NullMarked;
