/** The meters of a process, and where it offers them. */
@NullMarked
package io.millrace.app.metrics;

import org.jspecify.annotations.NullMarked;
