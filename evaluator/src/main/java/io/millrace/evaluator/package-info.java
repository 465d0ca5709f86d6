/** From checkpoint to probe scores, drift, verdict and model update. */
@NullMarked
package io.millrace.evaluator;

import org.jspecify.annotations.NullMarked;
