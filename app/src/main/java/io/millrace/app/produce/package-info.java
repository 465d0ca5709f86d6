/** Writes examples and probe sets to their topics. */
@NullMarked
package io.millrace.app.produce;

import org.jspecify.annotations.NullMarked;
