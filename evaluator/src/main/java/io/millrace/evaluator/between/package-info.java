/** What differs between two models, and along the history of a task. */
@NullMarked
package io.millrace.evaluator.between;

import org.jspecify.annotations.NullMarked;
