/** The objective: one class per term, each with its formula. */
@NullMarked
package io.millrace.trainer.objective;

import org.jspecify.annotations.NullMarked;
