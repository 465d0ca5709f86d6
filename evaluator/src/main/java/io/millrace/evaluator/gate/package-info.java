/** Decides from numbers alone whether a checkpoint becomes the champion. */
@NullMarked
package io.millrace.evaluator.gate;

import org.jspecify.annotations.NullMarked;
