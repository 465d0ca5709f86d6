/** The state that is folded from topics: probe sets, and each task's history and drift. */
@NullMarked
package io.millrace.evaluator.state;

import org.jspecify.annotations.NullMarked;
