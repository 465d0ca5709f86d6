/** Follows the models of a task: reads {@code model-updates}, verifies what it names, and swaps the model that is served. */
@NullMarked
package io.millrace.schemas.follow;

import org.jspecify.annotations.NullMarked;
