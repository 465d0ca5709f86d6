/** What is minimised: one class a term, each with its formula. */
@NullMarked
package io.millrace.trainer.objective;

import org.jspecify.annotations.NullMarked;
