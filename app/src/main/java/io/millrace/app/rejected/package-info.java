/** Rejected records as the console shows them. */
@NullMarked
package io.millrace.app.rejected;

import org.jspecify.annotations.NullMarked;
